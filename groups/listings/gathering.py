"""What a listing is made of, as rows: from a page in memory (a preview: child lists there know only `all`, `filter` and
`order_by`), or from live rows in bulk.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from groups.links.models import broken_on
from groups.listings.choices import ContactKind
from groups.listings.facts import ClosureRecord, DateChangeRecord, GroupFacts
from groups.listings.provenance import SourceRecord
from groups.organisations.models import Organisation
from groups.places.models import TermDates, Venue, VenueAccess
from groups.reading import rows_by

TERMS = ("activities", "needs", "suggested_activities", "suggested_needs", "circumstances", "languages")


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


def parts_of_page(page: Any) -> ListingParts:
    """Of a page in memory: the words it holds now, with today's facts."""
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
        venue_access=rows_by(VenueAccess, "venue", venue_ids),
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
    for name in TERMS:
        parts.rows[name] = list(getattr(page, name).all())
    parts.broken = broken_on(_websites([page], parts.rows["contacts"]))
    return parts


def parts_of_live(uids: Iterable[UUID]) -> list[ListingParts]:
    """Of the listings the public may find among these, from live rows, in a constant number of queries.

    Unpublished, restricted and deleted groups are left out. A group with several translations gives the site's own language.
    """
    from groups.listings.models import Contact, GroupAccess, GroupPage, GroupPhoto, GroupSession, ServedArea

    chosen: dict[UUID, int] = {}
    listed = GroupPage.objects.with_uids(uids).listed()
    for pk, uid, language in listed.values_list("pk", "translation_key", "locale__language_code"):
        if uid not in chosen or language == settings.LANGUAGE_CODE:
            chosen[uid] = pk
    if not chosen:
        return []
    ids = list(chosen.values())
    sessions, contacts = rows_by(GroupSession, "page", ids), rows_by(Contact, "page", ids)
    rows: dict[str, Mapping[int, list]] = {
        "sessions": sessions,
        "served_areas": rows_by(ServedArea, "page", ids),
        "access_answers": rows_by(GroupAccess, "page", ids),
        "contacts": contacts,
        "photos": rows_by(GroupPhoto, "page", ids),
        "tags": _tags_by_page(ids),
        **_terms_by_page(ids),
    }
    by_id = rows_by(GroupPage, "id", ids)
    # Gone since they were chosen: only where no transaction holds them still.
    pages = [page for pk in ids for page in by_id[pk] if page.live]
    organisations = rows_by(Organisation, "id", {page.organisation_id for page in pages} - {None})
    for page in pages:
        page.organisation = next(iter(organisations[page.organisation_id]), None)
    facts, sources = rows_by(GroupFacts, "group_uid", chosen), rows_by(SourceRecord, "group_uid", chosen)
    changes = rows_by(DateChangeRecord, "group_uid", chosen)
    closures = rows_by(ClosureRecord, "group_uid", chosen)
    meeting: list[Any] = list(chain.from_iterable(sessions.values()))
    moved: Iterable[Any] = chain.from_iterable(changes.values())
    venue_ids = {row.venue_id for row in (*meeting, *moved)} - {None}
    venues = {pk: found[0] for pk, found in rows_by(Venue, "id", venue_ids).items()}
    venue_access = rows_by(VenueAccess, "venue", venue_ids)
    school_terms = list(TermDates.objects.all()) if any(row.term_time_only for row in meeting) else []
    broken = broken_on(_websites(pages, chain.from_iterable(contacts.values())))
    gathered = []
    for page in pages:
        uid = page.translation_key
        parts = ListingParts(
            page=page,
            facts=facts[uid][0] if facts.get(uid) else GroupFacts(group_uid=uid),
            path=_path(page),
            date_changes=changes.get(uid, []),
            closures=closures.get(uid, []),
            sources=sources.get(uid, []),
            venues=venues,
            venue_access=venue_access,
            terms=school_terms,
            broken=broken,
        )
        parts.rows.update({name: grouped.get(page.pk, []) for name, grouped in rows.items()})
        gathered.append(parts)
    return gathered


def _websites(pages: Iterable[Any], contacts: Iterable[Any]) -> set[str]:
    """Every website that these pages show."""
    own = {row.value for row in contacts if row.kind == ContactKind.WEBSITE}
    return own | {
        page.organisation.website for page in pages if page.organisation and page.organisation.website
    }


class Family(NamedTuple):
    slug: str
    colour: str


class TermRow(NamedTuple):
    """What a listing says of a term of the vocabulary. family: an activity's."""

    pk: int
    slug: str
    label: str
    family: Family | None


def _terms_by_page(page_ids: list[int]) -> dict[str, dict[int, list[TermRow]]]:
    """By the name of the relation, the terms of many pages in the vocabulary's own order, in one query."""
    places = ",".join(["%s"] * len(page_ids))
    found: dict[str, dict[int, list[TermRow]]] = {name: defaultdict(list) for name in TERMS}
    with connection.cursor() as cursor:
        cursor.execute(_terms_statement().replace("PAGES", places), page_ids * len(TERMS))
        for name, page_id, pk, slug, label, family, colour, *_order in cursor.fetchall():
            term = TermRow(pk, slug, label, Family(family, colour) if family is not None else None)
            found[name][page_id].append(term)
    return found


@cache
def _terms_statement() -> str:
    """Orders as the models do: by the family or area (where a term has one), its own place there, its label."""
    from groups.listings.models import GroupPage

    parts = []
    for name in TERMS:
        relation = GroupPage._meta.get_field(name)
        through, target = relation.remote_field.through._meta.db_table, relation.related_model
        term = target._meta.model_name
        above = {"activity": ("family", "above.slug, above.colour"), "need": ("area", "NULL, NULL")}.get(term)
        join = ""
        if above:
            table = target._meta.get_field(above[0]).related_model._meta.db_table
            join = f" JOIN {table} above ON above.id = term.{above[0]}_id"
        parts.append(
            f"SELECT '{name}' AS relation, link.grouppage_id, term.id, term.slug, term.label AS label,"  # noqa: S608
            f" {above[1] if above else 'NULL, NULL'}, {'above.sort_order' if above else '0'} AS above_order,"
            f" {'term.sort_order' if 'sort_order' in target._meta.ordering else '0'} AS own_order FROM {through} link"
            f" JOIN {target._meta.db_table} term ON term.id = link.{term}_id{join} WHERE link.grouppage_id IN (PAGES)"
        )
    return f"{' UNION ALL '.join(parts)} ORDER BY above_order, own_order, label"


def _tags_by_page(page_ids: list[int]) -> dict[int, list[str]]:
    places = ",".join(["%s"] * len(page_ids))
    found: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tagged.content_object_id, tag.name FROM groups_taggedgroup tagged"  # noqa: S608
            f" JOIN groups_grouptag tag ON tag.id = tagged.tag_id WHERE tagged.content_object_id IN ({places})",
            page_ids,
        )
        for page_id, name in cursor.fetchall():
            found[page_id].append(name)
    return found


def _path(page) -> str:
    """The page's address from the root of its site; empty for a draft that has no place in the tree yet."""
    if not page.url_path:
        return ""
    parts = page.get_url_parts()
    return parts[2] if parts and parts[2] else ""
