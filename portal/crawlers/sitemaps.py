"""What search engines may list. A group whose place is hidden is not among it."""

from datetime import date
from itertools import islice

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from groups.content.models import GuideIndexPage, GuidePage, HomePage
from groups.listings.choices import LocationVisibility
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupIndexPage, GroupPage
from portal.venues.views import places_of
from search import engines
from search.query import DirectoryQuery

# Few enough that one page of the map is made in a moment.
LIMIT = 1000


class StandingPages(Sitemap):
    """Pages with a fixed address, and the topics that have groups."""

    limit = LIMIT

    def items(self) -> list[str]:
        facets = engines.current().search(DirectoryQuery()).facets
        names = ("whats_on", "activities", "needs", "contact", "urgent_help", "accessibility", "privacy")
        return [reverse(name) for name in names] + [
            reverse(facet, args=[value.value])
            for facet in ("activity", "need")
            for value in facets.get(facet, ())
            if value.count
        ]

    def location(self, item: str) -> str:
        return item


class StaffPages(Sitemap):
    """Home, guides and lists of groups, as staff published them."""

    limit = LIMIT

    def items(self) -> list[tuple[str, date | None]]:
        pages = [
            page
            for model in (HomePage, GroupIndexPage, GuideIndexPage, GuidePage)
            for page in model.objects.live().public()
        ]
        found = [(page.get_url_parts(), page.last_published_at) for page in pages]
        return [(parts[2], at.date() if at else None) for parts, at in found if parts and parts[2]]

    def location(self, item: tuple[str, date | None]) -> str:
        return item[0]

    def lastmod(self, item: tuple[str, date | None]) -> date | None:
        return item[1]


class Groups(Sitemap):
    """Published groups; of one written in several languages, each page. Hidden ones are left out."""

    limit = LIMIT

    def items(self):
        hidden = GroupFacts.objects.filter(location_visibility=LocationVisibility.HIDDEN).values("group_uid")
        return GroupPage.objects.listed().exclude(translation_key__in=hidden).order_by("pk")

    def location(self, item: GroupPage) -> str:
        return item.get_url_parts()[2]

    def lastmod(self, item: GroupPage):
        return item.last_published_at


class Venues(Sitemap):
    """Venues that have a page now: those where a published, public group meets."""

    limit = LIMIT

    def items(self) -> list[str]:
        uids = iter(GroupPage.objects.listed().order_by("pk").values_list("translation_key", flat=True))
        paths: dict[str, None] = {}
        while part := list(islice(uids, LIMIT)):
            for listing in engines.current().listings(part).values():
                paths.update(
                    (place.path, None)
                    for place in places_of(listing)
                    if place.path and listing.status != "closed"
                )
        return sorted(paths)

    def location(self, item: str) -> str:
        return item


SITEMAPS = {"standing": StandingPages, "pages": StaffPages, "groups": Groups, "venues": Venues}
