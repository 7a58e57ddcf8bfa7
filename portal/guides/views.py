"""Guides: short pages by staff on finding help and company."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from groups.content.models import GuideIndexPage, GuidePage
from portal.guides.body import parts


@dataclass(frozen=True, slots=True)
class GuideLink:
    title: str
    summary: str
    href: str


def guide_index(request: HttpRequest, page: GuideIndexPage) -> HttpResponse:
    """Serve or preview the list of guides."""
    guides = GuidePage.objects.live().public().child_of(page) if page.pk else []
    return render(
        request,
        "guides/index.html",
        {
            "title": page.title,
            "description": page.search_description or page.introduction,
            "introduction": page.introduction,
            "guides": [
                GuideLink(guide.title, guide.summary, guide.get_url(request) or "") for guide in guides
            ],
        },
    )


def guide(request: HttpRequest, page: GuidePage) -> HttpResponse:
    """Serve or preview a guide."""
    parent = page.get_parent()
    return render(
        request,
        "guides/guide.html",
        {
            "title": page.title,
            "description": page.search_description or page.summary,
            "summary": page.summary,
            "parts": parts(page.body),
            "crumbs": [{"label": parent.title, "href": parent.get_url(request) or ""}],
        },
    )
