"""How often something may be tried. Counts start afresh after a stretch of time, so nobody is locked out for good."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from groups.people.signing_in.models import Tries

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries in one stretch."""

    name: str
    most: int
    stretch: timedelta = _QUARTER


LINKS_TO_ONE_ACCOUNT = Limit("links to an account", 5)
LINKS_FROM_ONE_ADDRESS = Limit("links from an address", 20)
CODES_FROM_ONE_ADDRESS = Limit("codes from an address", 30)
PASSWORDS_FOR_ONE_ACCOUNT = Limit("passwords for an account", 10)
PASSWORDS_FROM_ONE_ADDRESS = Limit("passwords from an address", 50)
SECOND_STEPS_OF_ONE_ACCOUNT = Limit("second steps of an account", 5)


def may_try(limit: Limit, who: str) -> bool:
    """Count one try of `who` (an e-mail or network address). False when there were too many."""
    key = salted_hmac(limit.name, who.strip().lower(), algorithm="sha256").hexdigest()
    seconds = int(limit.stretch.total_seconds())
    ends = (int(time.time()) // seconds + 1) * seconds
    with transaction.atomic():
        Tries.objects.filter(ends_at__lt=int(time.time())).delete()
        Tries.objects.get_or_create(key=key, ends_at=ends)
        Tries.objects.filter(key=key, ends_at=ends).update(count=F("count") + 1)
        return Tries.objects.get(key=key, ends_at=ends).count <= limit.most
