"""A row that is new: its group with revision, facts, record and place in the index, or nothing of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations

from groups.imports import fields
from groups.imports.fields import Shared
from groups.imports.listing import ImportedListing
from groups.imports.mapping import Mapping
from groups.imports.updating import storable
from groups.listings import changes
from groups.listings.choices import LocationVisibility, Status
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupIndexPage, GroupPage
from groups.listings.provenance import SourceRecord

SLUG_LETTERS = 80


class Slugs:
    """Free addresses under one page, without a query for each row."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    @classmethod
    def under(cls, parent: GroupIndexPage) -> "Slugs":
        return cls(parent.get_children().values_list("slug", flat=True))

    def take(self, name: str) -> str:
        base = slugify(name)[:SLUG_LETTERS].strip("-") or "group"
        slug, number = base, self._last.get(base, 1)
        while slug in self._taken:
            number += 1
            slug = f"{base}-{number}"
        self._last[base] = number
        self._taken.add(slug)
        return slug


def create(
    listing: ImportedListing,
    mapping: Mapping,
    fingerprint: str,
    *,
    parent_id: int,
    slugs: Slugs,
    shared: Shared,
) -> GroupPage:
    """Publish a new group. Raises ValidationError or a database error, and then nothing is written."""
    now = timezone.now()
    with transaction.atomic(), changes.together():
        # Two pages added under one parent at once would collide on their place in the tree.
        parent = GroupIndexPage.objects.select_for_update().get(pk=parent_id)
        page = GroupPage(
            slug=slugs.take(listing.title),
            locale=parent.locale,
            live=True,
            first_published_at=now,
            last_published_at=now,
        )
        for name in fields.ORDER:
            if name in listing.values:
                fields.write(name, page, listing.values[name], shared)
        status = listing.values.get("status", Status.OPEN)
        GroupFacts.objects.create(
            group_uid=page.uid,
            location_visibility=listing.visibility,
            status=status,
            closed_on=timezone.localdate(now) if status == Status.CLOSED else None,
        )
        _record(page.uid, listing, mapping, fingerprint, listing.visibility).save()
        rows = dict(page._cluster_related_objects)
        parent.add_child(instance=page)
        _remember(page, rows)
        revision = page.save_revision(changed=False, clean=False, log_action=False)
        GroupPage.objects.filter(pk=page.pk).update(live_revision=revision)
    return page


def _remember(page: GroupPage, rows: dict[str, list]) -> None:
    """Tell a page its rows as just saved: to read every relation again for the revision takes a sixth of an import."""
    relations = [relation.get_accessor_name() for relation in get_all_child_relations(page)]
    for name in (*relations, *(field.name for field in get_all_child_m2m_relations(page))):
        setattr(page, name, rows.get(name, []))


def attach(uid: UUID, listing: ImportedListing, mapping: Mapping, fingerprint: str) -> None:
    """The group is here already: one more source lists it, and nothing of its words changes."""
    facts = GroupFacts.objects.filter(group_uid=uid).first()
    with transaction.atomic():
        visibility = facts.location_visibility if facts else LocationVisibility.PUBLIC
        _record(uid, listing, mapping, fingerprint, visibility).save()
        changes.listing_changed(uid)


def _record(
    uid: Any, listing: ImportedListing, mapping: Mapping, fingerprint: str, visibility: str
) -> SourceRecord:
    return SourceRecord(
        group_uid=uid,
        source=mapping.source,
        ref=listing.ref,
        source_name=mapping.name,
        licence=mapping.licence,
        url=listing.url or mapping.url,
        values=storable(listing.values, visibility),
        fingerprint=fingerprint,
        source_date=listing.source_date,
    )
