"""What was done in a round of asking."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """In their order."""

    FIRST = "first", _("Asked the group if its page is still right")
    SECOND = "second", _("Asked the group again")
    LAST = "last", _("Asked the group for the last time")
    RETURNED = "returned", _("Gave the page back to our staff")
    TAKEN_DOWN = "taken_down", _("Took the page down")


REMINDERS = (Step.FIRST, Step.SECOND, Step.LAST)


class ReviewStep(models.Model):
    """One step of one round, done once: this row is written in the transaction of its e-mails and changes.

    began: the day the round's clock runs from; a new check begins a new round. uid: names the step in its e-mails' links.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group_uid = models.UUIDField()
    began = models.DateField()
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["group_uid", "began", "step"], name="one_step_a_group_and_round"),
        ]
