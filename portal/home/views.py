"""The front door: two questions, the topics, and what's on this week."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from groups.content.models import HomePage
from groups.listings.changes import ChangeCounter
from portal.home.topics import counts, topics
from portal.home.week import spot_of, week
from portal.site import site_values
from search import engines


def home(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Serve or preview a home page."""
    engine = engines.current()
    spot = spot_of(site_values(request).default_place)
    now = timezone.now().replace(second=0, microsecond=0)
    changes = ChangeCounter.values_now()[ChangeCounter.LISTINGS]
    return render(
        request,
        "home/home.html",
        {
            "title": page.seo_title or page.heading,
            "description": page.search_description or page.lead,
            "heading": page.heading,
            "lead": page.lead,
            "about_heading": page.about_heading,
            "about": page.about,
            "topics": topics(page.topics.all(), counts(engine, now, changes)),
            "days": week(engine, spot, now, changes),
            "near": spot.label if spot else "",
        },
    )
