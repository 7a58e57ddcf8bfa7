"""A row that changed at its source: what may change here, what is left and why, and the change itself.

A field changes only where the live page, and a draft that waits, still say what was last imported (`model.md`, "Who and
from where"). A change goes to the live page and to the waiting draft, so that approving the draft never undoes it, and no
draft is published. The draft keeps its place in its workflow.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.imports import fields
from groups.imports.fields import EMPTY, Shared
from groups.imports.listing import ImportedListing, Values
from groups.imports.mapping import Mapping
from groups.listings import changes
from groups.listings.choices import LocationVisibility, Status
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.listings.provenance import SourceRecord

_PLACE = ("venue", "area_name")


@dataclass
class Plan:
    """What a changed row does. apply: new values by field. left: why, by field; "" is the whole listing.

    keep: what the record holds from now on as last imported. settled: the row needs no second look until it changes again.
    """

    page: GroupPage | None
    apply: Values = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    keep: Values = field(default_factory=dict)
    settled: bool = True
    facts: GroupFacts | None = None


def plan_update(record: SourceRecord, listing: ImportedListing, shared: Shared) -> Plan:
    """Compare a row with what was last imported and with what stands here now. Writes nothing."""
    page = (
        GroupPage.objects.filter(translation_key=record.group_uid)
        .order_by("locale_id")
        .select_related("organisation")
        .first()
    )
    facts = GroupFacts.objects.filter(group_uid=record.group_uid).first() or GroupFacts(
        group_uid=record.group_uid
    )
    wanted = storable(listing.values, facts.location_visibility)
    changed = {
        name: value for name, value in wanted.items() if record.values.get(name, _empty(name)) != value
    }
    if listing.visibility != facts.location_visibility:
        for name in _PLACE:
            changed.pop(name, None)
    plan = Plan(page, keep={**record.values, **wanted}, facts=facts)
    if _looser(facts.location_visibility, listing.visibility):
        plan.left["venue"] = _("it may be a place that must not be found, and it is public here: ask staff")
    if changed and (reason := _why_not(page, facts)):
        return Plan(page, left={"": reason}, keep=record.values, settled=False, facts=facts)
    if page is None:
        return plan
    draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    for name, value in changed.items():
        last = record.values.get(name, _empty(name))
        if name == "status":
            stands = [facts.status]
        else:
            stands = [
                fields.read(name, version, last, shared) for version in (page, draft) if version is not None
            ]
        if all(now == value for now in stands):
            continue
        if all(now in (last, value) for now in stands):
            plan.apply[name] = value
        else:
            plan.left[name] = _("changed by people here")
    return plan


def storable(values: Values, visibility: str) -> Values:
    """Values as a source record may keep them: of a place that is not public, nothing but the area."""
    return values if visibility == LocationVisibility.PUBLIC else {**values, "venue": None}


def _empty(name: str) -> Any:
    return str(Status.OPEN) if name == "status" else EMPTY[name]


def _looser(here: str, wanted: str) -> bool:
    order = LocationVisibility.values
    return order.index(here) < order.index(wanted)


def _why_not(page: GroupPage | None, facts: GroupFacts) -> str:
    if page is None:
        return _("its group is no longer here")
    if facts.claimed:
        return _("kept by the group itself")
    if not page.live:
        return _("not published here")
    if page.locked:
        return _("locked by staff")
    if page.scheduled_revision:
        return _("a version waits for its date")
    return ""


def update(
    record: SourceRecord,
    listing: ImportedListing,
    mapping: Mapping,
    plan: Plan,
    fingerprint: str,
    shared: Shared,
) -> None:
    """Write a plan: page, revision, facts, record and index, all or nothing."""
    with transaction.atomic(), changes.together():
        if plan.apply and plan.page:
            words = {name: value for name, value in plan.apply.items() if name != "status"}
            if words:
                _change_page(plan.page, words, shared)
            if "status" in plan.apply and plan.facts:
                _change_status(plan.facts, plan.apply["status"])
        record.values = plan.keep
        record.fingerprint = fingerprint if plan.settled else record.fingerprint
        if plan.settled:
            record.source_date, record.url = listing.source_date, listing.url or mapping.url
            record.source_name, record.licence = mapping.name, mapping.licence
        record.gone_at = None
        record.imported_at = timezone.now()
        record.save()
        changes.listing_changed(record.group_uid)


def _change_page(page: GroupPage, words: Values, shared: Shared) -> None:
    waiting = page.latest_revision if page.has_unpublished_changes else None
    _write_all(page, words, shared)
    page.save_revision(log_action=False).publish()
    if waiting:
        draft = waiting.as_object()
        _write_all(draft, words, shared)
        latest = draft.save_revision(clean=False, log_action=False)
        task = page.current_workflow_task_state
        if task:
            task.revision = latest
            task.save(update_fields=["revision"])


def _write_all(page: GroupPage, words: Values, shared: Shared) -> None:
    for name in fields.ORDER:
        if name in words:
            fields.write(name, page, words[name], shared)


def _change_status(facts: GroupFacts, status: str) -> None:
    facts = GroupFacts.objects.for_group(facts.group_uid)
    if status == Status.CLOSED:
        facts.close(by=None)
    else:
        facts.change(by=None, status=status, closed_on=None)
