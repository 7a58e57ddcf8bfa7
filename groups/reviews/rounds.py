"""Which step of asking is due for which group. Nothing is written here.

A **round** begins with a check and ends with the next one. Its clock runs from the day readers see (`PublicListing.checked_on`:
the last confirmation, else the source's date, else the first publication), or from the day the people who keep the page took it
on, if that is later: nobody is asked, or loses the page, for years before their time. Labels and ranking know no such grace.

So a listing that was imported or published and never confirmed is asked about like any other, once somebody keeps it. While
nobody does, there is nobody to write to: it stands in staff's worklist (Reports, Groups due a check). It is taken down at 18
months, but not while a source still lists it and its group never confirmed it (`model.md`, "Who and from where").

Of several reminders that are due at once, because nothing ran for a while, only the newest is sent. A page goes back to staff
only after the last reminder, and no step follows another within `LEAST_DAYS_APART`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from groups.listings.choices import ConfirmedBy, Status
from groups.listings.facts import GroupFacts
from groups.listings.freshness import (
    DUE_AFTER_MONTHS,
    LAPSED_AFTER_MONTHS,
    OVERDUE_AFTER_MONTHS,
    TAKEN_DOWN_AFTER_MONTHS,
    due_before,
    taken_down_before,
)
from groups.listings.models import GroupPage
from groups.listings.provenance import SourceRecord
from groups.people.membership.models import Membership
from groups.reviews.models import REMINDERS, ReviewStep, Step

AFTER = {
    Step.FIRST: relativedelta(months=DUE_AFTER_MONTHS),
    Step.SECOND: relativedelta(months=OVERDUE_AFTER_MONTHS),
    Step.LAST: relativedelta(months=OVERDUE_AFTER_MONTHS, days=15),
    Step.RETURNED: relativedelta(months=LAPSED_AFTER_MONTHS),
    Step.TAKEN_DOWN: relativedelta(months=TAKEN_DOWN_AFTER_MONTHS),
}
"""A step is due from the day after so long: the first on which the page reads "due", "overdue" and so on."""
LEAST_DAYS_APART = 10
"""Fewer than lie between any two steps where the command runs daily, so that it matters only where it did not."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Round:
    """How a group stands. kept: somebody looks after it. may_go: it may be taken down. taken: the steps of this round.

    last_on: the day of the last step of any round.
    """

    group_uid: UUID
    began: date
    kept: bool
    may_go: bool
    taken: frozenset[str] = field(default=frozenset())
    last_on: date | None = None

    def next_step(self, today: date) -> Step | None:
        """The step to take today, if any."""
        if self.last_on and today < self.last_on + timedelta(days=LEAST_DAYS_APART):
            return None
        due = [step for step in Step if self.began < today - AFTER[step] and step not in self.taken]
        if Step.TAKEN_DOWN in due and self.may_go and not self._is_owed_a_warning:
            return Step.TAKEN_DOWN
        if not self.kept:
            return None
        if Step.RETURNED in due and Step.LAST in self.taken:
            return Step.RETURNED
        newest = max((step for step in due if step in REMINDERS), key=REMINDERS.index, default=None)
        later = REMINDERS[REMINDERS.index(newest) + 1 :] if newest else ()
        return newest if not self.taken.intersection((*later, Step.RETURNED)) else None

    @property
    def _is_owed_a_warning(self) -> bool:
        """Whether its people were not yet told that the page went back to staff."""
        return self.kept and Step.RETURNED not in self.taken


def rounds(today: date, *, organisation_id: int | None = None) -> Iterator[Round]:
    """Every round in which a step may be due, of all groups or one organisation's, by the page's number, read in portions."""
    candidates = _candidates(today)
    if organisation_id is not None:
        candidates = candidates.filter(organisation=organisation_id)
    last = 0
    while portion := list(candidates.filter(pk__gt=last)[:_AT_ONCE]):
        yield from _with_steps(portion)
        last = portion[-1]["pk"]


def round_of(group_uid: UUID, today: date) -> Round | None:
    """The round of one group; None where no step can be due."""
    return next(_with_steps(list(_candidates(today).filter(translation_key=group_uid)[:1])), None)


def _candidates(today: date) -> QuerySet[GroupPage, dict[str, Any]]:
    """Published groups that have not closed, over 6 months without a check, kept by somebody or old enough to go."""
    members = Membership.objects.active().filter(user__is_active=True).order_by("joined_at")
    facts = GroupFacts.objects.filter(group_uid=OuterRef("translation_key"))
    listed = SourceRecord.objects.filter(group_uid=OuterRef("translation_key"), gone_at__isnull=True)
    twins = GroupPage.objects.live().filter(
        translation_key=OuterRef("translation_key"), locale_id__lt=OuterRef("locale_id")
    )
    groups = (
        GroupPage.objects.live()
        .with_facts()
        .exclude(status_now=Status.CLOSED)
        .checked_before(due_before(today))
        .filter(~Exists(twins))
        .annotate(
            joined_at=Subquery(members.filter(group_uid=OuterRef("translation_key")).values("joined_at")[:1]),
            organisation_joined_at=Subquery(
                members.filter(organisation=OuterRef("organisation")).values("joined_at")[:1]
            ),
            still_listed=Exists(listed) & ~Exists(facts.filter(confirmed_by=ConfirmedBy.GROUP)),
        )
    )
    kept = Q(joined_at__isnull=False) | Q(organisation_joined_at__isnull=False)
    may_go = GroupPage.objects.checked_before_q(taken_down_before(today)) & Q(still_listed=False)
    return (
        groups.filter(kept | may_go)
        .order_by("pk")
        .values(
            "pk", "translation_key", "confirmed_at", "source_date", "first_published_at", "joined_at",
            "organisation_joined_at", "still_listed",
        )
    )  # fmt: skip


def _with_steps(rows: list[dict[str, Any]]) -> Iterator[Round]:
    """Put the steps of all these groups to their rounds, in one query."""
    steps: dict[UUID, list[ReviewStep]] = {}
    for step in ReviewStep.objects.filter(group_uid__in=[row["translation_key"] for row in rows]):
        steps.setdefault(step.group_uid, []).append(step)
    for row in rows:
        joined = [at for at in (row["joined_at"], row["organisation_joined_at"]) if at]
        checked = _day(row["confirmed_at"]) or row["source_date"] or _day(row["first_published_at"])
        began = max(checked, _day(min(joined))) if joined else checked
        taken = steps.get(row["translation_key"], [])
        yield Round(
            group_uid=row["translation_key"],
            began=began,
            kept=bool(joined),
            may_go=not row["still_listed"],
            taken=frozenset(step.step for step in taken if step.began == began),
            last_on=max((timezone.localtime(step.at).date() for step in taken), default=None),
        )


def _day(moment: datetime | None) -> Any:
    return timezone.localtime(moment).date() if moment else None
