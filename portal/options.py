"""Answers to choose from, and their boxes and lists. A page has a hundred: they are put together here, not by a template."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. count: groups it leads to; None where a number would say nothing. id: in the page; "" for a number's."""

    value: str
    label: str
    count: int | None = None
    chosen: bool = False
    id: str = ""


def ticks(name: str, options: Iterable[Option], kind: str = "checkbox") -> SafeString:
    """Boxes to tick, or radio buttons with kind "radio"."""
    kind, name = escape(kind or "checkbox"), escape(name)
    boxes = []
    for number, option in enumerate(options, start=1):
        own = escape(option.id) if option.id else f"{name}-{number}"
        count = (
            "" if option.count is None else f' <span class="choice__count numbers">({option.count})</span>'
        )
        boxes.append(
            f'<div class="choice"><input type="{kind}" id="{own}" name="{name}" value="{escape(option.value)}"'
            f"{' checked' if option.chosen else ''}>"
            f'<label for="{own}">{conditional_escape(option.label)}{count}</label></div>\n'
        )
    return mark_safe("".join(boxes))  # noqa: S308 — each part is escaped


def list_options(options: Iterable[Option]) -> SafeString:
    """The answers of a list that opens."""
    rows = []
    for option in options:
        count = "" if option.count is None else f" ({option.count})"
        rows.append(
            f'<option value="{escape(option.value)}"{" selected" if option.chosen else ""}>'
            f"{conditional_escape(option.label)}{count}</option>"
        )
    return mark_safe("".join(rows))  # noqa: S308 — each part is escaped
