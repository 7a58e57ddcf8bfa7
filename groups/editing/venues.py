"""Venues as volunteers find, add and correct them."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from groups.editing.models import Proposal, ProposalKind
from groups.listings import changes
from groups.listings.models import GroupPage
from groups.places.models import Venue

OFFERED = 8
CORRECTED = ("name", "address", "town", "postcode", "getting_here")
_WORDS = 5


def find_venues(text: str) -> list[Venue]:
    """Venues whose name, street, town or postcode hold each word of the text; at most OFFERED."""
    found = Venue.objects.all()
    words = text.replace(",", " ").split()[:_WORDS]
    for word in words:
        found = found.filter(
            Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(town__icontains=word)
            | Q(postcode__icontains=word)
        )
    return list(found[:OFFERED]) if words else []


def new_venue(name: str, address: str, town: str, postcode: str) -> Venue:
    """A venue with its position, not saved yet; the one that is here already where name and postcode are the same.

    Raises:
        ValidationError: by field, with what to do.
    """
    venue = Venue(name=name, address=address, town=town, postcode=postcode)
    venue.full_clean(exclude=["uid"])
    return Venue.objects.filter(name__iexact=venue.name, postcode=venue.postcode).first() or venue


def used_only_by(venue: Venue, page: GroupPage) -> bool:
    """Whether no other group meets here, so that this one may correct it (`model.md`, "Venues and private places")."""
    return not GroupPage.objects.meeting_at(venue).exclude(translation_key=page.uid).exists()


def correct_venue(venue: Venue, values: dict[str, str], *, page: GroupPage, by: Any) -> bool:
    """Correct a venue of the group's own at once; propose it to staff where others use it, too. True: done at once.

    Raises:
        ValidationError: by field.
    """
    before = {name: getattr(venue, name) for name in CORRECTED}
    told = [
        {
            "part": "venue",
            "label": _("The place %(name)s") % {"name": before["name"]},
            "before": before[name],
            "after": values[name],
        }
        for name in CORRECTED
        if before[name] != values[name]
    ]
    if not told:
        return True
    write_correction(venue, values)
    with transaction.atomic(), changes.together():
        if used_only_by(venue, page):
            venue.save()
            return True
        Proposal.objects.create(
            group_uid=page.uid,
            kind=ProposalKind.VENUE,
            values={"venue": str(venue.uid), "values": values},
            told=told,
            by=by,
        )
        return False


def write_correction(venue: Venue, values: dict[str, str]) -> None:
    """Put a correction on a venue, in memory; a new postcode moves it on the map.

    Raises:
        ValidationError: by field.
    """
    if values["postcode"] != venue.postcode:
        venue.location = ""
    for name in CORRECTED:
        setattr(venue, name, values[name])
    venue.full_clean(exclude=["uid"])
