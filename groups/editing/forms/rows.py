"""Rows one by one: contacts, areas served. And access answers, a few features at a time."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.editing.forms.base import StepForm
from groups.listings.choices import (
    AccessFeature,
    Answer,
    ContactKind,
    ContactVisibility,
    LocationVisibility,
    Served,
)
from groups.listings.models import Contact, GroupAccess, ServedArea
from groups.rows import PageRow


class RowForm(StepForm):
    """One row with its model's own checks. names: the row's fields."""

    model: type[PageRow]
    names: tuple[str, ...] = ()

    def prepare(self) -> None:
        if row := self.found:
            self.initial = {name: getattr(row, name) for name in self.names}

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors:
            self.made = self.found or self.model(uid=self.row_uid)
            before = {name: getattr(self.made, name) for name in self.names}
            try:
                self._write(cleaned)
                self.made.clean()
                self.checked = {name: getattr(self.made, name) for name in self.kept_names}
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    self.add_error(name if name in self.fields else None, messages)
            finally:
                self._write(before)
        return cleaned

    @property
    def kept_names(self) -> tuple[str, ...]:
        """What `clean` of the model fills in, too."""
        return self.names

    def _write(self, values: dict[str, Any]) -> None:
        for name in self.names:
            setattr(self.made, name, values[name])

    def put(self) -> None:
        for name, value in self.checked.items():
            setattr(self.made, name, value)
        self.put_row(self.made)


class ContactForm(RowForm):
    parts = ("contacts",)
    relation = "contacts"
    model = Contact
    names = ("kind", "value", "label", "visibility")

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=ContactKind, widget=forms.RadioSelect, initial="phone"
    )
    value = forms.CharField(
        label=_("Number, e-mail or web address"),
        max_length=250,
        help_text=_("Use one of the group, not a private one, if you can."),
        error_messages={"required": _("Type the number or the address.")},
    )
    label = forms.CharField(
        label=_("Whose is it?"),
        max_length=100,
        required=False,
        help_text=_("Such as The organiser, or Bookings."),
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it?"), choices=ContactVisibility, widget=forms.RadioSelect, initial="public"
    )


class ServedAreaForm(RowForm):
    parts = ("served_areas",)
    relation = "served_areas"
    model = ServedArea
    names = ("kind", "place", "miles")

    kind = forms.ChoiceField(
        label=_("Where may people live?"), choices=Served, widget=forms.RadioSelect, initial="place"
    )
    place = forms.CharField(
        label=_("Which place?"),
        max_length=120,
        required=False,
        help_text=_("A town, a village, a postcode such as CM1, or a council area."),
    )
    miles = forms.DecimalField(
        label=_("How many miles around it?"),
        required=False,
        min_value=0.1,
        max_value=500,
        max_digits=5,
        decimal_places=1,
    )

    @property
    def kept_names(self) -> tuple[str, ...]:
        return (*self.names, "label", "district_code", "latitude", "longitude")

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if self.seen_by == LocationVisibility.HIDDEN and kind == Served.RADIUS:
            raise ValidationError(_("Miles around a place can give it away. Choose a town or council area."))
        return kind


class AccessForm(StepForm):
    """A few features: an answer for each, and room to explain. "Not known" takes an answer away."""

    parts = ("access_answers",)
    features: tuple[AccessFeature, ...] = ()

    def prepare(self) -> None:
        rows = {row.feature: row for row in self.page.access_answers.all()}
        for feature in self.features:
            row = rows.get(feature)
            self.fields[feature.value] = forms.ChoiceField(
                label=feature.label,
                choices=Answer,
                required=False,
                initial=row.answer if row else Answer.UNKNOWN,
            )
            self.fields[f"{feature.value}_detail"] = forms.CharField(
                label=_("%(feature)s: tell people more") % {"feature": feature.label},
                max_length=250,
                required=False,
                initial=row.detail if row else "",
            )

    def put(self) -> None:
        rows = {row.feature: row for row in self.page.access_answers.all()}
        for feature in self.features:
            row = rows.get(feature)
            answer = self.cleaned_data[feature.value] or Answer.UNKNOWN
            detail = self.cleaned_data[f"{feature.value}_detail"]
            if answer == Answer.UNKNOWN and not detail:
                if row:
                    self.page.access_answers.remove(row)
            elif row:
                row.answer, row.detail = answer, detail
            else:
                self.page.access_answers.add(
                    GroupAccess(
                        feature=feature.value,
                        answer=answer,
                        detail=detail,
                        locale=self.page.locale,
                        sort_order=AccessFeature.values.index(feature.value),
                    )
                )


class ArrivingForm(AccessForm):
    features = (AccessFeature.PUBLIC_TRANSPORT, AccessFeature.PARKING, AccessFeature.LEVEL_ROUTE)


class GettingInForm(AccessForm):
    features = (
        AccessFeature.STEP_FREE,
        AccessFeature.WIDE_DOORS,
        AccessFeature.LIFT,
        AccessFeature.GOOD_LIGHT,
    )


class ToiletsForm(AccessForm):
    features = (
        AccessFeature.ACCESSIBLE_TOILET,
        AccessFeature.CHANGING_PLACES,
        AccessFeature.GENDER_NEUTRAL_TOILET,
    )


class HearingForm(AccessForm):
    features = (
        AccessFeature.HEARING_LOOP,
        AccessFeature.BSL,
        AccessFeature.CAPTIONS,
        AccessFeature.EASY_READ,
    )


class ComfortForm(AccessForm):
    features = (
        AccessFeature.QUIET_SPACE,
        AccessFeature.CALM_SENSES,
        AccessFeature.REST_BREAKS,
        AccessFeature.ASSISTANCE_DOGS,
        AccessFeature.CARER_FREE,
    )
