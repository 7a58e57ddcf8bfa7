"""Today's forms: one for each thing a phone call changes. Each passes its verb in `groups.listings`."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.leaving.closing import close_for_good
from groups.listings.choices import Capacity, ConfirmedBy, LocationVisibility, Stage, Status
from groups.listings.facts import GroupFacts, cancel_date, close_between, move_date
from groups.listings.models import GroupPage
from groups.listings.privacy import ChangeLocationVisibility, is_looser, may_loosen
from groups.listings.public import PublicSession
from groups.places.models import Venue
from groups.schedule.words import describe_date, describe_time

DATES_OFFERED = 6
VENUES_OFFERED = 300


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class Clock(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class TodayForm(forms.Form):
    """name: the form's own, in the address and in what is sent. heading and button: what people read."""

    name = ""
    heading: Any = ""
    button: Any = _("Save")
    done: Any = _("Saved. It shows at once.")
    introduction: Any = ""

    def __init__(
        self, data=None, *, page: GroupPage, facts: GroupFacts, sessions: Sequence[PublicSession], by
    ):
        super().__init__(data, prefix=self.name)
        self.page, self.facts, self.sessions, self.by = page, facts, sessions, by
        self.prepare()

    def prepare(self) -> None:
        """Fill in what the group's facts decide."""

    def save(self) -> None:
        raise NotImplementedError


class ConfirmForm(TodayForm):
    """One press. Editing never does this (`domain.md`, freshness rule 1)."""

    name = "confirm"
    heading = _("Is everything still right?")
    button = _("Everything is still right")
    done = _("Thank you. The page says that our staff checked it today.")
    introduction = _("Press this after you checked with the group: times, place, cost and contacts.")

    def save(self) -> None:
        self.facts.confirm(by=self.by, kind=ConfirmedBy.STAFF)


class StatusForm(TodayForm):
    name = "status"
    heading = _("Is it running?")

    status = forms.ChoiceField(label=_("Status"), choices=Status, widget=forms.RadioSelect)
    closed_on = forms.DateField(
        label=_("Closed on"),
        required=False,
        widget=Day,
        help_text=_("Only for a group that closed for good. It shows as closed for three months."),
    )

    def prepare(self) -> None:
        self.initial = {"status": self.facts.status, "closed_on": self.facts.closed_on}

    def save(self) -> None:
        status = self.cleaned_data["status"]
        if status == Status.CLOSED:
            on = self.cleaned_data["closed_on"] or timezone.localdate()
            if self.facts.status == Status.CLOSED:
                self.facts.close(by=self.by, on=on)
            else:
                close_for_good(self.page, by=self.by, on=on)
        else:
            self.facts.change(by=self.by, status=status, closed_on=None)


class SpaceForm(TodayForm):
    name = "space"
    heading = _("Has it space?")
    introduction = _("It counts from today. After 30 days it reads “not known” again.")

    capacity = forms.ChoiceField(label=_("Space"), choices=Capacity, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("More about space"),
        required=False,
        max_length=200,
        help_text=_("Such as Three places on Tuesdays."),
    )

    def prepare(self) -> None:
        self.initial = {"capacity": self.facts.capacity, "note": self.facts.capacity_note}

    def save(self) -> None:
        self.facts.set_capacity(self.cleaned_data["capacity"], by=self.by, note=self.cleaned_data["note"])


class PlaceForm(TodayForm):
    """Who may see where the group meets."""

    name = "place"
    heading = _("Who may see where it meets?")

    visibility = forms.ChoiceField(
        label=_("Who may see it"), choices=LocationVisibility, widget=forms.RadioSelect
    )
    sure = forms.BooleanField(
        label=_("Yes, remove the address for good"),
        required=False,
        help_text=_(
            "Only for “Hidden”. We take the address out of the page, its drafts and its history. It cannot be undone."
        ),
    )

    def prepare(self) -> None:
        self.initial = {"visibility": self.facts.location_visibility}
        if not may_loosen(self.by):
            self.introduction = gettext(
                "You can make the place harder to find. Only an admin can make it easier."
            )

    def clean(self):
        cleaned = super().clean() or {}
        wanted = cleaned.get("visibility")
        here = self.facts.location_visibility
        if not wanted:
            return cleaned
        if wanted == LocationVisibility.HIDDEN and here != wanted and not cleaned.get("sure"):
            self.add_error("sure", _("Tick this box if you want to remove the address for good."))
            return cleaned
        self.change = ChangeLocationVisibility(self.page, wanted, by=self.by)
        try:
            self.change.check()
        except ValidationError as error:
            self.add_error("visibility", error)
        if (
            wanted != LocationVisibility.PUBLIC
            and not self.page.area_name
            and not is_looser(wanted, here)
            and wanted != here
        ):
            self.add_error(
                "visibility",
                _("Name the area first, under When and where. People see it instead of the place."),
            )
        return cleaned

    def save(self) -> None:
        self.change.execute()


class StageForm(TodayForm):
    name = "stage"
    heading = _("How far is it?")
    introduction = _("It says what was checked. It never says that a group is approved or safe.")

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What was checked, by whom"),
        required=False,
        max_length=200,
        help_text=_("For a quality mark: its name and its end date."),
    )

    def prepare(self) -> None:
        self.initial = {"stage": self.facts.stage, "note": self.facts.stage_note}

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("stage") == Stage.QUALITY and not cleaned.get("note"):
            self.add_error("note", _("Name the quality mark, and the day it ends."))
        return cleaned

    def save(self) -> None:
        self.facts.change(by=self.by, stage=self.cleaned_data["stage"], stage_note=self.cleaned_data["note"])


