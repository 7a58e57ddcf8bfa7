"""How long things are kept (`domain.md`, "Retention"), one rule each. `manage.py forget_old` keeps to them, once a day.

Each rule says how many rows are too old at a moment, and forgets at most so many, oldest first. Running one again is safe.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.leaving.closed import EraseClosedGroup, closed_too_long
from groups.problems.models import Problem


@dataclass(frozen=True)
class Rule:
    """old: what is too old at this moment. forget: let go of one of them, in a transaction of its own; True when it did."""

    name: Any
    old: Callable[[datetime], QuerySet]
    forget: Callable[[Any, datetime], bool]

    def count(self, now: datetime) -> int:
        return self.old(now).count()

    def keep_to(self, now: datetime, limit: int) -> int:
        """Forget at most `limit` of them. Returns how many."""
        return sum(self.forget(row, now) for row in list(self.old(now)[:limit]))


def _erase_closed_group(facts: Any, now: datetime) -> bool:
    return EraseClosedGroup(facts.group_uid, today=timezone.localdate(now)).execute()


def _delete(row: Any, now: datetime) -> bool:
    return bool(row.delete()[0])


RULES: tuple[Rule, ...] = (
    Rule(
        _("Groups closed for three months, with their contacts"),
        lambda now: closed_too_long(timezone.localdate(now)),
        _erase_closed_group,
    ),
    Rule(_("Reported problems closed two years ago"), Problem.objects.old, _delete),
)
