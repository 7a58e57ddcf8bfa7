"""Looking at the websites that are due, and what follows: the public page says so, staff see it, the group is told once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groups.links.letters import tell_people
from groups.links.looking import Look, Looker
from groups.links.models import Website
from groups.links.users import forget_unused, in_use, uids_using
from groups.listings.changes import listing_changed

_HOSTS_TO_DOUBT_OURSELVES = 3


class NobodyAnswersError(Exception):
    """Not one of several hosts answered: it is our own network, and nothing is held against anybody."""


@dataclass
class Outcome:
    """How many websites were looked at, failed, and became broken or whole again."""

    looked: int = 0
    failing: int = 0
    newly_broken: int = 0
    mended: int = 0


def check_links(*, limit: int, now: Callable[[], datetime], looker: Looker | None = None) -> Outcome:
    """Look at up to `limit` websites, the longest wait first. Safe to run again, and to be stopped.

    Raises:
        NobodyAnswersError: none of several hosts did. Nothing was noted.
    """
    keep_up_with_listings()
    looker = looker or Looker()
    outcome = Outcome()
    silent: list[tuple[Website, Look]] = []
    for website in Website.objects.due(now())[:limit]:
        look = looker.look(website.url)
        if look.answered:
            _note(website, look, now(), outcome)
        else:
            silent.append((website, look))
    if (
        not outcome.looked
        and len({_host_of(website) for website, _look in silent}) >= _HOSTS_TO_DOUBT_OURSELVES
    ):
        raise NobodyAnswersError
    for website, look in silent:
        _note(website, look, now(), outcome)
    return outcome


def _host_of(website: Website) -> str:
    return website.url.partition("//")[2].partition("/")[0].lower()


def keep_up_with_listings() -> None:
    """One row for each address in use; rows of addresses that nobody names any more go."""
    with transaction.atomic():
        forget_unused()
        known = Website.objects.values_list("url", flat=True)
        new = [Website(url=url) for url in sorted(in_use().difference(known))]
        Website.objects.bulk_create(new, ignore_conflicts=True)


def _note(website: Website, look: Look, now: datetime, outcome: Outcome) -> None:
    """Keep what was found, in one transaction with all that follows from it."""
    was_broken = website.is_broken
    website.looked(look.trouble, now)
    outcome.looked += 1
    outcome.failing += bool(look.trouble)
    outcome.newly_broken += website.is_broken and not was_broken
    outcome.mended += was_broken and not website.is_broken
    with transaction.atomic():
        if website.is_broken and website.told_at is None:
            tell_people(website)
            website.told_at = now
        website.save()
        if was_broken or website.is_broken:
            listing_changed(*uids_using(website.url))
