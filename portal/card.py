"""The facts on a card, in the order in which they decide a visit (`ux.md`, rule 19).

A page has twenty cards: what is the same on most is put together here once, not by a template each time.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from groups.listings.choices import Status
from groups.listings.freshness import Freshness
from groups.listings.public import PublicListing
from groups.remembering import remembered
from groups.remembering import said as _
from portal.words import (
    access_words,
    capacity_words,
    checked_words,
    cost_words,
    join_words,
    miles_words,
    occurrence_on_page,
    where_words,
    who_words,
)
from search.engine import Card

_LINE = "<div{}><dt>{}</dt><dd{}>{}</dd></div>"
_LABELS = {
    "next": gettext_lazy("Next"),
    "when": gettext_lazy("When"),
    "where": gettext_lazy("Where"),
    "cost": gettext_lazy("Cost"),
    "for": gettext_lazy("For"),
    "access": gettext_lazy("Access"),
    "join": gettext_lazy("Join"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. wide: it takes a line of its own; following: it says when the group meets next."""

    label: str
    words: str
    wide: bool = True
    following: bool = False


def card_facts(card: Card, today: date) -> SafeString:
    """The list of `card_lines`."""
    lines = [
        _LINE.format(
            ' class="facts__whole"' if line.wide else "",
            line.label,
            ' class="card__next"' if line.following else "",
            conditional_escape(line.words),
        )
        for line in card_lines(card, today)
    ]
    return mark_safe(f'<dl class="facts">{"".join(lines)}</dl>')  # noqa: S308 — labels and words are escaped


def checked(listing: PublicListing, today: date) -> SafeString:
    """When a listing was last checked, and by whom; "Please call first" when due, a label when overdue."""
    state = listing.freshness(today)
    return format_html(
        '<p class="card__end">{}<span>{}</span></p>',
        "" if state == Freshness.CHECKED else _before_you_go(state, listing.phone is not None),
        checked_words(listing),
    )


@remembered
def _before_you_go(state: Freshness, can_call: bool) -> SafeString:
    if state == Freshness.OVERDUE:
        colour, words = "brick", _("Not checked for over a year")
    else:
        colour, words = "ochre", _("Please call first") if can_call else _("Please check before you go")
    return format_html('<strong class="tag {}">{}</strong>', colour, words)


def card_lines(card: Card, today: date) -> list[Line]:
    """What a card says of a group that is not closed; what nobody has told us is left out, or says how to find out."""
    listing = card.listing
    lines = [
        _when(card, today),
        Line(_label("where"), _where(card)),
        Line(_label("cost"), cost_words(listing) or _("Not told us yet – ask"), wide=False),
        Line(_label("for"), who_words(listing), wide=False),
    ]
    if card.session:
        lines.append(Line(_label("access"), access_words(card.session.access)))
    if listing.status == Status.OPEN:
        lines.append(Line(_label("join"), _join(listing, today)))
    return [line for line in lines if line.words]


def _when(card: Card, today: date) -> Line:
    if card.occurrence:
        return Line(_label("next"), occurrence_on_page(card.occurrence, today), following=True)
    words = card.listing.times_note or (card.session.words if card.session else "")
    return Line(_label("when"), words)


def _where(card: Card) -> str:
    away = miles_words(card.away) or (_("covers your area") if card.serves else "")
    words = ", ".join(part for part in (where_words(card.session, card.place), away) if part)
    return f"{words} ({_('ask us where')})" if words and card.place and card.place.ask else words


def _join(listing: PublicListing, today: date) -> str:
    words, space = join_words(listing), capacity_words(listing, today)
    if listing.phone:
        phone = format_html('<a href="{}">{}</a>', listing.phone.href, listing.phone.value)
        words = format_html("{}: {}", words, phone) if words else phone
    elif not words:
        words = _("See their page")
    return format_html("{} · {}", words, space) if space else words


@remembered
def _label(fact: str) -> str:
    return escape(str(_LABELS[fact]))


@lru_cache(maxsize=64)
def disc(family: str) -> SafeString:
    """The disc of an activity family, in its card's colour and the usual size."""
    return render_to_string("components/disc.html", {"family": family})
