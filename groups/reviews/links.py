"""The link in a reminder: it names one step of one group's round and one person. It can confirm that, and nothing else.

It signs nobody in. Whoever reads the person's mail can press it, so it works for `VALIDITY` only, until the first check after
the reminder, and while the person keeps the page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from groups.editing.today import GroupTodayForm, say_today
from groups.listings import changes
from groups.listings.choices import ConfirmedBy, Status
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.people.membership.models import Membership
from groups.people.membership.queries import members_of
from groups.reviews.models import ReviewStep

VALIDITY = timedelta(days=60)
_KEYS = Signer(salt="waymark.still_right")


class State(StrEnum):
    """What a link can do now."""

    OPEN = "open"
    DONE = "done"  # somebody checked the page since
    OLD = "old"
    LEFT = "left"  # the person keeps the page no more
    HIDDEN = "hidden"  # the page is not published, or its group has closed


@dataclass(frozen=True, slots=True)
class Link:
    """What a link names: one step, one person's membership, one page."""

    state: State
    step: ReviewStep
    member: Membership
    page: GroupPage


def key_for(step: ReviewStep, member: Membership) -> str:
    return _KEYS.sign(f"{step.uid.hex}{member.uid.hex}")


def link_of(key: str, *, now: datetime | None = None) -> Link | None:
    """Look, and change nothing: mail programs look at links by themselves.

    None: not a link of ours, or what it names is gone.
    """
    try:
        named = _KEYS.unsign(key)
    except BadSignature:
        return None
    step = ReviewStep.objects.filter(uid=UUID(named[:32])).first()
    member = Membership.objects.filter(uid=UUID(named[32:])).select_related("user").first()
    if step is None or member is None:
        return None
    page = GroupPage.objects.filter(translation_key=step.group_uid).order_by("locale_id").first()
    return Link(_state(step, member, page, now or timezone.now()), step, member, page) if page else None


def _state(step: ReviewStep, member: Membership, page: GroupPage, now: datetime) -> State:
    if not members_of(page).filter(pk=member.pk).exists():
        return State.LEFT
    facts = GroupFacts.objects.filter(group_uid=page.uid).first() or GroupFacts(group_uid=page.uid)
    if not page.live or facts.status == Status.CLOSED:
        return State.HIDDEN
    if facts.last_confirmed_at and facts.last_confirmed_at >= step.at:
        return State.DONE
    return State.OLD if now >= step.at + VALIDITY else State.OPEN


def confirm(link: Link, *, space: GroupTodayForm | None = None, now: datetime | None = None) -> None:
    """Record that everything is still right, and what the valid form `space` says.

    Nothing changes where the link is open no more, as it is found behind the group's lock.
    """
    now = now or timezone.now()
    with transaction.atomic(), changes.together():
        facts = GroupFacts.objects.for_group(link.page.uid)
        GroupFacts.objects.select_for_update().get(pk=facts.pk)
        if _state(link.step, link.member, link.page, now) != State.OPEN:
            return
        if space:
            say_today(space)
        facts.confirm(by=link.member.user, kind=ConfirmedBy.GROUP, at=now)
