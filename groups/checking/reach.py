"""Whose work a group is, by the council areas that staff gave to moderators.

It divides the work and the e-mails, and keeps nobody out: every moderator may open every page. A group is everybody's where its
area is not known, or where no active moderator has it. So nothing waits in a queue that nobody sees.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from wagtail.models import Revision

from groups.checking.models import ModeratorArea
from groups.listings.choices import Served
from groups.listings.models import GroupPage, GroupSession, ServedArea
from groups.people.membership.queries import moderators
from groups.people.models import User
from groups.places.gazetteer import PlaceNotFound, resolve
from groups.places.models import Venue


def districts_of(uids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The council areas of groups: where they meet, else the area people may know; and those they are for.

    Of a page nobody has seen yet the draft counts. In a constant number of queries; an unknown area is left out.
    """
    pages = list(GroupPage.objects.with_uids(uids).select_related(None))
    by_pk = {page.pk: page.uid for page in pages}
    found: dict[UUID, set[str]] = defaultdict(set)
    meets = GroupSession.objects.filter(page__in=by_pk).exclude(venue=None).order_by()
    for pk, district in meets.values_list("page", "venue__district"):
        found[by_pk[pk]].add(district)
    for uid, venues in _drafted_venues(pages).items():
        found[uid].update(venues)
    for page in pages:
        if not any(found[page.uid]) and page.area_name:
            found[page.uid].add(_district_of(page.area_name))
    served = ServedArea.objects.filter(page__in=by_pk, kind=Served.DISTRICT).order_by()
    for pk, label in served.values_list("page", "label"):
        found[by_pk[pk]].add(label)
    return {uid: districts - {""} for uid, districts in found.items()}


def _drafted_venues(pages: list[GroupPage]) -> dict[UUID, set[str]]:
    new = {page.latest_revision_id: page.uid for page in pages if not page.live}
    contents = dict(Revision.objects.filter(pk__in=set(new) - {None}).values_list("pk", "content"))
    venues = {
        new[pk]: {row.get("venue") for row in content.get("sessions", [])} for pk, content in contents.items()
    }
    wanted = set().union(*venues.values()) - {None}
    districts = dict(Venue.objects.filter(pk__in=wanted).values_list("pk", "district")) if wanted else {}
    return {uid: {districts.get(pk, "") for pk in pks} for uid, pks in venues.items()}


def _district_of(area_name: str) -> str:
    try:
        return resolve(area_name).district
    except PlaceNotFound:
        return ""


@dataclass(frozen=True)
class Reach:
    """areas: what each active moderator with areas has; those who have none are not named."""

    areas: dict[Any, frozenset[str]]

    @classmethod
    def now(cls) -> Self:
        held = defaultdict(set)
        rows = ModeratorArea.objects.filter(moderator__in=moderators()).order_by()
        for moderator, district in rows.values_list("moderator", "district"):
            held[moderator].add(district)
        return cls({moderator: frozenset(districts) for moderator, districts in held.items()})

    def others_of(self, user: Any, uids: Iterable[UUID]) -> set[UUID]:
        """Of these groups those that are other moderators' work, and not this one's."""
        if user.pk not in self.areas:
            return set()
        return {uid for uid, districts in districts_of(uids).items() if not self._reaches(user, districts)}

    def told_of(self, uid: UUID, people: Iterable[User]) -> list[User]:
        """Of these moderators those whose work the group is."""
        districts = districts_of([uid]).get(uid, set()) if self.areas else set()
        return [user for user in people if self._reaches(user, districts)]

    def _reaches(self, user: Any, districts: set[str]) -> bool:
        mine = self.areas.get(user.pk)
        somebodys = frozenset().union(*self.areas.values())
        return mine is None or bool(districts & mine) or not districts & somebodys


def moderators_for(uid: UUID) -> list[User]:
    """Who is told what waits of this group."""
    return Reach.now().told_of(uid, moderators())
