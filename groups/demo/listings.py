"""The demo's organisations, venues and groups, from its files into rows and published pages."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from wagtail.models import Locale

from groups.bulk import publish_new
from groups.demo.content import all_of, lasting_id
from groups.demo.photos import photos_by_group
from groups.listings import changes
from groups.listings.choices import Mode, Status
from groups.listings.facts import cancel_date, close_between, move_date
from groups.listings.models import session_problems
from groups.models import (
    Contact,
    GroupAccess,
    GroupFacts,
    GroupIndexPage,
    GroupPage,
    GroupPhoto,
    GroupSession,
    Organisation,
    ServedArea,
    TermDates,
    Venue,
    VenueAccess,
)
from groups.schedule.occurrences import next_dates
from groups.schedule.rules import LONDON, Span
from groups.vocabulary.models import terms_by_slug

BATCH = 20  # groups written in one transaction and indexed together
NOON = time(12)


class DemoContentError(Exception):
    """A content file says something the model refuses. The message names the group and the field."""


def add_listings(index: GroupIndexPage, first: date, tell: Callable[[str], None]) -> int:
    """Add what is missing, in batches. `tell` gets a line now and then. Returns how many groups were added."""
    writer = _Writer(index, first)
    with changes.together():
        writer.add_organisations()
        writer.add_venues()
    known = set(GroupPage.objects.values_list("translation_key", flat=True))
    missing = [row for row in all_of("groups") if lasting_id("group", row["key"]) not in known]
    if missing:
        writer.photos = photos_by_group()
    for start in range(0, len(missing), BATCH):
        with changes.together():
            for row in missing[start : start + BATCH]:
                writer.add_group(row)
        tell(f"{min(start + BATCH, len(missing))} of {len(missing)} groups")
    return len(missing)


class _Writer:
    def __init__(self, index: GroupIndexPage, first: date):
        self.index, self.first = index, first
        self.locale = Locale.get_default()
        self.terms = terms_by_slug(self.locale)
        everywhere = TermDates.objects.filter(district="")
        self.school = [Span(term.first_day, term.last_day) for term in everywhere]
        self.organisations: dict[str, Organisation] = {}
        self.venues: dict[str, Venue] = {}
        self.photos: dict[str, GroupPhoto] = {}

    # --- who runs it, and where ---------------------------------------------------------------

    def add_organisations(self) -> None:
        for row in all_of("organisations"):
            self.organisations[row["key"]], _created = Organisation.objects.get_or_create(
                uid=lasting_id("organisation", row["key"]),
                defaults={"name": row["name"], "about": row["about"], "website": row.get("website", "")},
            )

    def add_venues(self) -> None:
        there = {venue.uid: venue for venue in Venue.objects.all()}
        for row in all_of("venues"):
            uid = lasting_id("venue", row["key"])
            venue = there.get(uid) or self._new_venue(uid, row)
            self.venues[row["key"]] = venue

    def _new_venue(self, uid, row: dict[str, Any]) -> Venue:
        venue = Venue(
            uid=uid,
            name=row["name"],
            address=row["address"],
            town=row["town"],
            postcode=row["postcode"],
            getting_here=row.get("getting_here", ""),
        )
        details = row.get("access_details", {})
        venue.access_answers = [  # type: ignore[misc]
            VenueAccess(feature=feature, answer=answer, detail=details.get(feature, ""))
            for feature, answer in row["access"].items()
        ]
        venue.clean()
        venue.save()
        return venue

    # --- a group ------------------------------------------------------------------------------

    def add_group(self, row: dict[str, Any]) -> None:
        """One group: today's facts first, so that no moment shows a place that must not be seen."""
        uid = lasting_id("group", row["key"])
        sessions = self._sessions(row)
        facts = GroupFacts.objects.for_group(uid)
        facts.change(by=None, **self._facts(row))
        page = self._page(row, uid)
        page.sessions = list(sessions.values())
        publish_new(page, self.index)
        self._dates(row, uid, sessions)

    def _page(self, row: dict[str, Any], uid) -> GroupPage:
        cost, joining, ages = row["cost"], row["joining"], row.get("ages", {})
        visit, referrals = row.get("first_visit", {}), row.get("referrals", {})
        safety = row.get("safeguarding", {})
        page = GroupPage(
            title=row["name"],
            slug=row["key"],
            translation_key=uid,
            locale=self.locale,
            summary=row["summary"],
            description=row["description"].strip(),
            organisation=self.organisations[row["organisation"]],
            age_min=ages.get("min"),
            age_max=ages.get("max"),
            gender=row.get("gender", "anyone"),
            children_young_people=row.get("children_young_people", False),
            outdoors_nature=row.get("outdoors_nature", False),
            cost_kind=cost["kind"],
            cost_amount=Decimal(cost["amount"]) if "amount" in cost else None,
            cost_note=cost.get("note", ""),
            joining_kind=joining["kind"],
            joining_note=joining.get("note", ""),
            area_name=row.get("area", ""),
            getting_there=row.get("transport", ""),
            first_visit_welcome=visit.get("welcome", ""),
            bring_someone=visit.get("bring_someone", "unknown"),
            first_visit_note=visit.get("notes", ""),
            accepts_referrals=referrals.get("accepts", "unknown"),
            referral_how=referrals.get("how", ""),
            safeguarding_lead=safety.get("lead_named", "unknown"),
            dbs_note=safety.get("dbs", ""),
        )
        for name, known in self.terms.items():
            setattr(page, name, [known[slug] for slug in row.get(name, ())])
        details = row.get("access_details", {})
        page.access_answers = [
            self._row(
                GroupAccess,
                row,
                feature,
                place,
                feature=feature,
                answer=answer,
                detail=details.get(feature, ""),
            )
            for place, (feature, answer) in enumerate(row.get("access", {}).items())
        ]
        page.contacts = [
            self._row(Contact, row, place, place, **contact)
            for place, contact in enumerate(row.get("contacts", ()))
        ]
        page.served_areas = [
            self._row(ServedArea, row, place, place, **area)
            for place, area in enumerate(row.get("serves", ()))
        ]
        for area in page.served_areas.all():
            area.clean()
        if photo := self.photos.get(row["key"]):
            page.photos = [photo]
        page.tags.add(*row.get("tags", ()))
        return page

    def _row(self, model: type, group: dict[str, Any], key: object, at: int, /, **fields: Any) -> Any:
        """A row of a page, with an id that follows from its group and key."""
        uid = lasting_id(model.__name__, group["key"], key)
        return model(uid=uid, locale=self.locale, sort_order=at, **fields)

    def _sessions(self, row: dict[str, Any]) -> dict[str, GroupSession]:
        private = row.get("private_place", {})
        sessions = {}
        for place, given in enumerate(row["sessions"]):
            venue = self.venues[given["venue"]] if "venue" in given else None
            stays_private = private if venue is None and given["mode"] == Mode.IN_PERSON else {}
            session = self._row(
                GroupSession,
                row,
                given["key"],
                place,
                label=given.get("label", ""),
                mode=given["mode"],
                frequency=given["frequency"],
                weekdays=given.get("weekdays", ()),
                interval=given.get("interval", 1),
                weeks_of_month=given.get("weeks_of_month", ()),
                first_date=self._day(given["first_day"]) if "first_day" in given else None,
                until=self._day(given["until_day"]) if "until_day" in given else None,
                start=_time(given.get("start")),
                end=_time(given.get("end")),
                term_time_only=given.get("term_time_only", False),
                venue=venue,
                place_name=stays_private.get("name", ""),
                place_address=stays_private.get("address", ""),
                place_postcode=stays_private.get("postcode", ""),
            )
            session.clean_fields(exclude=["page", "venue"])
            if problems := session_problems(session):
                raise DemoContentError(f"{row['key']}, {given['key']}: {problems}")
            sessions[given["key"]] = session
        return sessions

    def _facts(self, row: dict[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "location_visibility": row.get("visibility", "public"),
            "status": row.get("status", Status.OPEN),
        }
        if row.get("status") == Status.CLOSED:
            facts["closed_on"] = self._day(-row["closed_days_ago"])
        if capacity := row.get("capacity"):
            facts["capacity"] = capacity["state"]
            facts["capacity_note"] = capacity.get("note", "")
            facts["capacity_on"] = self._day(-capacity["days_ago"])
        if confirmed := row.get("confirmed"):
            day = self._day(-confirmed["days_ago"])
            facts["last_confirmed_at"] = datetime.combine(day, NOON, LONDON)
            facts["confirmed_by"] = confirmed["by"]
        return facts

    def _dates(self, row: dict[str, Any], uid, sessions: dict[str, GroupSession]) -> None:
        for off in row.get("cancelled", ()):
            session = sessions[off["session"]]
            cancel_date(uid, session.uid, self._nth_date(session, off["nth"]), by=None, reason=off["reason"])
        for moved in row.get("moved", ()):
            session = sessions[moved["session"]]
            usual = self._nth_date(session, moved["nth"])
            move_date(
                uid,
                session.uid,
                usual,
                by=None,
                to_date=usual + timedelta(days=moved["days_later"]),
                start=_time(moved.get("start")),
                end=_time(moved.get("end")),
                venue=self.venues[moved["venue"]] if "venue" in moved else None,
                reason=moved["reason"],
            )
        for closure in row.get("closures", ()):
            close_between(
                uid,
                self._day(closure["from_day"]),
                self._day(closure["until_day"]),
                by=None,
                reason=closure["reason"],
            )

    def _nth_date(self, session: GroupSession, nth: int) -> date:
        """The date of its nth meeting after the demo's first day."""
        begins = datetime.combine(self.first + timedelta(days=1), time(), LONDON)
        terms: Sequence[Span] = self.school if session.term_time_only else ()
        return next_dates(session.rule, begins, nth, terms=terms)[-1].date

    def _day(self, days: int) -> date:
        return self.first + timedelta(days=days)


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
