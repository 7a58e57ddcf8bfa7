"""Plain words for the facts of a listing, as cards, group pages and print say them.

Each function takes public values and returns words, or "" where there is nothing to say.
"""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import ngettext

from groups.listings.choices import AccessFeature, Capacity, ConfirmedBy, Cost, Gender, Joining, Mode, Status
from groups.listings.money import money
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.remembering import remembered
from groups.remembering import said as _
from groups.schedule.rules import Occurrence
from groups.schedule.words import describe_date, describe_time, long_date

OLDEST_AGE = 120
_NAMES = (AccessFeature.BSL, AccessFeature.CHANGING_PLACES)
ANY_ADULT = "any_adult"  # the circumstance that a stated age already tells


@remembered
def label_of(choices: type[TextChoices], value: str) -> str:
    """What a choice is called. Raises ValueError for a value that is none of them."""
    return str(choices(value).label)


def cost_in_short(listing: PublicListing) -> str:
    """ "Free", "£3", "Pay what you can"; "" where nobody has said."""
    match listing.cost_kind:
        case Cost.UNKNOWN:
            return ""
        case Cost.PAID if listing.cost_amount:
            return money(listing.cost_amount)
        case kind:
            return label_of(Cost, kind)


def cost_words(listing: PublicListing) -> str:
    """The cost with the group's own note: "£3 (tea included)"; "" where nobody has said."""
    words = cost_in_short(listing)
    if words and listing.cost_note:
        return _("%(cost)s (%(note)s)") % {"cost": words, "note": listing.cost_note.rstrip(".")}
    return words or listing.cost_note


@remembered
def ages_words(age_min: int | None, age_max: int | None) -> str:
    """ "13 to 19 year olds", "ages 50 and over"; "" for any age. Years, both ends included."""
    if age_max is not None and age_max >= OLDEST_AGE:
        age_max = None
    if age_min and age_max:
        return _("%(low)s to %(high)s year olds") % {"low": age_min, "high": age_max}
    if age_min:
        return _("ages %(low)s and over") % {"low": age_min}
    if age_max:
        return _("ages %(high)s and under") % {"high": age_max}
    return ""


def who_words(listing: PublicListing) -> str:
    """Who it is for: "Women, unpaid carers, ages 18 and over"; "Anyone" where nothing is said."""
    stated = tuple((topic.slug, topic.label) for topic in listing.circumstances if not topic.suggested)
    return _who(listing.gender, listing.age_min, listing.age_max, stated)


@remembered
def _who(gender: str, age_min: int | None, age_max: int | None, stated: tuple[tuple[str, str], ...]) -> str:
    """stated: slugs and labels of circumstances."""
    people = label_of(Gender, gender) if gender != Gender.ANYONE else ""
    ages = ages_words(age_min, age_max)
    others = [
        _in_a_sentence(label)
        for slug, label in stated
        if not (label == people or (ages and slug == ANY_ADULT))
    ]
    words = ", ".join(part for part in (people, get_text_list(others, _("and")), ages) if part)
    return words[:1].upper() + words[1:] if words else _("Anyone")


def join_words(listing: PublicListing) -> str:
    """How to join: "Just turn up"; "" where nobody has said."""
    return "" if listing.joining_kind == Joining.UNKNOWN else label_of(Joining, listing.joining_kind)


@remembered
def access_words(features: tuple[str, ...], most: int = 3) -> str:
    """The first features answered yes: "Step-free all the way in, lift and 2 more"."""
    labels = [label_of(AccessFeature, feature) for feature in AccessFeature.values if feature in features]
    if not labels:
        return ""
    shown, left = labels[:most], len(labels) - most
    words = ", ".join([shown[0], *map(_in_a_sentence, shown[1:])])
    if left > 0:
        more = ngettext("%(count)s more", "%(count)s more", left) % {"count": left}
        return _("%(features)s and %(more)s") % {"features": words, "more": more}
    return words


