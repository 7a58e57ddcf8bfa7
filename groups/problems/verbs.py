"""What is done about a problem. Each is one transaction with its history and its e-mails.

open → with the group → open (the group answered) → closed. A moderator may close it, or pass it on, at any time before.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from groups.listings.models import GroupPage
from groups.people.membership.queries import members_of
from groups.problems import letters
from groups.problems.models import (
    FOR_STAFF_ALONE,
    FOR_STAFF_FIRST,
    Kind,
    Problem,
    ProblemStep,
    State,
    What,
)
from groups.throttle import Limit, may_try

FROM_ONE_ADDRESS = Limit("problems from an address", 10, timedelta(hours=1))
MAILED_ABOUT_ONE_GROUP = Limit("problems mailed about a group", 5, timedelta(days=1))
"""Past it problems are still taken, and wait in the worklist without an e-mail each: nobody floods a volunteer."""
_SAID_TWICE = timedelta(hours=1)


@transaction.atomic
def report(
    page: GroupPage, *, kind: str, words: str, email: str = "", by: Any = None, now: datetime
) -> Problem:
    """Take a problem, and tell staff and the group's people. A second press of the same words is the same problem.

    by: a link worker who called; None for a visitor, of whom nothing is kept.
    """
    same = Problem.objects.about(page.uid).filter(kind=kind, words=words, email=email.strip().lower())
    if known := same.unfinished().filter(made_at__gt=now - _SAID_TWICE).first():
        return known
    problem = Problem.objects.create(group_uid=page.uid, kind=kind, words=words, email=email, made_at=now)
    _note(problem, What.TOLD, now, by=by)
    may_mail = may_try(MAILED_ABOUT_ONE_GROUP, str(page.uid))
    if may_mail or kind == Kind.SAFETY:
        letters.to_staff(problem, page)
    if may_mail and kind not in FOR_STAFF_FIRST and members_of(page).exists():
        _hand_over(problem, page, by=None, now=now)
    return problem


@transaction.atomic
def pass_to_group(problem: Problem, *, by: Any, now: datetime) -> None:
    """Ask the group's people to put it right.

    Raises:
        ValidationError: it is closed, with the group already or for staff alone, or nobody keeps the page; with what to do.
    """
    problem = _unfinished(problem)
    if problem.state == State.WITH_GROUP:
        raise ValidationError(_("The group has it already."))
    if problem.kind in FOR_STAFF_ALONE:
        raise ValidationError(_("A worry about safety stays with our staff. The group must not hear of it."))
    page = GroupPage.objects.with_uids([problem.group_uid]).first()
    if page is None or not members_of(page).exists():
        raise ValidationError(_("Nobody keeps this page. Ring the group, then close this."))
    _hand_over(problem, page, by=by, now=now)


def _hand_over(problem: Problem, page: GroupPage, *, by: Any, now: datetime) -> None:
    problem.state = State.WITH_GROUP
    problem.save(update_fields=["state"])
    _note(problem, What.PASSED, now, by=by)
    letters.to_group(problem, page)


@transaction.atomic
def answer(problem: Problem, *, by: Any, note: str, now: datetime) -> None:
    """The group's people say what they did; staff look, and close it.

    Raises:
        ValidationError: it is not with the group any more, or nothing was said; with what to do.
    """
    problem = _unfinished(problem)
    if problem.state != State.WITH_GROUP:
        raise ValidationError(_("Somebody has answered this meanwhile. There is nothing left to do."))
    problem.state = State.OPEN
    problem.save(update_fields=["state"])
    _note(problem, What.ANSWERED, now, by=by, note=_said(note, _("Say in a few words what you did.")))


@transaction.atomic
def close(problem: Problem, *, by: Any, note: str, now: datetime) -> None:
    """Finish it. Whoever told us reads the note, where they left an address; then the address is forgotten.

    Raises:
        ValidationError: it is closed already, or nothing was said; with what to do.
    """
    problem = _unfinished(problem)
    note = _said(note, _("Say what was done. The person who told us reads it."))
    if problem.email:
        letters.to_reporter(problem, GroupPage.objects.with_uids([problem.group_uid]).first(), note)
    problem.state, problem.closed_at, problem.email = State.CLOSED, now, ""
    problem.save(update_fields=["state", "closed_at", "email"])
    _note(problem, What.CLOSED, now, by=by, note=note)


def _unfinished(problem: Problem) -> Problem:
    found = Problem.objects.select_for_update().unfinished().filter(pk=problem.pk).first()
    if found is None:
        raise ValidationError(_("This was closed meanwhile. There is nothing left to do."))
    return found


def _said(note: str, ask: str) -> str:
    note = note.replace("\0", "").strip()
    if not note:
        raise ValidationError({"note": ask})
    if len(note) > Problem.MOST_LETTERS:
        raise ValidationError({"note": _("That is too long. Keep it under 1,000 letters.")})
    return note


def _note(problem: Problem, what: What, now: datetime, *, by: Any = None, note: str = "") -> None:
    ProblemStep.objects.create(problem=problem, what=what, at=now, by=by, note=note)
