"""From rows to `PublicListing`: the one place where it is decided what may leave the house.

`public_listing` builds from `ListingParts`, which come either from a page in memory (a preview: child lists there know only
`all`, `filter` and `order_by`) or from live rows in bulk. Both give the same result.

Places (`model.md`, "Venues and private places"): only a public group shows its venues. For any other, each place is the
area's name and fixed centre, whatever rows say, and nothing is said about the way there.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.links.models import broken_on
from groups.listings.choices import Answer, ContactKind, ContactVisibility, LocationVisibility, Mode, Served
from groups.listings.facts import ClosureRecord, DateChangeRecord, GroupFacts
from groups.listings.provenance import SourceRecord
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
from groups.places.models import TermDates, Venue, VenueAccess
from groups.schedule.rules import DateChange, Span

_VISIBLE_TO = {
    Audience.PUBLIC: {ContactVisibility.PUBLIC},
    Audience.LINK_WORKERS: {ContactVisibility.PUBLIC, ContactVisibility.LINK_WORKERS},
}
_TERMS = ("activities", "needs", "suggested_activities", "suggested_needs", "circumstances", "languages")


@dataclass
class ListingParts:
    """Everything a listing is made of, as rows. `venues` by primary key; `terms` are all school terms;
    `broken`: websites that do not work, with the day of the last look."""

    page: Any
    facts: GroupFacts
    path: str = ""
    rows: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    date_changes: list[DateChangeRecord] = field(default_factory=list)
    closures: list[ClosureRecord] = field(default_factory=list)
    sources: list[SourceRecord] = field(default_factory=list)
    venues: dict[int, Venue] = field(default_factory=dict)
    venue_access: dict[int, list[VenueAccess]] = field(default_factory=dict)
    terms: list[TermDates] = field(default_factory=list)
    broken: dict[str, date] = field(default_factory=dict)


# --- gathering ------------------------------------------------------------------------------------


def listing_of(page, audience: Audience = Audience.PUBLIC) -> PublicListing:
    """The listing of a page in memory: the words it holds now (a preview's draft), with today's facts."""
    uid = page.translation_key
    sessions = list(page.sessions.all())
    changes = list(DateChangeRecord.objects.filter(group_uid=uid).select_related("venue"))
    venue_ids = {row.venue_id for row in (*sessions, *changes) if row.venue_id}
    parts = ListingParts(
        page=page,
        facts=GroupFacts.objects.filter(group_uid=uid).first() or GroupFacts(group_uid=uid),
        path=_path(page),
        date_changes=changes,
        closures=list(ClosureRecord.objects.filter(group_uid=uid)),
        sources=list(SourceRecord.objects.filter(group_uid=uid)),
        venues=Venue.objects.in_bulk(venue_ids),
        venue_access=_group(VenueAccess.objects.filter(venue__in=venue_ids), "venue_id"),
        terms=list(TermDates.objects.all()) if any(row.term_time_only for row in sessions) else [],
    )
    parts.rows.update(
        sessions=sessions,
        served_areas=list(page.served_areas.all()),
        access_answers=list(page.access_answers.all()),
        contacts=list(page.contacts.all()),
        photos=list(page.photos.all()),
        tags=[tag.name for tag in page.tags.all()],
    )
    for name in _TERMS:
        parts.rows[name] = list(getattr(page, name).all())
    parts.broken = broken_on(_websites([page], parts.rows["contacts"]))
    return public_listing(parts, audience)


def listings_of(uids: Iterable[UUID], audience: Audience = Audience.PUBLIC) -> dict[UUID, PublicListing]:
    """The listings the public may find among these, from live rows, in a constant number of queries.

    Unpublished, restricted and deleted groups are left out. A group with several translations gives the site's own language.
    """
    from groups.listings.models import GroupPage

    found = GroupPage.objects.with_uids(uids).listed().select_related("organisation", "locale")
    pages: dict[UUID, Any] = {}
    for page in found:
        if page.translation_key not in pages or page.locale.language_code == settings.LANGUAGE_CODE:
            pages[page.translation_key] = page
    return {
        parts.page.translation_key: public_listing(parts, audience)
        for parts in _parts_in_bulk(list(pages.values()))
    }


def _parts_in_bulk(pages: Sequence[Any]) -> list[ListingParts]:
    from groups.listings.models import Contact, GroupAccess, GroupPhoto, GroupSession, ServedArea, TaggedGroup

    if not pages:
        return []
    ids = [page.pk for page in pages]
    uids = [page.translation_key for page in pages]
    rows = {
        name: _group(model.objects.filter(page__in=ids), "page_id")
        for name, model in (
            ("sessions", GroupSession),
            ("served_areas", ServedArea),
            ("access_answers", GroupAccess),
            ("contacts", Contact),
            ("photos", GroupPhoto),
        )
    }
    tags = defaultdict(list)
    for tagged in TaggedGroup.objects.filter(content_object__in=ids).select_related("tag"):
        tags[tagged.content_object_id].append(tagged.tag.name)
    terms = {name: _terms_by_page(name, ids) for name in _TERMS}
    facts = {row.group_uid: row for row in GroupFacts.objects.filter(group_uid__in=uids)}
    changes = _group(DateChangeRecord.objects.filter(group_uid__in=uids), "group_uid")
    closures = _group(ClosureRecord.objects.filter(group_uid__in=uids), "group_uid")
    sources = _group(SourceRecord.objects.filter(group_uid__in=uids), "group_uid")
    venue_ids = {
        row.venue_id
        for grouped in (rows["sessions"], changes)
        for many in grouped.values()
        for row in many
        if row.venue_id
    }
    venues = Venue.objects.in_bulk(venue_ids)
    venue_access = _group(VenueAccess.objects.filter(venue__in=venue_ids), "venue_id")
    needs_terms = any(row.term_time_only for many in rows["sessions"].values() for row in many)
    school_terms = list(TermDates.objects.all()) if needs_terms else []
    broken = broken_on(_websites(pages, [row for many in rows["contacts"].values() for row in many]))

    gathered = []
    for page in pages:
        uid = page.translation_key
        parts = ListingParts(
            page=page,
            facts=facts.get(uid) or GroupFacts(group_uid=uid),
            path=_path(page),
            date_changes=changes.get(uid, []),
            closures=closures.get(uid, []),
            sources=sources.get(uid, []),
            venues=venues,
            venue_access=venue_access,
            terms=school_terms,
            broken=broken,
        )
        for name, grouped in {**rows, **terms}.items():
            parts.rows[name] = grouped.get(page.pk, [])
        parts.rows["tags"] = tags.get(page.pk, [])
        gathered.append(parts)
    return gathered


def _websites(pages: Iterable[Any], contacts: Iterable[Any]) -> set[str]:
    """Every website that these pages show."""
    own = {row.value for row in contacts if row.kind == ContactKind.WEBSITE}
    return own | {
        page.organisation.website for page in pages if page.organisation and page.organisation.website
    }


def _group(rows: Iterable[Any], key: str) -> dict[Any, list]:
    grouped: dict[Any, list] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped


def _terms_by_page(name: str, page_ids: list[int]) -> dict[int, list]:
    """The terms of many pages, in the vocabulary's own order, with one query for links and one for terms."""
    from groups.listings.models import GroupPage

    relation = GroupPage._meta.get_field(name)
    through, target = relation.remote_field.through, relation.related_model
    target_id = f"{target._meta.model_name}_id"
    links = list(through.objects.filter(grouppage__in=page_ids).values_list("grouppage_id", target_id))
    terms = target.objects.filter(pk__in={term_id for _page, term_id in links})
    if target._meta.model_name == "activity":
        terms = terms.select_related("family")
    by_id = {term.pk: (place, term) for place, term in enumerate(terms)}
    grouped: dict[int, list] = defaultdict(list)
    for page_id, term_id in links:
        grouped[page_id].append(by_id[term_id])
    return {
        page_id: [term for _place, term in sorted(many, key=lambda p: p[0])]
        for page_id, many in grouped.items()
    }


def _path(page) -> str:
    """The page's address from the root of its site; empty for a draft that has no place in the tree yet."""
    if not page.url_path:
        return ""
    parts = page.get_url_parts()
    return parts[2] if parts and parts[2] else ""


# --- deciding -------------------------------------------------------------------------------------


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
            family=term.family.slug if hasattr(term, "family") else "",
            colour=term.family.colour if hasattr(term, "family") else "",
            suggested=is_suggested,
        )
        for term, is_suggested in pairs
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
