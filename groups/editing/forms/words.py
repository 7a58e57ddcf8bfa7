"""Questions about the group itself: name, what it does, who runs it, who it is for, cost, first visit, safety."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.editing.forms.base import FieldsForm, StepForm
from groups.listings.choices import LocationVisibility
from groups.listings.models import GroupPage, GroupTag, TaggedGroup
from groups.listings.ticks import TermsByFamily
from groups.organisations.models import Organisation

MOST_TAGS = 10
TAG_LETTERS = 40


class AboutForm(FieldsForm):
    parts = ("title", "summary", "description")
    sentences = ("summary",)
    labels = {"title": _("Name of the group")}
    hints = {"title": ""}


class TermsForm(StepForm):
    """Terms to tick, under the names of their families. suggested: the part with terms that nobody has checked."""

    hint: Any = ""
    suggested = ""

    def prepare(self) -> None:
        name = self.parts[0]
        model_field: Any = GroupPage._meta.get_field(name)
        field = forms.ModelMultipleChoiceField(
            model_field.related_model.objects.all(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=str(model_field.verbose_name).capitalize(),
            help_text=self.hint,
        )
        field.iterator = TermsByFamily
        self.fields[name] = field
        self.initial[name] = [term.pk for term in getattr(self.page, name).all()]

    @property
    def suggestions(self) -> list[str]:
        """Names of terms read from the group's words, not ticked by anybody."""
        if not self.suggested:
            return []
        chosen = set(self.initial[self.parts[0]])
        return [term.label for term in getattr(self.page, self.suggested).all() if term.pk not in chosen]

    def put(self) -> None:
        setattr(self.page, self.parts[0], list(self.cleaned_data[self.parts[0]]))
        if self.suggested:
            setattr(self.page, self.suggested, [])  # the group has answered


class ActivitiesForm(TermsForm):
    parts = ("activities", "suggested_activities")
    suggested = "suggested_activities"
    hint = _("Tick what people do with you. Two or three are enough.")


class NeedsForm(TermsForm):
    parts = ("needs", "suggested_needs")
    suggested = "suggested_needs"
    hint = _("Tick what people come to you for.")


class CircumstancesForm(TermsForm):
    parts = ("circumstances",)
    hint = _("Tick nothing if anyone may come.")


class LanguagesForm(TermsForm):
    parts = ("languages",)
    hint = _("Tick each language that somebody in the group speaks.")


class RunByForm(StepForm):
    parts = ("organisation", "tagged_items")

    organisation = forms.CharField(
        label=_("Who runs it"),
        required=False,
        max_length=200,
        help_text=_("A charity, a club or a company. Leave it empty if you run it yourselves."),
    )
    tags = forms.CharField(
        label=_("Other words people may look for"),
        required=False,
        max_length=500,
        help_text=_("Put a comma between words, such as ukulele, open mic. At most 10."),
    )

    def prepare(self) -> None:
        self.initial = {
            "organisation": self.page.organisation.name if self.page.organisation else "",
            "tags": ", ".join(tag.name for tag in self.page.tags.all()),
        }

    def clean_tags(self) -> list[str]:
        words = [" ".join(word.split()) for word in self.cleaned_data["tags"].split(",")]
        words = list({word.casefold(): word for word in words if word}.values())
        if len(words) > MOST_TAGS:
            raise ValidationError(_("That is more than 10. Keep the ones that matter most."))
        if any(len(word) > TAG_LETTERS for word in words):
            raise ValidationError(_("One of these is very long. Put a comma between words."))
        return words

    def put(self) -> None:
        name = self.cleaned_data["organisation"].strip()
        now = self.page.organisation
        if not name:
            self.page.organisation = None
        elif now is None or now.name != name:
            found = Organisation.objects.filter(name__iexact=name).first()
            self.page.organisation = found or Organisation.objects.create(name=name)
        if ", ".join(tag.name for tag in self.page.tags.all()) != ", ".join(self.cleaned_data["tags"]):
            self.page.tagged_items = [
                TaggedGroup(tag=_tag(word), content_object=self.page) for word in self.cleaned_data["tags"]
            ]


def _tag(word: str) -> GroupTag:
    return GroupTag.objects.filter(name__iexact=word).first() or GroupTag.objects.create(name=word)


class AgesForm(FieldsForm):
    parts = ("age_min", "age_max", "gender", "children_young_people", "outdoors_nature")
    radios = ("gender",)
    labels = {
        "age_min": _("Youngest age"),
        "age_max": _("Oldest age"),
        "children_young_people": _("It is for children or young people"),
        "outdoors_nature": _("It is outdoors or in nature"),
    }
    hints = {
        "age_min": _("In years. Leave it empty if there is none."),
        "age_max": _("In years. Leave it empty if there is none."),
    }


class CostForm(FieldsForm):
    parts = ("cost_kind", "cost_amount", "cost_note", "joining_kind", "joining_note")
    radios = ("cost_kind", "joining_kind")
    sentences = ("cost_note", "joining_note")
    hints = {
        "cost_amount": _("Only if there is one price, such as 3 or 2.50."),
        "cost_note": _("Such as First visit free."),
        "joining_note": _("Such as Ring the week before."),
    }


class FirstVisitForm(FieldsForm):
    parts = ("first_visit_welcome", "bring_someone", "first_visit_note")
    radios = ("bring_someone",)
    labels = {"first_visit_welcome": _("Who meets somebody new?")}
    hints = {
        "first_visit_welcome": _("Such as Pat waits by the door, in a yellow scarf."),
        "first_visit_note": _("Such as Wear warm clothes. Tea is at 11."),
    }


class SafetyForm(FieldsForm):
    parts = ("accepts_referrals", "referral_how", "safeguarding_lead", "dbs_note")
    radios = ("accepts_referrals", "safeguarding_lead")
    sentences = ("referral_how", "dbs_note")
    labels = {
        "accepts_referrals": _("Can link workers send people to you?"),
        "referral_how": _("How do they send someone?"),
        "safeguarding_lead": _("Does somebody deal with worries about a person’s safety?"),
    }
    hints = {"dbs_note": _("Only if you have them. Such as Both leaders are checked.")}


class WhereInWordsForm(FieldsForm):
    parts = ("times_note", "area_name", "getting_there")
    sentences = ("getting_there",)
    hints = {
        "getting_there": _("Such as The 54 bus stops outside. Use the side door."),
        "times_note": _("Only what the sessions cannot say. Such as No meeting in exam weeks."),
    }

    def clean(self):
        cleaned = super().clean()
        if self.seen_by == LocationVisibility.HIDDEN and cleaned.get("getting_there"):
            self.add_error(
                "getting_there", _("Your place is hidden. Clear this box: the way there gives it away.")
            )
        unnamed = not cleaned.get("area_name") and "area_name" not in self.errors
        if self.seen_by != LocationVisibility.PUBLIC and unnamed:
            self.add_error("area_name", _("Name a town or village. People see it instead of the place."))
        return cleaned
