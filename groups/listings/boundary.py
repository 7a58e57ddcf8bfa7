"""From rows to `PublicListing`: the one place where it is decided what may leave the house.

`public_listing` builds from `ListingParts`, which come either from a page in memory or from live rows in bulk
(`groups.listings.gathering`). Both give the same result.

Places (`model.md`, "Venues and private places"): only a public group shows its venues. For any other, each place is the
area's name and fixed centre, whatever rows say, and nothing is said about the way there.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from groups.listings.choices import Answer, ContactVisibility, LocationVisibility, Mode, Served
from groups.listings.facts import DateChangeRecord
from groups.listings.gathering import ListingParts, parts_of_live, parts_of_page
from groups.listings.public import (
    Audience,
    PublicAnswer,
    PublicContact,
    PublicListing,
    PublicPhoto,
    PublicPlace,
    PublicServed,
    PublicSession,
    PublicTopic,
)
from groups.places.models import Venue
from groups.schedule.rules import DateChange, Span

_VISIBLE_TO = {
    Audience.PUBLIC: {ContactVisibility.PUBLIC},
    Audience.LINK_WORKERS: {ContactVisibility.PUBLIC, ContactVisibility.LINK_WORKERS},
}


def listing_of(page, audience: Audience = Audience.PUBLIC) -> PublicListing:
    """The listing of a page in memory: the words it holds now (a preview's draft), with today's facts."""
    return public_listing(parts_of_page(page), audience)


def listings_of(uids: Iterable[UUID], audience: Audience = Audience.PUBLIC) -> dict[UUID, PublicListing]:
    """The listings the public may find among these, from live rows, in a constant number of queries.

    Unpublished, restricted and deleted groups are left out. A group with several translations gives the site's own language.
    """
    return {parts.page.translation_key: public_listing(parts, audience) for parts in parts_of_live(uids)}


def public_listing(parts: ListingParts, audience: Audience = Audience.PUBLIC) -> PublicListing:
    """What `audience` may know about a group."""
    page, facts, rows = parts.page, parts.facts, parts.rows
    organisation = page.organisation
    shows_places = facts.location_visibility == LocationVisibility.PUBLIC
    source = max(parts.sources, key=lambda record: str(record.source_date or ""), default=None)
    return PublicListing(
        uid=page.translation_key,
        name=page.title,
        path=parts.path,
        summary=page.summary,
        description=page.description,
        organisation=organisation.name if organisation else "",
        organisation_about=organisation.about if organisation else "",
        organisation_website=organisation.website if organisation else "",
        organisation_website_broken_on=parts.broken.get(organisation.website) if organisation else None,
        activities=_topics(rows["activities"], rows["suggested_activities"]),
        needs=_topics(rows["needs"], rows["suggested_needs"]),
        circumstances=_topics(rows["circumstances"]),
        languages=_topics(rows["languages"]),
        tags=tuple(sorted(rows["tags"])),
        age_min=page.age_min,
        age_max=page.age_max,
        gender=page.gender,
        children_young_people=page.children_young_people,
        outdoors_nature=page.outdoors_nature,
        cost_kind=page.cost_kind,
        cost_amount=page.cost_amount,
        cost_note=page.cost_note,
        joining_kind=page.joining_kind,
        joining_note=page.joining_note,
        sessions=tuple(_session(parts, row, shows_places) for row in rows["sessions"]),
        times_note=page.times_note,
        served=tuple(_served(parts, row, shows_places) for row in rows["served_areas"]),
        getting_there=page.getting_there if shows_places else "",
        access=_access(parts, shows_places),
        first_visit_welcome=page.first_visit_welcome,
        bring_someone=page.bring_someone,
        first_visit_note=page.first_visit_note,
        contacts=tuple(
            PublicContact(row.kind, row.value, row.label, broken_on=parts.broken.get(row.value))
            for row in rows["contacts"]
            if row.visibility in _VISIBLE_TO[audience]
        ),
        photos=tuple(
            PublicPhoto(image_id=row.image_id, alt="" if row.decorative else row.alt)
            for row in rows["photos"]
            if row.image_id
        ),
        accepts_referrals=page.accepts_referrals,
        referral_how=page.referral_how,
        safeguarding_lead=page.safeguarding_lead,
        dbs_note=page.dbs_note,
        status=facts.status,
        closed_on=facts.closed_on,
        capacity=facts.capacity,
        capacity_on=facts.capacity_on,
        capacity_note=facts.capacity_note,
        location_visibility=facts.location_visibility,
        stage=facts.stage,
        stage_note=facts.stage_note,
        confirmed_on=_local_day(facts.last_confirmed_at),
        confirmed_by=facts.confirmed_by,
        source_name=source.source_name if source else "",
        source_date=source.source_date if source else None,
        source_url=source.url if source else "",
        source_licence=source.licence if source else "",
        source_refs=tuple(sorted((record.source, record.ref) for record in parts.sources)),
        first_published_on=_local_day(page.first_published_at),
        updated_on=_local_day(page.last_published_at),
    )


def _local_day(moment):
    return timezone.localtime(moment).date() if moment else None


def _topics(stated: list, suggested: Sequence[Any] = ()) -> tuple[PublicTopic, ...]:
    known = {term.pk for term in stated}
    pairs = [(term, False) for term in stated] + [(term, True) for term in suggested if term.pk not in known]
    return tuple(
        PublicTopic(
            slug=term.slug,
            label=term.label,
            family=family.slug if family else "",
            colour=family.colour if family else "",
            suggested=is_suggested,
        )
        for term, is_suggested in pairs
        for family in [getattr(term, "family", None)]
    )


def _area(parts: ListingParts) -> PublicPlace | None:
    page = parts.page
    if not page.area_name:
        return None
    return PublicPlace(
        name=page.area_name,
        latitude=page.area_latitude,
        longitude=page.area_longitude,
        exact=False,
        ask=parts.facts.location_visibility == LocationVisibility.ON_CONTACT,
    )


def _venue_place(venue: Venue) -> PublicPlace:
    return PublicPlace(
        name=venue.name,
        address=venue.address,
        town=venue.town,
        postcode=venue.postcode,
        latitude=venue.latitude,
        longitude=venue.longitude,
        uid=str(venue.uid),
        path=venue.get_absolute_url(),
        getting_here=venue.getting_here,
    )


def _session(parts: ListingParts, row, shows_places: bool) -> PublicSession:
    venue = parts.venues.get(row.venue_id) if shows_places else None
    place = None
    if row.mode == Mode.IN_PERSON:
        place = _venue_place(venue) if venue else _area(parts)
    changes = [record for record in parts.date_changes if record.session_uid == row.uid]
    other_places = [
        _venue_place(parts.venues[record.venue_id])
        for record in changes
        if shows_places and record.venue_id in parts.venues
    ]
    return PublicSession(
        uid=str(row.uid),
        mode=row.mode,
        rule=row.rule,
        label=row.label,
        place=place,
        access=tuple(answer.feature for answer in _answers_at(parts, venue) if answer.answer == Answer.YES),
        changes=tuple(_change(parts, record, shows_places) for record in changes),
        closures=tuple(record.value for record in parts.closures if record.session_uid in (None, row.uid)),
        terms=_terms_for(parts, venue) if row.term_time_only else (),
        other_places=tuple(dict.fromkeys(other_places)),
    )


def _change(parts: ListingParts, record: DateChangeRecord, shows_places: bool) -> DateChange:
    venue = parts.venues.get(record.venue_id) if shows_places and record.venue_id else None
    return DateChange(
        date=record.date,
        to_date=record.to_date,
        start=record.start,
        end=record.end,
        place=str(venue.uid) if venue else "",
        reason=record.reason,
    )


def _terms_for(parts: ListingParts, venue: Venue | None) -> tuple[Span, ...]:
    """The terms of the venue's district, or else the terms for everywhere."""
    district = venue.district if venue else ""
    own = [term for term in parts.terms if district and term.district == district]
    chosen = own or [term for term in parts.terms if not term.district]
    return tuple(Span(term.first_day, term.last_day, term.name) for term in chosen)


def _served(parts: ListingParts, row, shows_places: bool) -> PublicServed:
    if not shows_places and row.kind in (Served.RADIUS, Served.PLACE):
        # Its centre may be the very place that must not be found: use the area's.
        area = _area(parts)
        return PublicServed(
            kind=row.kind,
            label=area.name if area else "",
            latitude=area.latitude if area else None,
            longitude=area.longitude if area else None,
            miles=float(row.miles) if row.miles else None,
        )
    return PublicServed(
        kind=row.kind,
        label=row.label,
        district_code=row.district_code,
        latitude=row.latitude if row.kind != Served.DISTRICT else None,
        longitude=row.longitude if row.kind != Served.DISTRICT else None,
        miles=float(row.miles) if row.miles and row.kind != Served.DISTRICT else None,
    )


def _answers_at(parts: ListingParts, venue: Venue | None) -> list[PublicAnswer]:
    """A venue's answers under the group's own; "not known" never overrides."""
    merged: dict[str, PublicAnswer] = {}
    for row in [*(parts.venue_access.get(venue.pk, []) if venue else []), *parts.rows["access_answers"]]:
        if row.answer != Answer.UNKNOWN:
            merged[row.feature] = PublicAnswer(row.feature, row.answer, row.detail)
    return list(merged.values())


def _access(parts: ListingParts, shows_places: bool) -> tuple[PublicAnswer, ...]:
    """Answers for the listing: where its venues differ, "ask us", with the answer for each."""
    venues = [
        parts.venues[row.venue_id]
        for row in parts.rows["sessions"]
        if shows_places and row.venue_id in parts.venues
    ]
    venues = list({venue.pk: venue for venue in venues}.values())
    if len(venues) < 2:
        return tuple(_answers_at(parts, venues[0] if venues else None))
    by_feature: dict[str, dict[str, PublicAnswer]] = defaultdict(dict)
    for venue in venues:
        for answer in _answers_at(parts, venue):
            by_feature[answer.feature][venue.name] = answer
    return tuple(_joined(answers, len(venues)) for answers in by_feature.values())


def _joined(answers: dict[str, PublicAnswer], venue_count: int) -> PublicAnswer:
    first = next(iter(answers.values()))
    if len(answers) == venue_count and len({answer.answer for answer in answers.values()}) == 1:
        return first
    told = "; ".join(
        _("%(venue)s: %(answer)s") % {"venue": name, "answer": Answer(answer.answer).label}
        for name, answer in answers.items()
    )
    return PublicAnswer(first.feature, Answer.ASK, told)
