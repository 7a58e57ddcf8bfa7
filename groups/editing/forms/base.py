"""What every form over a listing's draft shares."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.listings.choices import LocationVisibility
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.rows import PageRow


class StepForm(forms.Form):
    """A form over one version of a page, in memory. `put` writes what was typed into that version; nothing is saved.

    page: the version the form was made from. parts: the parts of the page it reaches. row: the lasting name of the row
    it is for, where it is for one. seen_by: who may see where the group meets, today.
    """

    parts: tuple[str, ...] = ()
    relation = ""

    def __init__(self, data=None, files=None, *, page: GroupPage, row: str = "", by: Any = None):
        super().__init__(data, files)
        self.page, self.row_uid, self.by = page, row, by
        facts = GroupFacts.objects.filter(group_uid=page.uid).first()
        self.seen_by = facts.location_visibility if facts else LocationVisibility.PUBLIC
        self.prepare()

    def prepare(self) -> None:
        """Fill in what the version says."""

    def put(self) -> None:
        """Write what was typed into `page`."""
        raise NotImplementedError

    # --- rows -----------------------------------------------------------------------------------

    @property
    def found(self) -> PageRow | None:
        """The row in this version, if it is there."""
        rows = getattr(self.page, self.relation).all()
        return next((row for row in rows if str(row.uid) == self.row_uid), None)

    def put_row(self, row: PageRow) -> None:
        """Add a row, or write a changed one back."""
        if row.locale_id is None:
            row.locale = self.page.locale
        if row.sort_order is None:
            row.sort_order = len(getattr(self.page, self.relation).all())
        if self.found is None:
            getattr(self.page, self.relation).add(row)

    def remove(self) -> None:
        """Take the row out of the version."""
        if row := self.found:
            getattr(self.page, self.relation).remove(row)


class SentenceInput(forms.Textarea):
    """A box of a few lines for one sentence, so that a phone shows all of it; a line break typed there is a space."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.split()) if isinstance(value, str) else value


class FieldsForm(StepForm):
    """Questions that are fields of the page, with the model's own words unless `labels` or `hints` say better ones.

    sentences: parts of one sentence, too long for a line on a phone.
    """

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    radios: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    def prepare(self) -> None:
        widgets = {
            **dict.fromkeys(self.radios, forms.RadioSelect),
            **dict.fromkeys(self.sentences, SentenceInput),
        }
        for name in self.parts:
            model_field = GroupPage._meta.get_field(name)
            field = model_field.formfield(**({"widget": widgets[name]} if name in widgets else {}))
            field.label = self.labels.get(name) or _first_capital(str(field.label))
            field.help_text = self.hints.get(name, field.help_text)
            if field.required:
                field.error_messages["required"] = _("Please fill this in.")
            self.fields[name] = field
            self.initial[name] = getattr(self.page, name)

    def clean(self):
        """Lines end as they do everywhere here, whatever the browser sends."""
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n")
        self._clean_together(cleaned)
        return cleaned

    def _clean_together(self, cleaned: dict[str, Any]) -> None:
        before = {name: getattr(self.page, name) for name in self.parts}
        self._write(cleaned)
        try:
            self.page.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)
        finally:
            self._write(before)

    def _write(self, values: dict[str, Any]) -> None:
        for name in self.parts:
            if name in values:
                setattr(self.page, name, values[name])

    def put(self) -> None:
        self._write(self.cleaned_data)
        self.page.clean()


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
