"""Who may see where a group meets: making it stricter or looser (`model.md`, "Venues and private places").

Stricter than public: no session keeps a `Venue`; the place becomes the group's own, in no chooser, page or count.
Hidden is `groups.listings.hiding`.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex, Revision

from groups.listings import changes
from groups.listings.choices import LocationVisibility
from groups.listings.facts import DateChangeRecord, GroupFacts
from groups.listings.hiding import HidePlaces
from groups.listings.models import GroupPage, GroupSession
from groups.places.models import Venue

LOOSEN = "groups.loosen_location"
PLACE_FIELDS = ("place_name", "place_address", "place_postcode")


def is_looser(wanted: str, here: str) -> bool:
    order = LocationVisibility.values
    return order.index(wanted) < order.index(here)


def may_loosen(user) -> bool:
    """Whether this member of staff may make places easier to find (`domain.md`, "Places that must not be found")."""
    return user.has_perm(LOOSEN)


def hide_places(page: GroupPage, *, by) -> None:
    """Check, then take every trace of where a group meets away. Safe to run again.

    Raises:
        ValidationError: the group's name or address on this site gives the place away.
    """
    ChangeLocationVisibility(page, LocationVisibility.HIDDEN, by=by).execute()


class ChangeLocationVisibility:
    """Set who may see where a group meets. Call `check`, then `execute`.

    page: any translation of the group. by: a user, asked for `groups.loosen_location` where it gets looser.
    """

    def __init__(self, page: GroupPage, visibility: str, *, by):
        self.uid, self.visibility, self.by = page.translation_key, visibility, by

    def check(self) -> None:
        """Raises ValidationError with what to do."""
        facts = GroupFacts.objects.for_group(self.uid)
        if is_looser(self.visibility, facts.location_visibility) and not may_loosen(self.by):
            raise ValidationError(
                _("Only a few people may make a place easier to find. Ask an admin to do it with you.")
            )
        if self.visibility == LocationVisibility.HIDDEN:
            HidePlaces(self.uid, by=self.by).check()

    def execute(self) -> None:
        self.check()
        with changes.together():
            if self.visibility == LocationVisibility.HIDDEN:
                HidePlaces(self.uid, by=self.by).execute()
            elif self.visibility != LocationVisibility.PUBLIC:
                _give_up_venues(self.uid)
            GroupFacts.objects.for_group(self.uid).change(by=self.by, location_visibility=self.visibility)


def _give_up_venues(uid) -> None:
    """Turn the venues of live sessions, and of every version kept, into the group's own private places."""
    pages = list(GroupPage.objects.with_uids([uid]))
    for session in GroupSession.objects.filter(page__in=pages, venue__isnull=False).select_related("venue"):
        GroupSession.objects.filter(pk=session.pk).update(**_private_place(session.venue))
    for revision in revisions_of(pages):
        rows = [row for row in revision.content.get("sessions", []) if row.get("venue")]
        for row in rows:
            row.update(_private_place(Venue.objects.filter(pk=row["venue"]).first()))
        if rows:
            revision.save(update_fields=["content"])
    DateChangeRecord.objects.filter(group_uid=uid).update(venue=None)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
    changes.listing_changed(uid)


def _private_place(venue: Venue | None) -> dict[str, Any]:
    if venue is None:
        return {"venue": None}
    address = ", ".join(part for part in (venue.address, venue.town) if part)
    return {"venue": None, **dict(zip(PLACE_FIELDS, (venue.name, address, venue.postcode), strict=True))}


def revisions_of(pages: Iterable[GroupPage]) -> QuerySet[Revision]:
    """Every version kept of these pages."""
    content_type = ContentType.objects.get_for_model(GroupPage)
    return Revision.objects.filter(content_type=content_type, object_id__in=[str(page.pk) for page in pages])
