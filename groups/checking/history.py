"""Who did what to a group's page, with names, the latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision, TaskState

from groups.admin.today.history import history_of as facts_history
from groups.checking.queue import name_of
from groups.editing.saving import PUBLISHED_BESIDE
from groups.editing.telling import labels_of, tell
from groups.listings.models import GroupPage
from groups.reviews.models import ReviewStep

ENTRIES = 30
_SAID_BY_OTHERS = ("capacity_on", "confirmed_by", "closed_on", "erased_on")
"""Facts that change together with the one that people know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """what: what happened, in plain words. details: the parts that changed, or the reason that was given."""

    at: datetime
    who: str
    what: str
    details: str = ""


def history_of(page: GroupPage) -> list[Entry]:
    """Versions, decisions, today's facts and what was asked, at most ENTRIES of each kind."""
    found = [*_versions(page), *_decisions(page), *_facts(page), *_reviews(page)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:ENTRIES]


def _versions(page: GroupPage) -> list[Entry]:
    """Versions with what each changed; one that was published beside a waiting draft is told by that draft."""
    beside = PageLogEntry.objects.filter(page=page, action=PUBLISHED_BESIDE, revision__isnull=False)
    revisions = list(
        Revision.objects.filter(
            content_type=ContentType.objects.get_for_model(GroupPage), object_id=str(page.pk)
        )
        .exclude(pk__in=beside.values("revision"))
        .select_related("user")
        .order_by("-created_at", "-pk")[: ENTRIES + 1]
    )
    entries = []
    for revision, before in zip(revisions, [*revisions[1:], None], strict=True):
        if before is None:
            if len(revisions) <= ENTRIES:
                entries.append(
                    Entry(revision.created_at, name_of(revision.user) or _staff(), _("Made the page"))
                )
            continue
        labels = labels_of(tell(before.content, revision.content))
        if labels:
            entries.append(
                Entry(
                    revision.created_at, name_of(revision.user) or _staff(), _("Changed"), ", ".join(labels)
                )
            )
    return entries


def _decisions(page: GroupPage) -> list[Entry]:
    words: dict[str, Any] = {
        TaskState.STATUS_APPROVED: _("Approved and published"),
        TaskState.STATUS_REJECTED: _("Asked for a change"),
    }
    states = TaskState.objects.filter(
        workflow_state__content_type=ContentType.objects.get_for_model(GroupPage),
        workflow_state__object_id=str(page.pk),
        status__in=words,
        finished_at__isnull=False,
    ).select_related("finished_by")
    return [
        Entry(state.finished_at, name_of(state.finished_by) or _staff(), words[state.status], state.comment)
        for state in states.order_by("-finished_at")[:ENTRIES]
    ]


def _facts(page: GroupPage) -> list[Entry]:
    return [
        Entry(row.at, row.who, row.what, row.after)
        for row in facts_history(page.uid, without=_SAID_BY_OTHERS)[:ENTRIES]
    ]


def _reviews(page: GroupPage) -> list[Entry]:
    rows = ReviewStep.objects.filter(group_uid=page.uid)[:ENTRIES]
    return [Entry(row.at, _system(), row.get_step_display()) for row in rows]


def _system() -> str:
    return _("The system")


def _staff() -> str:
    return _("Our staff")
