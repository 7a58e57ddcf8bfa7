"""A form as plain values, for the components of the house."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from groups.editing.forms.base import SentenceInput
from portal.options import Option

_TYPES: dict[type[forms.Widget], str] = {
    SentenceInput: "sentence",  # before its parent
    forms.Textarea: "textarea",
    forms.FileInput: "file",
    forms.DateInput: "date",
    forms.TimeInput: "time",
    forms.CheckboxSelectMultiple: "checkbox",  # before its parent
    forms.RadioSelect: "radio",
    forms.Select: "select",
    forms.CheckboxInput: "tick",
}


@dataclass(frozen=True, slots=True)
class Family:
    """Options under one head; "" for options without one. chosen: how many are."""

    label: str
    options: list[Option]

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Field:
    """kind: how it is asked. options: its answers; families: the same, under their heads, where there are heads."""

    name: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    error: str = ""
    maxlength: int | None = None
    short: bool = False
    accept: str = ""
    options: list[Option] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)


def fields_of(form: forms.Form, *, with_errors: bool = True) -> list[Field]:
    """Each question in its order."""
    return [_field(form[name], with_errors) for name in form.fields]


def errors_of(form: forms.Form) -> list[tuple[str, str]]:
    """Pairs of a field's id and what to do, for the summary; what concerns the whole form leads to its first field."""
    first = next((form.add_prefix(name) for name in form.fields), "main")
    return [
        (first if name == "__all__" else form.add_prefix(name), str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]


def _field(bound: BoundField, with_errors: bool) -> Field:
    widget = bound.field.widget
    kind = next((kind for of, kind in _TYPES.items() if isinstance(widget, of)), "text")
    families = _families(bound) if kind in ("radio", "checkbox", "select") else []
    value = bound.value()
    return Field(
        name=bound.html_name,
        label=str(bound.label),
        kind=kind,
        value=_text(bound, value, kind),
        hint=str(bound.help_text),
        error=" ".join(str(error) for error in bound.errors) if with_errors else "",
        maxlength=getattr(bound.field, "max_length", None),
        short=isinstance(
            bound.field, forms.IntegerField | forms.DecimalField | forms.DateField | forms.TimeField
        ),
        accept=widget.attrs.get("accept", ""),
        options=[option for family in families for option in family.options],
        families=families if any(family.label for family in families) else [],
    )


def _text(bound: BoundField, value: Any, kind: str) -> str:
    if kind == "tick":
        return "on" if value else ""
    if kind in ("radio", "checkbox", "select", "file") or value is None:
        return ""
    return str(bound.field.widget.format_value(value) or "")


def _families(bound: BoundField) -> list[Family]:
    value = bound.value()
    chosen = {str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one is not None}
    found: list[Family] = []
    loose: list[Option] = []
    for key, label in bound.field.choices:  # type: ignore[attr-defined]
        if isinstance(label, list | tuple):
            found.append(Family(str(key), [_option(bound, one, words, chosen) for one, words in label]))
        else:
            loose.append(_option(bound, key, label, chosen))
    return [Family("", loose), *found] if loose else found


def _option(bound: BoundField, key: Any, label: Any, chosen: set[str]) -> Option:
    value = str(key)
    return Option(value, str(label), chosen=value in chosen, id=f"{bound.html_name}-{value}")
