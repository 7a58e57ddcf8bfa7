"""What waits for a moderator, oldest first, and what one looks at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.models import TaskState

from groups.editing.differences import content_of
from groups.editing.models import SeenLater
from groups.editing.telling import Told, tell, told_of
from groups.imports.duplicates import Known, KnownGroups, Likeness
from groups.imports.transforms import postcode
from groups.listings.choices import ContactKind
from groups.listings.models import GroupPage


@dataclass(frozen=True, slots=True)
class Waiting:
    """One draft that waits. since: when it was sent first, not when it was changed last. is_new: never published."""

    state: int
    revision: int
    uid: str
    name: str
    since: datetime
    who: str
    is_new: bool


def waiting_states() -> QuerySet[TaskState]:
    """The tasks of groups that wait, the oldest first."""
    groups = ContentType.objects.get_for_model(GroupPage)
    return (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, workflow_state__content_type=groups)
        .select_related("workflow_state__requested_by", "revision")
        .order_by("workflow_state__created_at", "pk")
    )


def waiting() -> list[Waiting]:
    """Every draft that waits, in three queries."""
    states = list(waiting_states())
    pages = GroupPage.objects.in_bulk([int(state.workflow_state.object_id) for state in states])
    return [
        Waiting(
            state=state.pk,
            revision=state.revision_id,
            uid=str(page.uid),
            name=page.draft_title or page.title,
            since=state.workflow_state.created_at,
            who=name_of(state.workflow_state.requested_by),
            is_new=not page.live,
        )
        for state in states
        if (page := pages.get(int(state.workflow_state.object_id)))
    ]


def waiting_groups() -> list[UUID]:
    """The public id of each group's page whose draft waits; `waiting` without what it says."""
    states = waiting_states().order_by().values_list("workflow_state__object_id", flat=True)
    pages = GroupPage.objects.filter(pk__in=[int(pk) for pk in states])
    return list(pages.order_by().values_list("translation_key", flat=True))


def name_of(user: Any) -> str:
    """A person as the history names them; "" for nobody."""
    return (user.get_full_name() or user.get_username()) if user else ""


def changed_in(page: GroupPage, draft: GroupPage) -> list[Told]:
    """Only what the draft would change of the live page; all of it for a page nobody has seen."""
    content = content_of(draft)
    return tell(content_of(page), content) if page.live else told_of(page, content)


def likely_duplicates(draft: GroupPage) -> list[Likeness]:
    """Other groups this one may be, by name, postcode, place, phone and charity number."""
    known = KnownGroups.from_database()
    found: dict[str, Likeness] = {}
    for row in _as_known(draft):
        for like in known.like(row):
            if like.known.group != str(draft.uid):
                found.setdefault(like.known.group, like)
    return list(found.values())


def _as_known(draft: GroupPage) -> list[Known]:
    phone = next((row.value for row in draft.contacts.all() if row.kind == ContactKind.PHONE), "")
    charity = draft.organisation.charity_number if draft.organisation else ""
    venues = [row.venue for row in draft.sessions.all() if row.venue]
    where = [(postcode(venue.postcode), venue.latitude, venue.longitude) for venue in venues]
    return [
        Known(str(draft.uid), draft.title, code, latitude, longitude, phone, charity)
        for code, latitude, longitude in where or [("", draft.area_latitude, draft.area_longitude)]
    ]


def unseen() -> QuerySet[SeenLater]:
    """Safe changes of trusted groups that no moderator has seen, oldest first."""
    return SeenLater.objects.filter(seen_at=None).select_related("by")
