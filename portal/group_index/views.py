"""Serve a `GroupIndexPage`: every group under it by name, a hundred to a page."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groups.listings.models import GroupIndexPage, GroupPage
from portal.paging import page_number
from search import engines

PAGE = 100


@dataclass(frozen=True, slots=True)
class IndexLine:
    name: str
    path: str
    summary: str


def group_index(request: HttpRequest, page: GroupIndexPage) -> HttpResponse:
    """One page of the list; a page past the end gives the last."""
    uids = (
        GroupPage.objects.child_of(page)
        .listed()
        .order_by("title", "pk")
        .values_list("translation_key", flat=True)
    )
    part = Paginator(uids, PAGE).get_page(page_number(request))
    listings = engines.current().listings(part.object_list)
    lines = [
        IndexLine(listing.name, listing.path, listing.summary)
        for uid in part.object_list
        if (listing := listings.get(uid))
    ]
    return render(
        request,
        "group_index/group_index.html",
        {
            "title": page.title,
            "introduction": page.introduction,
            "description": page.search_description,
            "lines": lines,
            "total": part.paginator.count,
            "page": part.number,
            "pages": part.paginator.num_pages,
            "previous": f"?page={part.previous_page_number()}" if part.has_previous() else "",
            "next": f"?page={part.next_page_number()}" if part.has_next() else "",
        },
    )
