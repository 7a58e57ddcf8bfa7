"""How often something may be tried. Counts start afresh after a stretch of time, so nobody is locked out for good."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries in one stretch. `name` keeps the counts of different limits apart."""

    name: str
    most: int
    stretch: timedelta = timedelta(minutes=15)


class Tries(models.Model):
    """How often something was tried in one stretch of time. The key is a keyed hash: no address is kept.

    ends_at: when the stretch ends, in seconds since 1970.
    """

    key = models.CharField(max_length=64)
    ends_at = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "groups"
        constraints = [models.UniqueConstraint(fields=["key", "ends_at"], name="one_count_a_key_and_stretch")]


def may_try(limit: Limit, who: str) -> bool:
    """Count one try of `who` (an e-mail or network address, or what it is about). False when there were too many."""
    key = salted_hmac(limit.name, who.strip().lower(), algorithm="sha256").hexdigest()
    seconds = int(limit.stretch.total_seconds())
    ends = (int(time.time()) // seconds + 1) * seconds
    with transaction.atomic():
        Tries.objects.filter(ends_at__lt=int(time.time())).delete()
        Tries.objects.get_or_create(key=key, ends_at=ends)
        Tries.objects.filter(key=key, ends_at=ends).update(count=F("count") + 1)
        return Tries.objects.get(key=key, ends_at=ends).count <= limit.most
