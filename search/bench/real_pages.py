"""Made-up listings as real pages, with their venues, organisations and facts: what a rebuild reads, and a save lives among."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from groups.bulk import publish_new, renew_wagtails_indexes, without_wagtails_indexes
from groups.listings.choices import Weekday
from groups.listings.facts import DateChangeRecord
from groups.listings.provenance import SourceRecord
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.models import (
    Contact,
    GroupAccess,
    GroupFacts,
    GroupIndexPage,
    GroupPage,
    GroupSession,
    Organisation,
    ServedArea,
    Venue,
    VenueAccess,
)
from groups.schedule.rules import Rule
from groups.vocabulary.models import terms_by_slug
from search.bench.timing import without_index

_AS_LISTED = (
    "summary",
    "description",
    "age_min",
    "gender",
    "children_young_people",
    "outdoors_nature",
    "cost_kind",
    "joining_kind",
    "accepts_referrals",
)
_AT_ONCE = 200
Progress = Callable[[int, int], None]


def publish_all(listings: Sequence[PublicListing], progress: Progress) -> None:
    """Publish a page for each; no index of ours hears of it."""
    publisher = Publisher()
    with without_index(), without_wagtails_indexes():
        for first in range(0, len(listings), _AT_ONCE):
            with transaction.atomic():
                for listing in listings[first : first + _AT_ONCE]:
                    publisher.publish(listing)
            progress(min(first + _AT_ONCE, len(listings)), len(listings))
    renew_wagtails_indexes()


class Publisher:
    """Publishes below the site's one page of groups."""

    def __init__(self) -> None:
        self._index = GroupIndexPage.objects.get()
        self._locale = Locale.get_default()
        self._terms = terms_by_slug(self._locale)

    def publish(self, listing: PublicListing) -> None:
        self._state_facts(listing)
        page = GroupPage(
            title=listing.name,
            slug=listing.path.rstrip("/").rpartition("/")[2],
            translation_key=listing.uid,
            locale=self._locale,
            organisation=Organisation.objects.create(name=listing.organisation),
            age_max=_age_max(listing),
            **{name: getattr(listing, name) for name in _AS_LISTED},
        )
        for name, known in self._terms.items():
            setattr(page, name, [known[topic.slug] for topic in getattr(listing, name)])
        page.tags.add(*listing.tags)
        page.contacts = self._rows(
            Contact, [{"kind": one.kind, "value": one.value} for one in listing.contacts]
        )
        page.access_answers = self._rows(
            GroupAccess, [{"feature": one.feature, "answer": one.answer} for one in listing.access]
        )
        page.served_areas = self._rows(
            ServedArea,
            [
                {
                    "kind": area.kind,
                    "place": area.label,
                    "label": area.label,
                    "district_code": area.district_code,
                    "latitude": area.latitude,
                    "longitude": area.longitude,
                    "miles": None if area.miles is None else Decimal(str(area.miles)),
                }
                for area in listing.served
            ],
        )
        sessions = self._rows(GroupSession, map(self._session, listing.sessions))
        page.sessions = sessions
        DateChangeRecord.objects.bulk_create(
            DateChangeRecord(group_uid=listing.uid, session_uid=row.uid, date=change.date)
            for row, session in zip(sessions, listing.sessions, strict=True)
            for change in session.changes
        )
        publish_new(page, self._index)

    def _rows(self, model: type, rows: Any) -> list[Any]:
        return [model(locale=self._locale, sort_order=at, **fields) for at, fields in enumerate(rows)]

    def _session(self, session: PublicSession) -> dict[str, Any]:
        venue = self._venue(session.place, session.access) if session.place else None
        return {"mode": session.mode, "venue": venue, **_rule(session.rule)}

    @staticmethod
    def _venue(place: PublicPlace, access: Sequence[str]) -> Venue:
        venue = Venue(
            name=place.name,
            address=place.address,
            town=place.town,
            latitude=place.latitude,
            longitude=place.longitude,
        )
        venue.access_answers = [VenueAccess(feature=feature, answer="yes") for feature in access]  # type: ignore[misc]
        venue.save()
        return venue

    @staticmethod
    def _state_facts(listing: PublicListing) -> None:
        confirmed = listing.confirmed_on
        GroupFacts.objects.create(
            group_uid=listing.uid,
            status=listing.status,
            closed_on=listing.closed_on,
            capacity=listing.capacity,
            capacity_on=listing.capacity_on,
            stage=listing.stage,
            last_confirmed_at=confirmed
            and datetime.combine(confirmed, time(12), timezone.get_current_timezone()),
            confirmed_by=listing.confirmed_by,
        )
        if listing.source_name:
            SourceRecord.objects.create(
                group_uid=listing.uid,
                source="made-up",
                ref=str(listing.uid),
                source_name=listing.source_name,
                source_date=listing.source_date,
                values={},
            )


def _age_max(listing: PublicListing) -> int | None:
    """None where it is below the youngest: chance makes such a listing, and no page may say so."""
    youngest, oldest = listing.age_min, listing.age_max
    return None if youngest is not None and oldest is not None and oldest < youngest else oldest


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "frequency": rule.frequency,
        "weekdays": [Weekday.values[day] for day in rule.weekdays],
        "interval": rule.interval,
        "weeks_of_month": [str(week) for week in rule.weeks_of_month],
        "first_date": rule.first_date,
        "until": rule.until,
        "start": rule.start,
        "end": rule.end,
    }
