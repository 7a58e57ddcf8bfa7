"""Groups that may stand here twice: the same name, or nearly the same name at the same postcode."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz
from wagtail.admin.ui.tables import Column

from groups.admin.group_list import check_words
from groups.admin.reports.base import TITLE, TODAY, GroupReport
from groups.listings.models import GroupPage, GroupSession
from groups.places.names import fold

NEAR_NAMES = 85.0
"""Likeness of two folded names (rapidfuzz `token_sort_ratio`, 0 to 100) from which two groups at one postcode are shown."""


def likely_pairs() -> set[tuple[int, int]]:
    """Primary keys of pages that may be the same group, the lower first."""
    names = {
        pk: fold(title).removeprefix("the ")
        for pk, title in GroupPage.objects.order_by().values_list("pk", "title")
    }
    same_name = _together((name, pk) for pk, name in names.items())
    meets = GroupSession.objects.exclude(venue__postcode="").exclude(venue=None).order_by()
    same_postcode = _together(
        (code, pk) for code, pk in meets.values_list("venue__postcode", "page").distinct()
    )
    near = {
        (one, other)
        for one, other in same_postcode
        if fuzz.token_sort_ratio(names[one], names[other]) >= NEAR_NAMES
    }
    keys = dict(GroupPage.objects.order_by().values_list("pk", "translation_key"))
    return {(one, other) for one, other in same_name | near if keys[one] != keys[other]}


def _together(rows: Iterable[tuple[str, int]]) -> set[tuple[int, int]]:
    by_key = defaultdict(set)
    for key, pk in rows:
        by_key[key].add(pk)
    return {pair for pks in by_key.values() for pair in combinations(sorted(pks), 2)}


class DuplicatesReport(GroupReport):
    slug = "duplicates"
    page_title = _("Groups that may be here twice")
    header_icon = "copy"
    columns = [
        TITLE,
        TODAY,
        Column("likeness", label=_("Looks like")),
        Column("organisation", label=_("Who runs it")),
        Column("checked", label=_("Checked"), accessor=check_words),
    ]
    list_export = ["title", "organisation"]

    def get_queryset(self):
        self.alike = defaultdict(set)
        for one, other in likely_pairs():
            self.alike[one].add(other)
            self.alike[other].add(one)
        return self.groups().filter(pk__in=self.alike).order_by("title", "pk")

    def decorate_paginated_queryset(self, object_list):
        groups = super().decorate_paginated_queryset(object_list)
        others = {pk for group in groups for pk in self.alike[group.pk]}
        titles = dict(GroupPage.objects.filter(pk__in=others).values_list("pk", "title"))
        for group in groups:
            group.likeness = "; ".join(sorted(titles[pk] for pk in self.alike[group.pk]))
        return groups
