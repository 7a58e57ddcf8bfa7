"""GET /search/: a form's values become a query, an engine answers, a page says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from groups.places.gazetteer import namesakes
from groups.vocabulary.lexicon import lexicon
from portal.exit import EXIT_TO
from portal.results.map import map_data, tile_host
from portal.results.page import pages_of, results_page
from search import engines
from search.query import parse_query
from search.wider import ways_on

MOST_NAMESAKES = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for the address. Whatever cannot be read is an error beside its field; the rest still answers."""
    parsed = parse_query(request.GET)
    if parsed.query.place and not parsed.place_suggestions:
        parsed.place_suggestions = tuple(namesakes(parsed.query.place_text)[:MOST_NAMESAKES])
    engine = engines.current()
    results = engine.search(parsed.query)
    if results.query.page > pages_of(results.total):
        parsed.query = parsed.query.with_(page=pages_of(results.total))
        results = engine.search(parsed.query)
    ways = ways_on(engine, results)
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
            "exit_to": EXIT_TO if any(panel.quick_exit for panel in results.understood.help) else "",
            "map": map_data(results.cards, page.first_number, results.query) if on_map else None,
            "tile_host": tile_host(),
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response