@remembered
def _in_a_sentence(label: str) -> str:
    """A label as it reads within a sentence: small first letter, but for names such as "LGBTQ+" and "British"."""
    if label in {str(name.label) for name in _NAMES} or label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


@remembered
def day_month_year(day: date) -> str:
    """ "3 November 2026"."""
    return date_format(day, "j F Y")


def checked_words(listing: PublicListing) -> str:
    """ "Checked by the group on 3 November 2026", or where the facts come from (`ux.md` rule 23)."""
    if listing.confirmed_on:
        return _checked_by(listing.confirmed_by or ConfirmedBy.GROUP, listing.confirmed_on)
    if listing.source_name and listing.source_date:
        from_whom = {"source": listing.source_name, "date": day_month_year(listing.source_date)}
        return _("From %(source)s, %(date)s. Not checked by the group yet") % from_whom
    if listing.source_name:
        return _("From %(source)s. Not checked by the group yet") % {"source": listing.source_name}
    return _("Not checked by the group yet")


@remembered
def _checked_by(who: str, day: date) -> str:
    return _("Checked by %(who)s on %(date)s") % {
        "who": label_of(ConfirmedBy, who),
        "date": day_month_year(day),
    }


def capacity_words(listing: PublicListing, today: date | None = None) -> str:
    """ "Has space", "Waiting list", "Full"; "" where unknown or older than 30 days."""
    capacity = listing.capacity_today(today)
    return "" if capacity == Capacity.UNKNOWN else label_of(Capacity, capacity)


def status_words(listing: PublicListing) -> str:
    """ "Taking a break" or "Closed for good"; "" for a running group."""
    return "" if listing.status == Status.OPEN else label_of(Status, listing.status)


def miles_words(miles: float | None) -> str:
    """ "under half a mile away", "1.2 miles away", "14 miles away"; "" without a distance."""
    if miles is None:
        return ""
    if miles < 0.5:
        return _("under half a mile away")
    if miles >= 10:
        return _("%(miles)s miles away") % {"miles": round(miles)}
    near = f"{miles:.1f}".removesuffix(".0")
    return _("1 mile away") if near == "1" else _("%(miles)s miles away") % {"miles": near}


def place_words(place: PublicPlace) -> str:
    """A place in one line: its name and town, or its area."""
    return ", ".join(dict.fromkeys(part for part in (place.name, place.town) if part))


def where_words(session: PublicSession | None, place: PublicPlace | None) -> str:
    """Where a session is: its place, or "Online", "By telephone", "At your home"."""
    if place is not None:
        return place_words(place)
    if session is not None and session.mode != Mode.IN_PERSON:
        return label_of(Mode, session.mode)
    return ""


def occurrence_words(occurrence: Occurrence, today: date | None = None) -> str:
    """ "Tuesday 24 November, 10am to 12 noon", in local time."""
    day = describe_date(occurrence.date, today or timezone.localdate())
    return ", ".join(part for part in (day, occurrence_time(occurrence)) if part)


def day_words(day: date, today: date | None = None) -> str:
    """ "Tomorrow" on the screen; on paper, which is read on other days, "Tuesday 24 November"."""
    today = today or timezone.localdate()
    words = describe_date(day, today)
    if not today <= day <= today + timedelta(days=1):
        return words
    return format_html(
        '<span class="no-print">{}</span><span class="print-only">{}</span>',
        words,
        long_date(day, year=False),
    )


def occurrence_on_page(occurrence: Occurrence, today: date | None = None) -> str:
    """`occurrence_words`, with the day as `day_words` has it."""
    day, time = day_words(occurrence.date, today), occurrence_time(occurrence)
    return format_html("{}, {}", day, time) if time else day


def occurrence_time(occurrence: Occurrence) -> str:
    """ "10am to 12 noon"; "" where the session has no time."""
    start = occurrence.starts.time() if occurrence.starts else None
    end = occurrence.ends.time() if occurrence.ends else None
    return describe_time(start, end)
