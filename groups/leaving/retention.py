"""How long things are kept (`domain.md`, "Retention"), one rule each. `manage.py forget_old` keeps to them, once a day.

Each rule says what is too old at a moment, and forgets at most so many, each in a transaction of its own. Running one again is
safe: what changed meanwhile is asked again before it goes. Counters are kept.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.models import FormState
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, WorkflowState

from groups.editing.models import Proposal, SeenLater
from groups.leaving import drafts, leavers
from groups.leaving.closed import EraseClosedGroup, closed_too_long
from groups.leaving.photos import stray_files
from groups.listings import changes
from groups.listings.facts import ClosureRecord, DateChangeRecord, FactHistory
from groups.mail.models import QueuedMail
from groups.people.membership.models import Claim, ClaimState, Invitation, MembershipHistory
from groups.people.signing_in.models import SignInRequest
from groups.problems.models import Problem

logger = logging.getLogger(__name__)

AUDIT_MONTHS = 24
INVITATIONS_KEPT = timedelta(days=30)
"""After they were accepted, taken back or too old."""


@dataclass(frozen=True)
class Rule:
    """old: what is too old at this moment. forget: let go of some of it, or tell its people first; returns how many it was."""

    name: Any
    old: Callable[[datetime], QuerySet | list[str]]
    forget: Callable[[Sequence[Any], datetime], int]

    def count(self, now: datetime) -> int:
        old = self.old(now)
        return len(old) if isinstance(old, list) else old.count()

    def keep_to(self, now: datetime, limit: int) -> int:
        """Forget at most `limit`. Returns how many."""
        return self.forget(list(self.old(now)[:limit]), now)


def _delete(rows: Sequence[models.Model], now: datetime) -> int:
    if rows:
        type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _delete_dates(rows: Sequence[Any], now: datetime) -> int:
    """Of a group's calendar: its listing is told."""
    with changes.together():
        changes.listing_changed(*{row.group_uid for row in rows})
        return _delete(rows, now)


def _one_by_one(verb: Callable[[Any, datetime], bool]) -> Callable[[Sequence[Any], datetime], int]:
    """Each in its own transaction. One that cannot go is logged, and keeps no other."""

    def forget(rows: Sequence[Any], now: datetime) -> int:
        done = 0
        for row in rows:
            try:
                done += verb(row, now)
            except Exception:  # whatever it is, the others are due
                logger.exception("%s %s could not be forgotten", row._meta.label, row.pk)
        return done

    return forget


def _erase_closed_group(facts: Any, now: datetime) -> bool:
    return EraseClosedGroup(facts.group_uid, today=timezone.localdate(now)).execute()


def _delete_files(names: Sequence[str], now: datetime) -> int:
    for name in names:
        default_storage.delete(name)
    return len(names)


def _audit(now: datetime) -> datetime:
    return now - relativedelta(months=AUDIT_MONTHS)


def _old_versions(now: datetime) -> QuerySet[Revision]:
    """Older versions of pages. What is live, the latest, timed, or before a moderator stays, however old."""
    pages = Page.objects.exclude(latest_revision=None)
    with_people = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
    return (
        Revision.objects.page_revisions()
        .filter(created_at__lt=_audit(now), approved_go_live_at=None)
        .exclude(pk__in=pages.values("latest_revision"))
        .exclude(pk__in=Page.objects.exclude(live_revision=None).values("live_revision"))
        .exclude(task_states__workflow_state__status__in=with_people)
        .order_by("created_at", "pk")
    )


def _finished_checks(now: datetime) -> QuerySet[WorkflowState]:
    done = (WorkflowState.STATUS_APPROVED, WorkflowState.STATUS_CANCELLED)
    return WorkflowState.objects.filter(status__in=done, created_at__lt=_audit(now))


def _old_invitations(now: datetime) -> QuerySet[Invitation]:
    before = now - INVITATIONS_KEPT
    over = Q(accepted_at__lt=before) | Q(taken_back_at__lt=before)
    return Invitation.objects.filter(over | Q(sent_at__lt=before - Invitation.VALIDITY))


RULES: tuple[Rule, ...] = (
    Rule(_("Told that what they did not finish goes in two weeks"), drafts.to_tell, _one_by_one(drafts.tell)),
    Rule(_("Told that their account goes in two weeks"), leavers.to_tell, _one_by_one(leavers.tell)),
    Rule(
        _("Groups closed for three months, with their contacts"),
        lambda now: closed_too_long(timezone.localdate(now)),
        _one_by_one(_erase_closed_group),
    ),
    Rule(
        _("Changes that nobody finished for six months"),
        drafts.abandoned_changes,
        _one_by_one(drafts.forget_changes),
    ),
    Rule(
        _("Pages that nobody finished for six months"),
        drafts.abandoned_pages,
        _one_by_one(drafts.forget_page),
    ),
    Rule(
        _("People off a page for 30 days"),
        leavers.ended_memberships,
        _one_by_one(leavers.forget_membership),
    ),
    Rule(
        _("Accounts without a page, not used for 30 days"),
        leavers.unused_accounts,
        _one_by_one(leavers.forget_account),
    ),
    Rule(_("E-mails queued 30 days ago"), QueuedMail.objects.old, _delete),
    Rule(_("Invitations over for 30 days"), _old_invitations, _delete),
    Rule(_("Sign-ins asked for a day ago"), SignInRequest.objects.old, _delete),
    Rule(_("Sessions that ended"), lambda now: Session.objects.filter(expire_date__lt=now), _delete),
    Rule(
        _("Unfinished forms of the admin, six months old"),
        lambda now: FormState.objects.filter(
            last_updated_at__lt=now - relativedelta(months=drafts.KEPT_FOR_MONTHS)
        ),
        _delete,
    ),
    Rule(_("Versions of pages, two years old"), _old_versions, _delete),
    Rule(_("Checks finished two years ago"), _finished_checks, _delete),
    Rule(
        _("What was done to pages two years ago"),
        lambda now: PageLogEntry.objects.filter(timestamp__lt=_audit(now)),
        _delete,
    ),
    Rule(
        _("What was done to other things two years ago"),
        lambda now: ModelLogEntry.objects.filter(timestamp__lt=_audit(now)),
        _delete,
    ),
    Rule(
        _("Who kept pages two years ago"),
        lambda now: MembershipHistory.objects.filter(at__lt=_audit(now)),
        _delete,
    ),
    Rule(
        _("Claims decided two years ago"),
        lambda now: Claim.objects.exclude(state=ClaimState.WAITING).filter(decided_at__lt=_audit(now)),
        _delete,
    ),
    Rule(
        _("Today's facts of two years ago"),
        lambda now: FactHistory.objects.filter(at__lt=_audit(now)),
        _delete,
    ),
    Rule(
        _("Dates cancelled or moved two years ago"),
        lambda now: DateChangeRecord.objects.filter(date__lt=_audit(now).date()),
        _delete_dates,
    ),
    Rule(
        _("Closed days of two years ago"),
        lambda now: ClosureRecord.objects.filter(last_day__lt=_audit(now).date()),
        _delete_dates,
    ),
    Rule(
        _("Changes that moderators saw two years ago"),
        lambda now: SeenLater.objects.filter(seen_at__lt=_audit(now)),
        _delete,
    ),
    Rule(
        _("Proposals decided two years ago"),
        lambda now: Proposal.objects.filter(decided_at__lt=_audit(now)),
        _delete,
    ),
    Rule(_("Reported problems closed two years ago"), Problem.objects.old, _delete),
    Rule(_("Picture files that nothing names"), stray_files, _delete_files),
)
