"""Taking a step: ask, ask again, give the page back to staff, take it down. Each is one transaction with its row and its e-mails.

A page is never deleted, and leaves search through the same door as any other that is unpublished.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from groups.listings import changes
from groups.listings.facts import GroupFacts
from groups.listings.freshness import lapsed_before
from groups.listings.models import GroupPage
from groups.mail.models import QueuedMail
from groups.mail.outbox import queue_mail
from groups.organisations.models import Organisation
from groups.people.membership.models import Membership, MembershipHistory, Role, Scope, What
from groups.people.membership.queries import members_of
from groups.people.membership.verbs import end_all
from groups.people.models import User
from groups.reviews.links import key_for
from groups.reviews.models import REMINDERS, ReviewStep, Step
from groups.reviews.rounds import Round, round_of, rounds

MOST_MAILS_A_DAY = 5
"""To one person, of reminders: whoever keeps forty groups is asked about the others on the next days."""
MOST_IN_A_MAIL = 20
"""Groups of one organisation; more are asked about in the next e-mail."""
_REMINDERS = ("review_reminder", "review_reminders")
TAKEN_DOWN = "waymark.take_down_for_age"


Due = tuple[GroupPage, Round, Step]


@dataclass(frozen=True, slots=True)
class Question:
    """What one person is asked about one group. key: of the link that answers it. alone: nobody else keeps the page."""

    group: str
    step: Step
    key: str
    alone: bool
    scope: Scope


@dataclass
class Outcome:
    """How many of each step were taken; put_off: wait until their people have read the others; more: the limit was reached."""

    taken: dict[Step, int] = field(default_factory=lambda: dict.fromkeys(Step, 0))
    put_off: int = 0
    more: bool = False


def take_due_steps(*, limit: int, dry_run: bool = False, now: datetime | None = None) -> Outcome:
    """Take at most so many steps, or only count them. Safe to run twice, or twice at once, and to be killed at any moment."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    outcome = Outcome()
    done: set[UUID] = set()
    for found in rounds(today):
        step = found.next_step(today)
        if step is None or found.group_uid in done:
            continue
        left = limit - sum(outcome.taken.values())
        if left <= 0:
            outcome.more = True
            break
        steps = {found.group_uid: step} if dry_run else take_steps(found.group_uid, now=now, most=left)
        for one in steps.values():
            outcome.taken[one] += 1
        outcome.put_off += not steps
        done.update(steps)
    return outcome


@transaction.atomic
def take_steps(group_uid: UUID, *, now: datetime, most: int = MOST_IN_A_MAIL) -> dict[UUID, Step]:
    """Take the step that is due for this group now, if any. It is looked up again, behind the group's lock.

    A reminder takes those of its organisation's other groups along, at most so many in all, so that whoever keeps them all gets
    one e-mail. Returns the step of each group it was taken for.
    """
    page = _lock(group_uid)
    today = timezone.localdate(now)
    found = round_of(group_uid, today)
    step = found.next_step(today) if found else None
    if page is None or found is None or step is None:
        return {}
    if step in REMINDERS:
        beside = _reminders_beside(page, today)
        return _remind([(page, found, step), *islice(beside, min(most, MOST_IN_A_MAIL) - 1)], now)
    _note(found, step, now)
    if step == Step.RETURNED:
        _return(page, today)
    else:
        _take_down(page, found)
    return {group_uid: step}


def _lock(group_uid: UUID) -> GroupPage | None:
    """Lock who keeps the group, the organisation's people first, as every verb of membership does."""
    page = GroupPage.objects.live().filter(translation_key=group_uid).order_by("locale_id").first()
    if page is None:
        return None
    if page.organisation_id:
        Organisation.objects.select_for_update().get(pk=page.organisation_id)
    facts = GroupFacts.objects.for_group(group_uid)
    GroupFacts.objects.select_for_update().get(pk=facts.pk)
    return page


def _note(found: Round, step: Step, now: datetime) -> ReviewStep:
    return ReviewStep.objects.create(group_uid=found.group_uid, began=found.began, step=step, at=now)


# --- reminders --------------------------------------------------------------------------------------


