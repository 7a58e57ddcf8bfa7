"""The outbox: an e-mail is a row, written in the transaction of what it tells."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.people.models import EmailNameField


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused")
    UNSURE = "unsure", _("Perhaps sent")


class QueuedMailQuerySet(models.QuerySet):
    def due(self) -> Self:
        return self.filter(state=State.WAITING, next_try_at__lte=timezone.now())

    def old(self, now: datetime) -> Self:
        """Queued longer ago than they are kept, save those that still wait."""
        old = self.filter(queued_at__lt=now - QueuedMail.KEPT)
        return old.exclude(state__in=(State.WAITING, State.SENDING))

    def given_up(self) -> Self:
        """The mail server never took these, or nobody knows whether it did."""
        return self.filter(state__in=(State.FAILED, State.UNSURE))


class QueuedMail(models.Model):
    """One e-mail to one address. `message_id` is made when it is queued and never changes.

    template: which e-mail it is. error: the kind of the last failure, never its text, which may hold an address.
    """

    KEPT = timedelta(days=30)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=60)
    to = EmailNameField(db_index=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    queued_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=100, blank=True)

    objects = QueuedMailQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("e-mail")
        indexes = [models.Index(fields=["state", "next_try_at"], name="mail_due")]
