"""The topics of the home page, each with its true count; none without groups."""

from collections.abc import Iterable
from dataclasses import dataclass

from groups.content.models import HomeTopic
from search.engine import Engine
from search.query import DirectoryQuery


@dataclass(frozen=True, slots=True)
class Topic:
    """A tile. family and colour name its disc; href is the search that gives `count` groups."""

    label: str
    href: str
    count: int
    family: str = ""
    colour: str = ""


def topics(rows: Iterable[HomeTopic], engine: Engine) -> list[Topic]:
    """The chosen activities and needs that have groups, in staff's order."""
    facets = engine.search(DirectoryQuery()).facets
    counts = {
        (name, value.value): value.count for name in ("activity", "need") for value in facets.get(name, ())
    }
    found = (_topic(row, counts) for row in rows)
    return [topic for topic in found if topic and topic.count]


def _topic(row: HomeTopic, counts: dict[tuple[str, str], int]) -> Topic | None:
    if row.activity is not None:
        slug = row.activity.slug
        return Topic(
            row.activity.name,
            _search(DirectoryQuery(activities=(slug,))),
            counts.get(("activity", slug), 0),
            row.activity.family.slug,
            row.activity.family.colour,
        )
    if row.need is not None:
        slug = row.need.slug
        return Topic(
            row.need.name,
            _search(DirectoryQuery(needs=(slug,))),
            counts.get(("need", slug), 0),
            "need",
            "brick",
        )
    return None


def _search(query: DirectoryQuery) -> str:
    return f"/search/?{query.to_querystring()}"
