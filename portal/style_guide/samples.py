"""Made-up values that put each component in each of its states. Telephone numbers are Ofcom's for drama."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from groups.listings.public import PublicContact, PublicListing, PublicPlace, PublicSession, PublicTopic
from groups.schedule.rules import LONDON, Frequency, Occurrence, Rule
from portal.options import Option
from portal.symbols import FAMILIES
from search.engine import Card, HelpMessage

TODAY = date(2026, 11, 22)
COLOURS = ("moss", "plum", "blue", "brick", "ochre")
_PHONE = PublicContact(kind="phone", value="01632 960123", label="Ask for Pat")
_HALL = PublicPlace(name="Moulsham Mill", address="Parkway", town="Chelmsford", postcode="CM2 7PX")
_TUESDAYS = Rule(frequency=Frequency.WEEKLY, weekdays=(1,), start=time(10), end=time(12))


def _at(day: date, start: int, end: int, **changes) -> Occurrence:
    begin, finish = (datetime.combine(day, time(hour), LONDON).astimezone(UTC) for hour in (start, end))
    return Occurrence(day, begin.astimezone(LONDON), finish.astimezone(LONDON), **changes)


def _topic(slug: str, label: str, family: str = "", colour: str = "") -> PublicTopic:
    return PublicTopic(slug=slug, label=label, family=family, colour=colour)


def _listing(number: int, name: str, **facts) -> PublicListing:
    return PublicListing(
        uid=UUID(int=number), name=name, path=f"/groups/sample-{number}/", **{"contacts": (_PHONE,), **facts}
    )


def cards() -> list[Card]:
    """One card for each state: checked, due, overdue, closed, paused, online, private place."""
    session = PublicSession(
        uid="1",
        mode="in_person",
        rule=_TUESDAYS,
        place=_HALL,
        access=("step_free", "lift", "hearing_loop", "parking"),
    )
    online = PublicSession(uid="2", mode="online", rule=_TUESDAYS)
    tuesday = TODAY + timedelta(days=2)
    return [
        Card(
            _listing(
                1,
                "Tuesday Painters",
                summary="A relaxed art group where beginners paint beside people who have done it for years.",
                activities=(_topic("art", "Art and painting", "make", "plum"),),
                cost_kind="paid",
                cost_amount=Decimal(3),
                cost_note="tea and biscuits included",
                joining_kind="drop_in",
                age_min=18,
                capacity="space",
                capacity_on=TODAY,
                confirmed_on=date(2026, 11, 3),
                confirmed_by="group",
            ),
            miles=1.24,
            session=session,
            occurrence=_at(tuesday, 10, 12),
            place=_HALL,
        ),
        Card(
            _listing(
                2,
                "Garden Gang at the Old Allotments, for anyone who likes getting muddy",
                summary="Grow vegetables together and take some home.",
                activities=(_topic("gardening", "Community gardening", "nature", "moss"),),
                cost_kind="free",
                joining_kind="contact_first",
                confirmed_on=date(2026, 3, 3),
                confirmed_by="group",
            ),
            miles=0.3,
            session=session,
            occurrence=_at(tuesday, 14, 16),
            place=_HALL,
        ),
        Card(
            _listing(
                3,
                "Benefits Helpline",
                summary="Help with forms, over the phone or on a screen.",
                activities=(_topic("benefits_advice", "Benefits", "advice", "blue"),),
                cost_kind="free",
                circumstances=(_topic("carers", "carers"), _topic("disabled", "disabled people")),
                source_name="the council's list",
                source_date=date(2025, 6, 3),
            ),
            serves=True,
            session=online,
        ),
        Card(
            _listing(
                4,
                "Company at Home",
                summary="A friendly visitor once a week.",
                activities=(_topic("befriending", "Befriending", "company", "brick"),),
                status="paused",
                contacts=(),
            ),
        ),
        Card(
            _listing(
                5,
                "Steady Steps",
                summary="Gentle walks on flat paths.",
                activities=(_topic("walking", "Walking groups", "move", "ochre"),),
                status="closed",
                closed_on=date(2026, 10, 1),
                confirmed_on=date(2026, 9, 1),
                confirmed_by="staff",
            ),
        ),
        Card(
            _listing(
                6,
                "Somewhere to Talk",
                summary="A support group for women. We tell you the place when you call.",
                activities=(_topic("peer", "Peer support", "peer", "plum"),),
                gender="women",
                age_min=16,
                age_max=25,
                cost_kind="donation",
                times_note="Most weekdays in term time; ring for the times.",
                confirmed_on=date(2026, 11, 3),
                confirmed_by="group",
            ),
            miles=6.0,
            place=PublicPlace(name="Chelmsford", exact=False, ask=True),
        ),
    ]


def meetings() -> list[dict[str, object]]:
    painters = {
        "name": "Tuesday Painters",
        "path": "/groups/sample-1/",
        "time": "10am to 12 noon",
        "family": "make",
    }
    return [
        {
            **painters,
            "where": "Moulsham Mill, Chelmsford",
            "cost": "£3",
            "colour": "plum",
            "cancelled": False,
        },
        {
            **painters,
            "name": "Garden Gang",
            "where": "",
            "cost": "",
            "colour": "moss",
            "family": "nature",
            "cancelled": True,
        },
        {
            **painters,
            "name": "Steady Steps",
            "where": "Central Park",
            "cost": "Free",
            "colour": "ochre",
            "family": "move",
            "cancelled": False,
        },
    ]


def values() -> dict[str, object]:
    """What the style guide's template shows."""
    tuesday = TODAY + timedelta(days=2)
    return {
        "today": TODAY,
        "cards": cards(),
        "families": [(family, COLOURS[place % len(COLOURS)]) for place, family in enumerate(FAMILIES)],
        "session": PublicSession(uid="1", mode="in_person", rule=_TUESDAYS, place=_HALL),
        "dates": [
            _at(tuesday, 10, 12),
            _at(tuesday + timedelta(days=7), 10, 12, cancelled=True, reason="The hall is being painted."),
            _at(tuesday + timedelta(days=15), 11, 13, moved_from=tuesday + timedelta(days=14)),
        ],
        "meetings": meetings(),
        "contacts": [
            _PHONE,
            PublicContact(kind="email", value="hello@painters.example"),
            PublicContact(kind="website", value="https://painters.example"),
        ],
        "rows": [
            {"label": "Who meets you", "value": "Pat, by the door, in a yellow scarf."},
            {"label": "Can I bring someone?", "value": "Yes"},
            {"label": "Toilets", "value": ""},
        ],
        "options": [
            Option("free", "Free", 12, chosen=True),
            Option("low", "Free or pay what you can", 31),
        ],
        "chips": [{"label": "Free", "href": "?a"}, {"label": "Step-free all the way in", "href": "?b"}],
        "errors": [
            ("near", "We cannot find “LS99 9ZZ”. Check it, or type a town."),
            ("age", "Type an age in numbers."),
        ],
        "help": HelpMessage(
            "crisis",
            "Do you need help now?",
            ("If someone is in danger, call 999.", "To talk, call 116 123, day and night."),
        ),
        "crumbs": [{"label": "Groups", "href": "/search/"}],
    }
