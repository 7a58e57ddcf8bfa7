"""Answers to choose from, and their boxes and lists. A page has a hundred: they are put together here, not by a template."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
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
    return format_html_join(
        "",
        '<div class="choice"><input type="{0}" id="{1}" name="{2}" value="{3}"{4}><label for="{1}">{5}{6}</label></div>\n',
        (
            (
                kind or "checkbox",
                option.id or f"{name}-{number}",
                name,
                option.value,
                mark_safe(" checked") if option.chosen else "",
                option.label,
                ""
                if option.count is None
                else format_html(' <span class="choice__count numbers">({})</span>', str(option.count)),
            )
            for number, option in enumerate(options, start=1)
        ),
    )


def list_options(options: Iterable[Option]) -> SafeString:
    """The answers of a list that opens."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}{}</option>',
        (
            (
                option.value,
                mark_safe(" selected") if option.chosen else "",
                option.label,
                "" if option.count is None else f" ({option.count})",
            )
            for option in options
        ),
    )
