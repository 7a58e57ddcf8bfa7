"""A link worker's stamp after a call (`domain.md`, freshness rule 5): right is a check, wrong is a problem to put right."""

from datetime import datetime

from groups.listings.choices import ConfirmedBy
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.people.models import User
from groups.people.permissions import may
from groups.problems.models import FOR_STAFF_FIRST, Kind, Problem
from groups.problems.verbs import report

KINDS = tuple(kind for kind in Kind if kind not in FOR_STAFF_FIRST)
"""What a call can find wrong on a page."""


def found_right(page: GroupPage, *, by: User, now: datetime) -> None:
    """Everything was right: the page says so, and by whom. A moderator's call is the staff's."""
    kind = ConfirmedBy.STAFF if may(by, "moderate") else ConfirmedBy.LINK_WORKER
    GroupFacts.objects.for_group(page.uid).confirm(by=by, kind=kind, at=now)


def found_wrong(page: GroupPage, *, kind: str, words: str, by: User, now: datetime) -> Problem:
    """Something was wrong: staff and the group hear of it, with who called and when. It is no check."""
    return report(page, kind=kind, words=words, by=by, now=now)
