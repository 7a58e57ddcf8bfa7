from datetime import datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from groups.people.membership.models import Membership
from groups.reviews.models import ReviewStep
from groups.reviews.taking import take_due_steps
from tests.factories import GroupPageFactory, UserFactory

CHECKED = datetime(2026, 1, 20, 15, 30, tzinfo=timezone.get_default_timezone())
"""When the group of these tests was checked last."""


def after(days=0, **since):
    """Noon, so long after the check."""
    day = CHECKED.date() + relativedelta(**since) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(12)))


@pytest.fixture
def jean(db):
    return UserFactory(first_name="Jean", email="jean@example.org")


@pytest.fixture
def group(site_tree, jean):
    """A group that Jean leads, checked on 20 January 2026."""
    group = GroupPageFactory(
        title="Knit Club", facts__last_confirmed_at=CHECKED, facts__confirmed_by="group", facts__claimed=True
    )
    join(jean, group_uid=group.uid, role="lead")
    return group


def join(person, *, at=CHECKED, **of):
    return Membership.objects.create(user=person, joined_at=at, **of)


def run(now, limit=100):
    """The steps that one run takes, by name."""
    outcome = take_due_steps(limit=limit, now=now)
    return [step.value for step, count in outcome.taken.items() for _one in range(count)]


def run_around(*moments):
    """The steps of each day before, on and after these moments: {day: steps}."""
    days = [moment + timedelta(days=more) for moment in moments for more in (-1, 0, 1, 2)]
    return {now.date(): steps for now in days if (steps := run(now))}


def taken(group):
    return list(ReviewStep.objects.filter(group_uid=group.uid).order_by("at").values_list("step", flat=True))
