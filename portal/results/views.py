"""GET /search/: a form's values become a query, an engine answers, a page says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from groups.vocabulary.lexicon import lexicon
from portal.results.map import map_data, tile_host
from portal.results.page import FEW, pages_of, results_page
from search import engines
from search.engine import Results, Wider
from search.query import parse_query


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for the address. Whatever cannot be read is an error beside its field; the rest still answers."""
    parsed = parse_query(request.GET)
    engine = engines.current()
    results = engine.search(parsed.query)
    if results.query.page > pages_of(results.total):
        parsed.query = parsed.query.with_(page=pages_of(results.total))
        results = engine.search(parsed.query)
    ways = _ways_on(results) if results.total < FEW else []
    on_map = request.GET.get("map") == "1"
    page = results_page(parsed, results, ways, lexicon(), on_map=on_map)
    response = render(
        request,
        "results/results.html",
        {
            "page": page,
            "cards": [
                (number if on_map else 0, card)
                for number, card in enumerate(results.cards, page.first_number)
            ],
            "today": timezone.localdate(),
            "help": results.understood.help,
            "map": map_data(results.cards, page.first_number, results.query) if on_map else None,
            "tile_host": tile_host(),
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def _ways_on(results: Results) -> list[Wider]:
    from search.wider import ways_on

    return list(ways_on(results))
