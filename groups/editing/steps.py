"""The topics of My group and their pages, in the order of a visitor's questions."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from groups.editing.forms import photos, rows, sessions, words
from groups.editing.forms.base import StepForm


@dataclass(frozen=True, slots=True)
class Step:
    """One page. slug: in its address. add: of a step for rows, the words of "Add one"; such a step is for one row."""

    slug: str
    heading: Any
    form: type[StepForm]
    add: Any = ""
    lead: Any = ""

    @property
    def is_for_rows(self) -> bool:
        return bool(self.add)


@dataclass(frozen=True, slots=True)
class Topic:
    """today: names of forms of `groups.editing.today`, whose facts are in no draft."""

    slug: str
    heading: Any
    steps: tuple[Step, ...] = ()
    today: tuple[str, ...] = ()


_OF_THE_PLACE = _("What we know of the place holds, until you say something else.")

TOPICS: tuple[Topic, ...] = (
    Topic(
        "what",
        _("What you do"),
        (
            Step("about", _("Your group in words"), words.AboutForm),
            Step("activities", _("What do people do?"), words.ActivitiesForm),
            Step("needs", _("What does it help with?"), words.NeedsForm),
            Step("run-by", _("Who runs it"), words.RunByForm),
        ),
    ),
    Topic(
        "who",
        _("Who it is for"),
        (
            Step("people", _("Who is it for?"), words.CircumstancesForm),
            Step("ages", _("Ages"), words.AgesForm),
            Step("languages", _("Which languages do you speak?"), words.LanguagesForm),
            Step("areas", _("Where may people live?"), rows.ServedAreaForm, add=_("Add an area")),
        ),
    ),
    Topic(
        "when",
        _("When and where"),
        (
            Step("sessions", _("When you meet"), sessions.SessionForm, add=_("Add a session")),
            Step("where", _("More about times and place"), words.WhereInWordsForm),
        ),
        today=("place",),
    ),
    Topic("cost", _("Cost and joining"), (Step("cost", _("Cost and joining"), words.CostForm),)),
    Topic(
        "access",
        _("Access"),
        (
            Step("arriving", _("Getting to the door"), rows.ArrivingForm, lead=_OF_THE_PLACE),
            Step("getting-in", _("Getting in"), rows.GettingInForm, lead=_OF_THE_PLACE),
            Step("toilets", _("Toilets"), rows.ToiletsForm, lead=_OF_THE_PLACE),
            Step("hearing", _("Hearing and reading"), rows.HearingForm),
            Step("comfort", _("Feeling all right"), rows.ComfortForm),
        ),
    ),
    Topic(
        "first-visit", _("First visit"), (Step("first-visit", _("The first visit"), words.FirstVisitForm),)
    ),
    Topic(
        "contacts",
        _("Contacts"),
        (
            Step("contacts", _("How people reach you"), rows.ContactForm, add=_("Add a contact")),
            Step("safety", _("Link workers and safety"), words.SafetyForm),
        ),
    ),
    Topic("photos", _("Photos"), (Step("photos", _("Photos"), photos.PhotoForm, add=_("Add a photo")),)),
    Topic("capacity", _("Space"), today=("space", "status")),
)

STEPS: dict[str, Step] = {step.slug: step for topic in TOPICS for step in topic.steps}

FOLLOWING = frozenset(
    {
        "area_latitude",
        "area_longitude",
    }
)
"""Fields of the page that nobody types: they follow `area_name`."""


def topic_of(slug: str) -> Topic:
    """The topic a page belongs to. Raises KeyError for a page there is none of."""
    for topic in TOPICS:
        if slug in topic.today or any(step.slug == slug for step in topic.steps):
            return topic
    raise KeyError(slug)
