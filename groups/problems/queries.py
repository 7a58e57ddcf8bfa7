"""What waits, and what was done about one problem, as plain values for those who see to it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from groups.listings.models import GroupPage
from groups.people.models import User
from groups.problems.models import Kind, Problem, ProblemQuerySet, ProblemStep, State, What

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One problem in a list. group: its name; what: the kind, in words."""

    reference: str
    uid: UUID
    group: str
    what: str
    words: str
    is_safety: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    at: datetime
    who: str
    what: str
    details: str


def groups_with_problems() -> set[UUID]:
    """Public ids of groups with an unfinished problem, but for worries about safety: those are everybody's."""
    rows = Problem.objects.unfinished().exclude(kind=Kind.SAFETY).order_by()
    return set(rows.values_list("group_uid", flat=True))


def counts(*, without: Collection[UUID] = ()) -> dict[str, int]:
    """How many problems are in each state. without: groups that are other moderators' work."""
    rows = _shown(without).order_by()
    found = dict(rows.values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def worklist(state: str, *, without: Collection[UUID] = ()) -> list[Told]:
    """Worries about safety first, then the oldest; closed ones by when they were closed. At most MOST_SHOWN."""
    rows = _shown(without).in_state(state)
    if state == State.CLOSED:
        return _told(list(rows.order_by("-closed_at", "-pk")[:MOST_SHOWN]))
    urgency = Case(When(kind=Kind.SAFETY, then=Value(0)), default=Value(1), output_field=IntegerField())
    return _told(list(rows.order_by(urgency, "made_at", "pk")[:MOST_SHOWN]))


def _shown(without: Collection[UUID]) -> ProblemQuerySet:
    return Problem.objects.exclude(~Q(kind=Kind.SAFETY), group_uid__in=without)


def with_group(group_uid: UUID) -> list[Told]:
    """What the people of this group are asked to put right, the oldest first."""
    return _told(list(Problem.objects.about(group_uid).in_state(State.WITH_GROUP)[:MOST_SHOWN]))


def by_reference(typed: str) -> Problem | None:
    """The problem of this reference, however somebody says it: "4f7k92td"."""
    letters = re.sub(r"[^0-9A-Z]", "", typed.upper())
    return Problem.objects.filter(reference=f"{letters[:4]}-{letters[4:]}").first()


def told(problem: Problem) -> Told:
    (one,) = _told([problem])
    return one


def history(problem: Problem) -> list[Done]:
    """Who did what, the first first."""
    return [
        Done(step.at, _who(step), str(What(step.what).label), step.note)
        for step in problem.steps.select_related("by")
    ]


def _who(step: ProblemStep) -> str:
    if isinstance(step.by, User):
        return step.by.name
    return _("A visitor") if step.what == What.TOLD else _("By itself")


def _told(problems: list[Problem]) -> list[Told]:
    pages = GroupPage.objects.with_uids({problem.group_uid for problem in problems})
    names = dict(pages.values_list("translation_key", "title"))
    return [
        Told(
            reference=problem.reference,
            uid=problem.group_uid,
            group=names.get(problem.group_uid, _("A page that is gone")),
            what=str(Kind(problem.kind).label),
            words=problem.words,
            is_safety=problem.kind == Kind.SAFETY,
            at=problem.made_at,
        )
        for problem in problems
    ]
