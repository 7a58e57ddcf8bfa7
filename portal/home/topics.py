"""The topics of the home page, each with its true count; none without groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from groups.content.models import HomeTopic
from groups.vocabulary.models import Activity, Need
from search.engine import Engine
from search.query import DirectoryQuery

Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Topic:
    """A tile. family and colour name its disc; href is the search that gives `count` groups."""

    label: str
    href: str
    count: int
    family: str = ""
    colour: str = ""


@lru_cache(maxsize=8)
def counts(engine: Engine, now: datetime, changes: int) -> Counts:
    """Groups by ("activity" or "need", slug); kept as long as `home.week.week` keeps its days."""
    facets = engine.search(DirectoryQuery(), now=now).facets
    return {
        (name, value.value): value.count for name in ("activity", "need") for value in facets.get(name, ())
    }


def topics(rows: Iterable[HomeTopic], known: Counts) -> list[Topic]:
    """The chosen activities and needs that have groups, in staff's order."""
    rows = list(rows)
    # Looked up in two queries: a page in memory, as in a preview, cannot join.
    activities = Activity.objects.select_related("family").in_bulk([row.activity_id for row in rows])
    needs = Need.objects.in_bulk([row.need_id for row in rows])
    found = []
    for row in rows:
        if activity := activities.get(row.activity_id):
            found.append(_of_activity(activity, known))
        elif need := needs.get(row.need_id):
            found.append(_of_need(need, known))
    return [topic for topic in found if topic.count]


def _of_activity(activity: Activity, known: Counts) -> Topic:
    return Topic(
        label=activity.name,
        href=_search(DirectoryQuery(activities=(activity.slug,))),
        count=known.get(("activity", activity.slug), 0),
        family=activity.family.slug,
        colour=activity.family.colour,
    )


def _of_need(need: Need, known: Counts) -> Topic:
    return Topic(
        label=need.name,
        href=_search(DirectoryQuery(needs=(need.slug,))),
        count=known.get(("need", need.slug), 0),
        family="need",
        colour="brick",
    )


def _search(query: DirectoryQuery) -> str:
    return f"/search/?{query.to_querystring()}"
