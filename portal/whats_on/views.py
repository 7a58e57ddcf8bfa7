"""GET /whats-on/: `near` a place, `by` day or place, `week` 0 to 4 from today, `day` of that week, `page`."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groups.places.gazetteer import PlaceNotFound, Spot, resolve
from groups.schedule.words import describe_date
from portal.paging import page_number
from portal.results.page import Link, pages_of
from portal.site import site_values
from portal.whats_on.week import DAYS, Week, WeekDay, WeekPlace
from portal.words import day_month_year
from search import engines

WEEKS_AHEAD = 4
MAX_PLACE = 100


@require_safe
def whats_on(request: HttpRequest) -> HttpResponse:
    """A week by day, a week by place, or one day. What cannot be read is left out; a place not known is said."""
    now = timezone.now()
    typed = request.GET.get("near", "").replace("\0", "").strip()[:MAX_PLACE]
    spot, error, suggestions = _spot(typed, site_values(request).default_place)
    weeks = _weeks(request.GET.get("week", ""))
    week = Week.ahead(engines.current(), spot, weeks, now)
    day = _day(request.GET.get("day", ""), week)
    by_place = request.GET.get("by") == "place" and day is None
    page = page_number(request)
    kept = {"near": typed, "by": "place" if by_place else "", "week": str(weeks) if weeks else ""}
    here = {**kept, "day": day.isoformat() if day else ""}

    days: list[WeekDay] = []
    places: list[WeekPlace] = []
    total = 0
    if day:
        days = [week.day(day, page)]
        total = days[0].total
    elif by_place:
        places, total = week.places(page)
    else:
        days = week.days()
    pages = pages_of(total)
    return render(
        request,
        "whats_on/whats_on.html",
        {
            "title": _title(week, day, weeks),
            "near": typed or (spot.label if spot else ""),
            "place": spot.label if spot else "",
            "errors": [("near", error)] if error else [],
            "error": error,
            "suggestions": [Link(one.label, _address({**kept, "near": one.label})) for one in suggestions],
            "days": [(one, "" if day else _address({**kept, "day": one.day.isoformat()})) for one in days],
            "places": places,
            "is_day": day is not None,
            "by_place": by_place,
            "ways": [
                Link(_("By day"), _address({**kept, "by": ""}), current=not by_place),
                Link(_("By place"), _address({**kept, "by": "place"}), current=by_place),
            ],
            "earlier": _address({**kept, "week": str(weeks - 1) if weeks > 1 else ""}) if weeks else "",
            "later": _address({**kept, "week": str(weeks + 1)}) if weeks < WEEKS_AHEAD else "",
            "whole_week": _address(kept),
            "page": page,
            "pages": pages,
            "previous": _address({**here, "page": str(page - 1)}) if page > 1 else "",
            "next": _address({**here, "page": str(page + 1)}) if page < pages else "",
        },
    )


def _spot(typed: str, default: str) -> tuple[Spot | None, str, tuple[Spot, ...]]:
    """Where to look: the visitor's place, else the site's; with what to say when it is not known."""
    try:
        return (resolve(typed or default), "", ()) if typed or default else (None, "", ())
    except PlaceNotFound as not_found:
        return None, not_found.message if typed else "", not_found.suggestions if typed else ()


def _weeks(text: str) -> int:
    return int(text) if text in {str(number) for number in range(WEEKS_AHEAD + 1)} else 0


def _day(text: str, week: Week) -> date | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
    return day if timedelta() <= day - week.first < timedelta(days=DAYS) else None


def _title(week: Week, day: date | None, weeks: int) -> str:
    if day:
        return _("What’s on: %(day)s") % {"day": describe_date(day, timezone.localdate())}
    if weeks:
        return _("What’s on from %(day)s") % {"day": day_month_year(week.first)}
    return _("What’s on this week")


def _address(parts: dict[str, str]) -> str:
    text = urlencode({name: value for name, value in parts.items() if value})
    return f"?{text}" if text else "?"
