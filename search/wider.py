"""Ways on from few or no results, each with its true count. Never a dead end (`ux.md`, rule 20)."""

from groups.listings.choices import Mode
from search.engine import Engine, Results, Wider
from search.query import RADII, DirectoryQuery

FEW = 5
_MOST = 6


def ways_on(engine: Engine, results: Results) -> list[Wider]:
    """Wider queries that find more than this one did, the nearest to what was asked first.

    Only for few results; counts are exact, and none is offered that leads nowhere new.
    """
    if results.total > FEW:
        return []
    tried = list(_candidates(results.query))
    counts = engine.count([query for _kind, query in tried])
    found = [
        Wider(kind, query, count)
        for (kind, query), count in zip(tried, counts, strict=True)
        if count > (results.total if kind != "online" else 0)
    ]
    # A wider circle that finds no more than a narrower one is no way on.
    best: list[Wider] = []
    seen_radius = 0
    for way in found:
        if way.kind == "radius":
            if way.count <= seen_radius:
                continue
            seen_radius = way.count
        best.append(way)
    return best[:_MOST]


def _candidates(query: DirectoryQuery):
    if query.place is not None:
        for miles in RADII:
            if miles > (query.radius_miles or 0):
                yield "radius", query.with_(radius=float(miles))
    for facet, values in query.chosen.items():
        for value in values:
            yield "facet", query.without(facet, value)
    if query.place is not None:
        yield (
            "online",
            query.with_(
                modes=(Mode.ONLINE.value, Mode.TELEPHONE.value), days=(), times=(), when="", access=()
            ),
        )
        yield "anywhere", query.with_(place=None, place_text="", radius=None)
    if query.text and query.place is not None:
        yield "words", DirectoryQuery(place=query.place, place_text=query.place_text, radius=query.radius)
