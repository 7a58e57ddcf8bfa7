"""Drafts that nobody finished (`domain.md`, "Retention": six months). Their people are told a fortnight before."""

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision, WorkflowState

from groups.editing.saving import PUBLISHED_BESIDE, throw_away
from groups.leaving.notice import TOLD_BEFORE
from groups.leaving.photos import forget_photos, photos_of
from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.people.membership.models import Claim, Invitation, Membership, MembershipHistory, Scope
from groups.people.membership.queries import members_of

KEPT_FOR_MONTHS = 6
TOLD = "waymark.tell_of_an_old_draft"
"""In the log: its people were told that the draft goes. A draft goes only after it stood so long."""


def abandoned_changes(now: datetime) -> QuerySet[GroupPage]:
    """Published pages with a draft that nobody touched, and that no moderator is asked to look at."""
    return _changes(_untouched(_too_old(now)).filter(_told(now - TOLD_BEFORE)))


def abandoned_pages(now: datetime) -> QuerySet[GroupPage]:
    """Pages that were never published, untouched likewise."""
    return _never_published(_untouched(_too_old(now)).filter(_told(now - TOLD_BEFORE)))


def to_tell(now: datetime) -> QuerySet[GroupPage]:
    """Pages with a draft that goes in a fortnight, whose people do not know yet."""
    old = _untouched(_too_old(now + TOLD_BEFORE)).exclude(_told(now))
    return _changes(old) | _never_published(old)


def _changes(pages: QuerySet[GroupPage]) -> QuerySet[GroupPage]:
    return pages.filter(live=True, has_unpublished_changes=True)


def _never_published(pages: QuerySet[GroupPage]) -> QuerySet[GroupPage]:
    return pages.filter(live=False, first_published_at=None)


def _too_old(now: datetime) -> datetime:
    return now - relativedelta(months=KEPT_FOR_MONTHS)


def _told(until: datetime) -> Exists:
    """Since the draft was touched last, until then."""
    entries = PageLogEntry.objects.filter(page=OuterRef("pk"), action=TOLD, timestamp__lte=until)
    return Exists(entries.filter(timestamp__gte=OuterRef("latest_revision_created_at")))


def _untouched(before: datetime) -> QuerySet[GroupPage]:
    pages = GroupPage.objects.filter(
        latest_revision_created_at__lt=before, latest_revision__approved_go_live_at=None
    )
    sent = WorkflowState.objects.filter(
        content_type=ContentType.objects.get_for_model(GroupPage), status=WorkflowState.STATUS_IN_PROGRESS
    )
    waiting = [int(pk) for pk in sent.values_list("object_id", flat=True)]
    return pages.exclude(pk__in=waiting).order_by("latest_revision_created_at", "pk")


@transaction.atomic
def tell(page: GroupPage, now: datetime) -> bool:
    """Everybody who keeps the page hears on which day the draft goes. A page that nobody keeps is noted all the same."""
    page = GroupPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not to_tell(now).filter(pk=page.pk).exists():
        return False
    log(page, TOLD, timestamp=now)
    context = {
        "group": page.draft_title or page.title,
        "uid": page.uid,
        "is_live": page.live,
        "touched": timezone.localdate(page.latest_revision_created_at),
        "goes": timezone.localdate(now + TOLD_BEFORE),
    }
    for email in sorted({member.user.email for member in members_of(page)}):
        queue_mail("draft_goes", to=email, context=context)
    return True


@transaction.atomic
def forget_changes(page: GroupPage, now: datetime) -> bool:
    """Back to what visitors see, and the versions that held the draft go, with photos that only they show."""
    page = GroupPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not abandoned_changes(now).filter(pk=page.pk).exists():
        return False
    log = PageLogEntry.objects.filter(page=page, revision__isnull=False)
    public = set(log.filter(action=PUBLISHED_BESIDE).values_list("revision", flat=True))
    whole = (
        log.filter(action="wagtail.publish").order_by("-timestamp").values_list("revision", flat=True).first()
    )
    dropped = _versions(page).filter(pk__gt=whole or 0)
    dropped = dropped.exclude(pk__in=public | {page.live_revision_id})
    held = list(dropped)
    throw_away(page.pk, by=None)
    Revision.objects.filter(pk__in=[version.pk for version in held]).delete()
    forget_photos(photos_of([], [version.content for version in held]))
    return True


@transaction.atomic
def forget_page(page: GroupPage, now: datetime) -> bool:
    """A page that nobody ever saw goes, with who kept it."""
    page = GroupPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not abandoned_pages(now).filter(pk=page.pk).exists():
        return False
    photos = photos_of([page.pk], list(_versions(page).values_list("content", flat=True)))
    scope = Scope.of_group(page)
    others = GroupPage.objects.with_uids([page.uid]).exclude(pk=page.pk)
    if not others.exists():
        scoped: tuple[Any, ...] = (Membership, Invitation, MembershipHistory)
        for model in scoped:
            model.objects.of(scope).delete()
        Claim.objects.filter(group_uid=page.uid).delete()
    page.delete()
    PageLogEntry.objects.filter(page=page.pk).delete()
    forget_photos(photos)
    return True


def _versions(page: GroupPage) -> QuerySet[Revision]:
    return Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(GroupPage), object_id=str(page.pk)
    )
