"""One problem that somebody told us about, and what was done, by whom."""

import secrets
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.people.models import EmailNameField

_LETTERS = "23456789BCDFGHJKMNPQRTVWX"
"""No vowels, so that no word appears; nothing that two people read differently on the phone."""


def new_reference() -> str:
    """Such as "4F7K-92TD": short enough to say, and nobody can count by it how many there are."""
    letters = "".join(secrets.choice(_LETTERS) for _letter in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class Kind(models.TextChoices):
    """What is wrong, in the order in which it is asked."""

    MEETING = "meeting", _("When or where it meets is wrong")
    CONTACT = "contact", _("The phone, e-mail or website does not work")
    STOPPED = "stopped", _("The group has stopped")
    FACT = "fact", _("Something else on the page is wrong")
    UNFIT = "unfit", _("Something here should not be shown")
    SAFETY = "safety", _("I am worried about somebody’s safety")


FOR_STAFF_ALONE = frozenset({Kind.SAFETY})
"""The group never hears of these: the worry may be about somebody in it."""
FOR_STAFF_FIRST = FOR_STAFF_ALONE | {Kind.UNFIT}


class State(models.TextChoices):
    OPEN = "open", _("Open")
    WITH_GROUP = "with_group", _("With the group")
    CLOSED = "closed", _("Closed")


class ProblemQuerySet(models.QuerySet["Problem"]):
    def about(self, group_uid: UUID) -> Self:
        return self.filter(group_uid=group_uid)

    def in_state(self, state: str) -> Self:
        return self.filter(state=state)

    def unfinished(self) -> Self:
        return self.exclude(state=State.CLOSED)

    def old(self, now: datetime) -> Self:
        """Closed longer ago than they are kept."""
        return self.filter(closed_at__lt=now - Problem.KEPT)


class Problem(models.Model):
    """What somebody told us, without an account. email: for the answer alone; emptied when the problem is closed."""

    KEPT = timedelta(days=730)
    """After closing (`domain.md`: audit log, 24 months)."""
    MOST_LETTERS = 1000

    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    group_uid = models.UUIDField(db_index=True)
    kind = models.CharField(_("what is wrong"), max_length=10, choices=Kind)
    words = models.TextField(_("in their words"), max_length=MOST_LETTERS)
    email = EmailNameField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ProblemQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("problem")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.reference


class What(models.TextChoices):
    """What was done about it."""

    TOLD = "told", _("Somebody told us")
    PASSED = "passed", _("The group was told")
    ANSWERED = "answered", _("The group answered")
    CLOSED = "closed", _("Closed")


class ProblemStep(models.Model):
    """Who did what about a problem, and when. by: None for the visitor, and for what happened by itself."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=10, choices=What)
    note = models.TextField(blank=True, max_length=Problem.MOST_LETTERS)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["at", "pk"]
