"""Building blocks for rows that belong to a page and are drafted with it."""

import uuid
from collections.abc import Iterable

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Orderable, TranslatableMixin


class RowUidField(models.UUIDField):
    """A row's lasting name: it survives draft, publish, copy and both editors, which primary keys do not.

    It travels in forms as a hidden field (`model.md`: `editable=False` would give a new one at each admin save).
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", uuid.uuid4)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        kwargs["widget"] = forms.HiddenInput
        return super().formfield(required=False, label="", **kwargs)

    def clean(self, value, model_instance):
        return super().clean(value or uuid.uuid4(), model_instance)


class CommaListField(models.CharField):
    """A few choices out of a fixed list, held as "a,b" and read as a tuple in the order of the list."""

    def __init__(self, *args, options: Iterable[tuple[str, object]] = (), **kwargs):
        self.options = list(options)
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs

    def to_python(self, value) -> tuple[str, ...]:
        chosen = value.split(",") if isinstance(value, str) else list(value or ())
        chosen = [str(item).strip() for item in chosen if str(item).strip()]
        order = [key for key, _label in self.options]
        return tuple(sorted(dict.fromkeys(chosen), key=lambda key: order.index(key) if key in order else 99))

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def get_prep_value(self, value) -> str:
        return ",".join(self.to_python(value))

    def value_to_string(self, obj) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value, model_instance) -> None:
        unknown = set(value) - {key for key, _label in self.options}
        if unknown:
            raise forms.ValidationError(_("Choose from the list."), code="invalid_choice")
        if not value and not self.blank:
            raise forms.ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value) -> None:
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            choices=self.options,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label", self.verbose_name and str(self.verbose_name).capitalize()),
            help_text=self.help_text,
        )


class PageRow(TranslatableMixin, Orderable):
    """A row of a page: drafted, published and compared with it. Refer to it by `uid`, never by primary key.

    page: the ParentalKey that each kind of row has.
    may_be_incomplete: a draft is being saved; `clean` refuses what is wrong, not what is missing.
    """

    page: models.ForeignKey
    uid = RowUidField()
    may_be_incomplete = False

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True

    def get_default_locale(self) -> Locale:
        """Its page's, from the page in memory: Wagtail would read the page once more for each row."""
        return self.page.locale


def give_new_uids_to_copies(rows: Iterable[PageRow]) -> None:
    """Two new rows typed into one form share the blank row's uid: keep the first, give the others their own."""
    seen: set[uuid.UUID] = set()
    for row in rows:
        if row.uid in seen:
            row.uid = uuid.uuid4()
        seen.add(row.uid)


def number_new_rows(rows: list[PageRow]) -> None:
    """Rows added by code have no place yet: keep the order they were given in, on every database.

    SQLite sorts a missing place first, PostgreSQL last. Forms number their rows themselves.
    """
    if any(row.sort_order is None for row in rows):
        for place, row in enumerate(rows):
            row.sort_order = place
