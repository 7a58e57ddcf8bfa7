"""A group's page as plain values: the public listing, and what follows from it today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import segno
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from groups.listings.choices import Mode, Status
from groups.listings.public import PublicListing, PublicPlace
from portal.exit import EXIT_TO
from portal.group_page.dates import ShownSession, directions, next_shown, shown_session
from portal.group_page.facts import (
    Access,
    Row,
    access_of,
    capacity_of,
    first_visit,
    join_row,
    meets_in_person,
    referral_rows,
    served_words,
    stage_words,
)
from portal.group_page.photos import ShownPhoto, shown_photos
from portal.group_page.structured import json_ld
from portal.group_page.text import Block, blocks
from portal.words import day_month_year, where_words, who_words
from search.engine import Card


@dataclass(frozen=True, slots=True)
class GroupView:
    """What the template shows. A closed group keeps its story and who ran it, and nothing that invites.

    `next_words`: the next meeting; `where`: its place in one line.

    url: the absolute address of the page. qr: an SVG of it, for paper. json_ld: "" where nothing is told to machines.
    """

    listing: PublicListing
    today: date
    notice: str
    is_closed: bool
    next_words: str
    where: str
    next_place: PublicPlace | None
    capacity: str
    join: str
    who: str
    languages: list[str]
    about: list[Block]
    sessions: list[ShownSession]
    has_calendar: bool
    has_many_sessions: bool
    meets_in_person: bool
    first_visit: list[Row]
    access: Access
    served: str
    referrals: list[Row]
    stage: str
    photos: list[ShownPhoto]
    directions: str
    more_like: Sequence[Card]
    near: Sequence[Card]
    url: str
    qr: SafeString
    json_ld: SafeString
    exit_to: str


def group_view(
    listing: PublicListing,
    url: str,
    now: datetime,
    *,
    more_like: Sequence[Card] = (),
    near: Sequence[Card] = (),
) -> GroupView:
    """`url` is absolute; `now` aware."""
    today = timezone.localdate(now)
    coming = next_shown(listing, now)
    next_words, session, place = coming or ("", None, None)
    place = place or next(iter(listing.places), None)
    like = {card.listing.uid for card in more_like}
    return GroupView(
        listing=listing,
        today=today,
        notice=_notice(listing),
        is_closed=listing.status == Status.CLOSED,
        next_words=next_words or _no_dates(listing),
        where=where_words(session, place) or _modes(listing),
        next_place=place,
        capacity=capacity_of(listing, today),
        join=join_row(listing),
        who=who_words(listing),
        languages=[topic.label for topic in listing.languages],
        about=blocks(listing.description),
        sessions=[shown_session(item, now) for item in listing.sessions],
        has_calendar=listing.status != Status.CLOSED
        and any(item.has_fixed_times for item in listing.sessions),
        has_many_sessions=len(listing.sessions) > 1,
        meets_in_person=meets_in_person(listing),
        first_visit=first_visit(listing),
        access=access_of(listing),
        served=served_words(listing.served),
        referrals=referral_rows(listing),
        stage=stage_words(listing),
        photos=shown_photos(listing.photos),
        directions=directions(place),
        more_like=more_like,
        near=[card for card in near if card.listing.uid not in like],
        url=url,
        qr=qr(url),
        json_ld=json_ld(listing, url, now),
        exit_to=EXIT_TO if listing.is_confidential else "",
    )


@lru_cache(maxsize=1_000)
def qr(url: str) -> SafeString:
    """The address as a QR code: an inline SVG that scales, with no style of its own. Drawing one takes 6 ms; 2 KB are kept."""
    code = segno.make(url, error="m", micro=False)
    return mark_safe(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308 — drawn by segno


def _notice(listing: PublicListing) -> str:
    match listing.status:
        case Status.PAUSED:
            return _("This group is taking a break. Get in touch to hear when it starts again.")
        case Status.CLOSED if listing.closed_on:
            return _("This group closed on %(date)s.") % {"date": day_month_year(listing.closed_on)}
        case Status.CLOSED:
            return _("This group has closed.")
    return ""


def _no_dates(listing: PublicListing) -> str:
    if listing.status != Status.OPEN:
        return ""
    if any(not session.has_fixed_times for session in listing.sessions):
        return _("By arrangement: get in touch")
    if listing.times_note:
        return listing.times_note
    return _("No dates told us yet – call to ask")


def _modes(listing: PublicListing) -> str:
    return ", ".join(str(Mode(mode).label) for mode in listing.modes if mode != Mode.IN_PERSON)