class DateForm(TodayForm):
    """One date of one session, off or moved."""

    name = "date"
    heading = _("Cancel or move a date")

    which = forms.ChoiceField(
        label=_("Which date"),
        error_messages={"required": _("Choose a date."), "invalid_choice": _("Choose a date.")},
    )
    what = forms.ChoiceField(
        label=_("What happens"),
        choices=[("cancel", _("It is cancelled")), ("move", _("It moves"))],
        widget=forms.RadioSelect,
        initial="cancel",
    )
    to_date = forms.DateField(
        label=_("New date"), required=False, widget=Day, help_text=_("Only if it moves.")
    )
    start = forms.TimeField(
        label=_("New start"), required=False, widget=Clock, help_text=_("Leave empty if the time stays.")
    )
    end = forms.TimeField(label=_("New end"), required=False, widget=Clock)
    venue = forms.CharField(
        label=_("New place"),
        required=False,
        widget=forms.TextInput(attrs={"list": "today-venues", "autocomplete": "off"}),
        help_text=_("Type the name of a venue. Leave empty if the place stays."),
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        help_text=_("People read this. Such as The hall is being painted."),
    )

    def prepare(self) -> None:
        today = timezone.localdate()
        cast(forms.ChoiceField, self.fields["which"]).choices = [
            ("", gettext("Choose a date")),
            *(
                (f"{session.uid} {meeting.date}", _date_words(session, meeting, today))
                for session in self.sessions
                for meeting in coming_dates(session)
            ),
        ]
        if self.facts.location_visibility != LocationVisibility.PUBLIC:
            del self.fields["venue"]

    @property
    def venues(self) -> list[str]:
        """Names to pick from, for browsers that show them."""
        return (
            [str(venue) for venue in Venue.objects.all()[:VENUES_OFFERED]] if "venue" in self.fields else []
        )

    def clean_venue(self) -> Venue | None:
        name = self.cleaned_data["venue"].strip()
        return _venue_named(name) if name else None

    def clean(self):
        cleaned = super().clean() or {}
        moves = cleaned.get("what") == "move"
        if moves and not any(cleaned.get(name) for name in ("to_date", "start", "venue")):
            self.add_error("to_date", _("Give the new date, time or place."))
        if cleaned.get("end") and not cleaned.get("start"):
            self.add_error("start", _("Give the new start as well."))
        if cleaned.get("to_date") and cleaned["to_date"] < timezone.localdate():
            self.add_error("to_date", _("This day is over. Give a day to come."))
        return cleaned

    def save(self) -> None:
        session_uid, day = self.cleaned_data["which"].split()
        session, usual = UUID(session_uid), date.fromisoformat(day)
        if self.cleaned_data["what"] == "cancel":
            cancel_date(self.page.uid, session, usual, by=self.by, reason=self.cleaned_data["reason"])
            return
        move_date(
            self.page.uid,
            session,
            usual,
            by=self.by,
            to_date=self.cleaned_data["to_date"] or usual,
            start=self.cleaned_data["start"],
            end=self.cleaned_data["end"],
            venue=self.cleaned_data.get("venue"),
            reason=self.cleaned_data["reason"],
        )


class ClosureForm(TodayForm):
    name = "closure"
    heading = _("Close for some days")

    session = forms.ChoiceField(label=_("What closes"), required=False)
    first_day = forms.DateField(
        label=_("First day"), widget=Day, error_messages={"required": _("Give the first day.")}
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=Day,
        help_text=_("This day is closed too."),
        error_messages={"required": _("Give the last day.")},
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=200, help_text=_("People read this."))

    def prepare(self) -> None:
        cast(forms.ChoiceField, self.fields["session"]).choices = [
            ("", gettext("The whole group")),
            *((session.uid, session_words(session)) for session in self.sessions),
        ]

    def clean(self):
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first. Check both."))
        return cleaned

    def save(self) -> None:
        values = self.cleaned_data
        close_between(
            self.page.uid,
            values["first_day"],
            values["last_day"],
            by=self.by,
            session_uid=UUID(values["session"]) if values["session"] else None,
            reason=values["reason"],
        )


FORMS: tuple[type[TodayForm], ...] = (
    ConfirmForm, SpaceForm, DateForm, ClosureForm, StatusForm, PlaceForm, StageForm,
)  # fmt: skip


def coming_dates(session: PublicSession) -> list:
    """The session's next usual dates that nobody has cancelled or moved yet."""
    from groups.schedule.occurrences import next_dates

    changed = {change.date for change in session.changes}
    meetings = next_dates(session.rule, timezone.now(), DATES_OFFERED + len(changed), terms=session.terms)
    return [meeting for meeting in meetings if meeting.date not in changed][:DATES_OFFERED]


def session_words(session: PublicSession) -> str:
    return f"{session.label}: {session.words}" if session.label else session.words


def _date_words(session: PublicSession, meeting, today) -> str:
    words = [describe_date(meeting.date, today), describe_time(session.rule.start, session.rule.end)]
    if session.label:
        words.append(session.label)
    return ", ".join(word for word in words if word)


def _venue_named(name: str) -> Venue:
    """The one venue of this name, or of this name and town.

    Raises:
        ValidationError: none, or several, with what to do.
    """
    first, _comma, town = name.rpartition(", ")
    exact = list(Venue.objects.filter(name__iexact=first, town__iexact=town)) if first else []
    found = exact or list(Venue.objects.filter(name__icontains=name)[:6])
    if not found:
        raise ValidationError(_("We have no venue of this name. Add it under Directory, Venues first."))
    if len(found) > 1:
        names = "; ".join(str(venue) for venue in found)
        raise ValidationError(
            _("Several venues have this name. Type one of: %(names)s."), params={"names": names}
        )
    return found[0]
