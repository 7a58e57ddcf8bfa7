"""Signing in by e-mail: what was sent."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from groups.people.models import EmailNameField


class SignInRequestQuerySet(models.QuerySet):
    def usable(self) -> Self:
        """Not used, not too old, and not guessed at too often."""
        return self.filter(
            used_at__isnull=True,
            asked_at__gt=timezone.now() - SignInRequest.VALIDITY,
            wrong_codes__lt=SignInRequest.MOST_WRONG_CODES,
        )

    def to_sign_in(self) -> Self:
        return self.filter(new_address_of=None)

    def to_move(self, user: Any) -> Self:
        """Those by which this person proves a new address."""
        return self.filter(new_address_of=user)

    def old(self, now: datetime) -> Self:
        return self.filter(asked_at__lt=now - SignInRequest.KEPT)


class SignInRequest(models.Model):
    """One e-mail with a link and a code. It exists alike for addresses we know and those we do not.

    new_address_of: whose address this is to become; None: it is for signing in.
    """

    VALIDITY = timedelta(minutes=15)
    KEPT = timedelta(hours=24)
    MOST_WRONG_CODES = 5

    # Names the request in the browser that asked; the link's own secret is only in the e-mail.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = EmailNameField(db_index=True)
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    new_address_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    next_path = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)

    objects = SignInRequestQuerySet.as_manager()
    wagtail_reference_index_ignore = True