def _to_ask(page: GroupPage, step: Step) -> list[Membership]:
    """The lead first; everybody from the second time on. The group's own lead before its organisation's."""
    members = list(members_of(page))
    if step != Step.FIRST:
        return list({member.user_id: member for member in reversed(members)}.values())
    leads = [member for member in members if member.role == Role.LEAD]
    own = [member for member in leads if member.group_uid]
    return own or leads or members


def _has_enough(person: User, today: date) -> bool:
    morning = timezone.make_aware(datetime.combine(today, time()))
    sent = QueuedMail.objects.filter(to=person.email, template__in=_REMINDERS, queued_at__gte=morning)
    return sent.count() >= MOST_MAILS_A_DAY


def _reminders_beside(page: GroupPage, today: date) -> Iterator[Due]:
    """Reminders that are due for other groups of its organisation, each behind its group's lock."""
    if page.organisation_id is None:
        return
    for found in rounds(today, organisation_id=page.organisation_id):
        step = found.next_step(today)
        other = _lock(found.group_uid) if step in REMINDERS and found.group_uid != page.uid else None
        if step and other:
            yield other, found, step


def _remind(due: Iterable[Due], now: datetime) -> dict[UUID, Step]:
    """One e-mail to each person, about all of these groups that they are asked about. Nobody gets too many a day."""
    today = timezone.localdate(now)
    taken: dict[UUID, Step] = {}
    asked: dict[User, list[Question]] = {}
    for page, found, step in due:
        members = _to_ask(page, step)
        if any(_has_enough(member.user, today) for member in members):
            continue
        noted = _note(found, step, now)
        taken[page.uid] = step
        alone = members_of(page).count() == 1
        for member in members:
            question = Question(page.title, step, key_for(noted, member), alone, member.scope)
            asked.setdefault(member.user, []).append(question)
    for person, questions in asked.items():
        _ask(person, questions)
    return taken


def _ask(person: User, questions: list[Question]) -> None:
    """Whoever keeps a page alone is asked for a second person as well (`domain.md`, freshness rule 6)."""
    one = questions[0]
    if len(questions) == 1:
        context = {name: getattr(one, name) for name in ("group", "step", "key", "alone", "scope")}
        queue_mail("review_reminder", to=person.email, context=context)
        return
    alone = next((question.scope for question in questions if question.alone), None)
    last = any(question.step == Step.LAST for question in questions)
    queue_mail(
        "review_reminders",
        to=person.email,
        context={"questions": questions, "number": len(questions), "alone": alone, "last": last},
    )


# --- when nobody answers ----------------------------------------------------------------------------


def _return(page: GroupPage, today: date) -> None:
    """The claim goes back to staff (`domain.md`, freshness rule 2).

    An organisation keeps its people as long as any of its groups was checked in time: they did answer for those.
    """
    gone = end_all(Scope.of_group(page), What.RETURNED)
    if page.organisation_id and not _has_fresh_groups(page.organisation_id, today):
        gone += end_all(Scope(organisation_id=page.organisation_id), What.RETURNED)
    for email in sorted({person.email for person in gone}):
        queue_mail("review_returned", to=email, context={"group": page.title, "uid": page.uid})


def _has_fresh_groups(organisation_id: int, today: date) -> bool:
    groups = GroupPage.objects.live().with_facts().filter(organisation_id=organisation_id)
    return groups.filter(GroupPage.objects.checked_since_q(lapsed_before(today))).exists()


def _take_down(page: GroupPage, found: Round) -> None:
    """Unpublish every translation. Who keeps the page is told, and who did until it went back to staff."""
    told = {member.user.email for member in members_of(page)}
    kept = MembershipHistory.objects.covering(page).filter(what=What.RETURNED, at__date__gte=found.began)
    told |= set(kept.filter(person__is_active=True).values_list("person__email", flat=True))
    with changes.together():
        for one in GroupPage.objects.live().filter(translation_key=page.uid):
            one.unpublish(log_action=TAKEN_DOWN)
    for email in sorted(told):
        queue_mail("review_taken_down", to=email, context={"group": page.title})
