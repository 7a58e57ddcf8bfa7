"""The facts on a card, in the order in which they decide a visit (`ux.md`, rule 19)."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.listings.choices import Status
from groups.listings.public import PublicListing
from groups.remembering import remembered
from portal.words import (
    access_words,
    capacity_words,
    cost_words,
    join_words,
    miles_words,
    occurrence_words,
    where_words,
    who_words,
)
from search.engine import Card

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
        return Line(_label("next"), occurrence_words(card.occurrence, today), following=True)
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
    return str(_LABELS[fact])
