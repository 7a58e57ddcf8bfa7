"""The standing facts of a group, as questions and answers in plain words. Nothing unknown is ever shown as "no"."""

from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from groups.listings.choices import AccessFeature, Answer, Capacity, Mode, Served, Stage
from groups.listings.public import PublicAnswer, PublicListing, PublicServed
from portal.results.labels import miles_label
from portal.words import cost_words, day_month_year, join_words

_DOORS = (
    AccessFeature.STEP_FREE,
    AccessFeature.LEVEL_ROUTE,
    AccessFeature.WIDE_DOORS,
    AccessFeature.LIFT,
    AccessFeature.PARKING,
    AccessFeature.ACCESSIBLE_TOILET,
    AccessFeature.CHANGING_PLACES,
    AccessFeature.GENDER_NEUTRAL_TOILET,
    AccessFeature.HEARING_LOOP,
    AccessFeature.GOOD_LIGHT,
    AccessFeature.PUBLIC_TRANSPORT,
)
"""Features of a building: not asked of a group that meets online, by telephone or at home."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer; "" where nobody has told us."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Access:
    """Answers by kind; `unknown` are names of features only."""

    yes: list[PublicAnswer]
    ask: list[PublicAnswer]
    no: list[PublicAnswer]
    unknown: list[str]


def meets_in_person(listing: PublicListing) -> bool:
    return not listing.sessions or Mode.IN_PERSON in listing.modes


def access_of(listing: PublicListing) -> Access:
    by_answer = {answer: [row for row in listing.access if row.answer == answer] for answer in Answer.values}
    told = {row.feature for row in listing.access if row.answer != Answer.UNKNOWN}
    asked = AccessFeature if meets_in_person(listing) else [one for one in AccessFeature if one not in _DOORS]
    return Access(
        yes=by_answer[Answer.YES],
        ask=by_answer[Answer.ASK],
        no=by_answer[Answer.NO],
        unknown=[str(feature.label) for feature in asked if feature.value not in told],
    )


def first_visit(listing: PublicListing) -> list[Row]:
    """What people want to know before they dare to come (`ux.md` rule 25)."""
    rows = [
        Row(_("Who meets you"), listing.first_visit_welcome),
        Row(_("Can I bring someone?"), _told(listing.bring_someone)),
    ]
    if meets_in_person(listing):
        answers = {row.feature: row for row in listing.access}
        rows += [
            Row(_("Toilets"), _toilets(answers)),
            Row(_("Step-free"), _answer(answers.get(AccessFeature.STEP_FREE))),
            Row(_("Parking"), _answer(answers.get(AccessFeature.PARKING))),
        ]
    rows.append(Row(_("Cost"), cost_words(listing)))
    if listing.first_visit_note:
        rows.append(Row(_("Good to know"), listing.first_visit_note))
    return rows


def _told(answer: str) -> str:
    match answer:
        case Answer.ASK:
            return _("Ask us first")
        case Answer.UNKNOWN:
            return ""
    return str(Answer(answer).label)


def _answer(row: PublicAnswer | None) -> str:
    if row is None or row.answer == Answer.UNKNOWN:
        return ""
    return f"{_told(row.answer)}. {row.detail}" if row.detail else _told(row.answer)


def _toilets(answers: dict[str, PublicAnswer]) -> str:
    told = [
        f"{answers[feature].label}: {_answer(answers[feature])}"
        for feature in (
            AccessFeature.ACCESSIBLE_TOILET,
            AccessFeature.CHANGING_PLACES,
            AccessFeature.GENDER_NEUTRAL_TOILET,
        )
        if feature in answers and _answer(answers[feature])
    ]
    return "\n".join(told)


def join_row(listing: PublicListing) -> str:
    """How to join, with the group's own words: "Book a place. Ring the week before."."""
    return ". ".join(part.rstrip(".") for part in (join_words(listing), listing.joining_note) if part)


def capacity_of(listing: PublicListing, today) -> str:
    """ "Has space, as of 3 November 2026"; "" where unknown or too old to trust."""
    capacity = listing.capacity_today(today)
    if capacity == Capacity.UNKNOWN or listing.capacity_on is None:
        return ""
    words = _("%(capacity)s, as of %(date)s") % {
        "capacity": Capacity(capacity).label,
        "date": day_month_year(listing.capacity_on),
    }
    return f"{words}. {listing.capacity_note}" if listing.capacity_note else words


def served_words(served: tuple[PublicServed, ...]) -> str:
    """The area served in one line: "Within 5 miles of CM1 1QH, and all of Chelmsford"; "" where nobody has said."""
    return get_text_list([part for area in served if (part := _served(area))], _("and"))


def _served(area: PublicServed) -> str:
    match area.kind:
        case Served.COUNTRY:
            return _("the whole country")
        case Served.DISTRICT if area.label:
            return _("all of %(area)s") % {"area": area.label}
        case Served.RADIUS if area.label and area.miles:
            return _("within %(miles)s of %(place)s") % {
                "miles": miles_label(area.miles),
                "place": area.label,
            }
    return area.label


def referral_rows(listing: PublicListing) -> list[Row]:
    """For link workers: whether and how, and what is known about safety; empty where nobody has told us anything."""
    how = listing.referral_how
    takes = _told(listing.accepts_referrals)
    rows = [
        Row(_("Takes people you send"), f"{takes}. {how}" if takes and how else takes or how),
        Row(_("Someone named for safety worries"), _told(listing.safeguarding_lead)),
        Row(_("DBS checks"), listing.dbs_note),
    ]
    return rows if any(row.value for row in rows) else []


def stage_words(listing: PublicListing) -> str:
    """ "Ready for referrals: seen by …"; "" for a group that is only listed."""
    if listing.stage == Stage.LISTED:
        return ""
    label = str(Stage(listing.stage).label)
    return f"{label}: {listing.stage_note}" if listing.stage_note else label
