"""Somebody makes the page of a group that is not here yet. The groups it may already be are shown first."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from groups.imports.creating import Slugs
from groups.imports.duplicates import NEAR_NAMES, likeness_of_names
from groups.listings.choices import LocationVisibility
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupIndexPage, GroupPage
from groups.people.membership.models import Membership, Role
from groups.people.membership.verbs import Refused, lead_new
from groups.people.models import User
from groups.places.distance import bounding_box
from groups.places.spots import Spot

NEAR_MILES = 5.0
MOST_SHOWN = 8
MOST_UNFINISHED = 3
"""Pages never published that one person leads: enough for a volunteer, too few for a flood."""


def groups_like(name: str, spot: Spot) -> list[GroupPage]:
    """Published groups near the spot with the same or a very near name, the likest first.

    A place that is not public tells nothing here: such a group is near where its public area is.
    """
    south, west, north, east = bounding_box(spot.latitude, spot.longitude, NEAR_MILES)
    inside = {"latitude__range": (south, north), "longitude__range": (west, east)}
    private = GroupFacts.objects.filter(group_uid=OuterRef("translation_key")).exclude(
        location_visibility=LocationVisibility.PUBLIC
    )
    meets_near = Q(**{f"sessions__venue__{edge}": values for edge, values in inside.items()})
    area_is_near = Q(**{f"area_{edge}": values for edge, values in inside.items()})
    near = GroupPage.objects.listed().filter(area_is_near | (meets_near & ~Exists(private)))
    likeness = {
        pk: likeness_of_names(name, title) for pk, title in near.values_list("pk", "title").distinct()
    }
    likest = sorted((pk for pk in likeness if likeness[pk] >= NEAR_NAMES), key=lambda pk: -likeness[pk])
    pages = GroupPage.objects.in_bulk(likest[:MOST_SHOWN])
    return [pages[pk] for pk in likest[:MOST_SHOWN]]


@transaction.atomic
def start_page(name: str, summary: str, *, by: User) -> GroupPage:
    """A new page that nobody sees yet, led by whoever starts it.

    Raises:
        Refused: they have several unfinished pages, or there is no place for groups in the tree.
    """
    User.objects.select_for_update().get(pk=by.pk)
    led = Membership.objects.active().filter(user=by, role=Role.LEAD, group_uid__isnull=False)
    unfinished = GroupPage.objects.filter(
        first_published_at=None, translation_key__in=led.values("group_uid")
    )
    if unfinished.count() >= MOST_UNFINISHED:
        raise Refused(_("You have started several pages. Finish one of them first."))
    parent = GroupIndexPage.objects.select_for_update().order_by("path").first()
    if parent is None:
        raise Refused(_("We cannot take new pages yet. Contact us, and we help you."))
    page = GroupPage(
        title=name,
        summary=summary,
        slug=Slugs.under(parent).take(name),
        locale=parent.locale,
        live=False,
        owner=by,
    )
    parent.add_child(instance=page)
    page.save_revision(user=by)
    lead_new(page, by=by)
    return page
