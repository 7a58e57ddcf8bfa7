"""Search from the command line: the same answer as the page."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groups.places.gazetteer import PlaceNotFound, resolve
from search import engines
from search.engine import Results
from search.query import PAGE_SIZE, DirectoryQuery


class Command(BaseCommand):
    help = "Find groups by words and place, as the search page does."

    def add_arguments(self, parser) -> None:
        parser.add_argument("text", nargs="?", default="", help="What to look for.")
        parser.add_argument("--place", default="", help="A postcode or town.")
        parser.add_argument("--radius", type=float, help="Miles around the place.")
        parser.add_argument(
            "--engine", default="", help="Which engine answers; the one of the settings if left out."
        )
        parser.add_argument("--limit", type=int, default=PAGE_SIZE, help="How many results.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument("--explain", action="store_true", help="Print each part of the score.")
        parser.add_argument(
            "--queries",
            metavar="FILE",
            help="Many queries: a JSON object a line with id, text, place and radius. - is standard input.",
        )

    def handle(self, *args, **options) -> None:
        try:
            engine = engines.get(options["engine"]) if options["engine"] else engines.current()
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["queries"]:
            for asked in _queries(options["queries"]):
                query = self._query(asked.get("text", ""), asked.get("place", ""), asked.get("radius"))
                answer = _answer(engine, query, options["limit"])
                self.stdout.write(json.dumps({"id": asked.get("id"), **answer}, ensure_ascii=False))
            return
        query = self._query(options["text"], options["place"], options["radius"])
        answer = _answer(engine, query, options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self._print(answer, options["explain"])

    def _query(self, text: Any, place: Any, radius: Any) -> DirectoryQuery:
        try:
            spot = resolve(str(place)) if place else None
            miles = float(radius) if radius else None
        except PlaceNotFound as error:
            raise CommandError(str(error.message)) from error
        except (TypeError, ValueError) as error:
            raise CommandError(f"The radius must be a number of miles, not {radius!r}.") from error
        return DirectoryQuery(text=str(text or ""), place=spot, place_text=str(place or ""), radius=miles)

    def _print(self, answer: dict[str, Any], explain: bool) -> None:
        for reading in answer["understood"]["readings"]:
            self.stdout.write(f"  {reading['kind']}: “{reading['typed']}” is {reading['label']}")
        self.stdout.write(f"{answer['total']:,} found")
        for result in answer["results"]:
            miles = "" if result["miles"] is None else f"  {result['miles']:.1f} miles"
            self.stdout.write(f"{result['rank']:>3}. {result['name']}{miles}  [{result['score']:.3f}]")
            if explain:
                parts = "  ".join(f"{name} {value:.3f}" for name, value in result["parts"].items())
                self.stdout.write(f"       {parts}")


def _queries(path: str) -> Iterator[dict[str, Any]]:
    try:
        lines = (
            sys.stdin.read().splitlines()
            if path == "-"
            else Path(path).read_text(encoding="utf-8").splitlines()
        )
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Could not read {path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
        except ValueError as error:
            raise CommandError(f"Line {number} is no JSON: {error}") from error
        if not isinstance(asked, dict):
            raise CommandError(f"Line {number} is no JSON object.")
        yield asked


def _answer(engine, query: DirectoryQuery, limit: int) -> dict[str, Any]:
    """Total, what was understood, and as many results as asked for, page by page."""
    results: Results = engine.search(query, explain=True)
    cards = list(results.cards)
    page = 1
    while len(cards) < min(limit, results.total) and results.cards:
        page += 1
        more = engine.search(query.with_(page=page), explain=True)
        if not more.cards:
            break
        cards += more.cards
    understood = results.understood
    return {
        "total": results.total,
        "engine": results.engine,
        "understood": {
            "words": understood.words,
            "place": understood.query.place.label if understood.query.place else "",
            "readings": [
                {"kind": reading.kind, "typed": reading.typed, "label": str(reading.label)}
                for reading in understood.readings
            ],
            "help": [panel.slug for panel in understood.help],
        },
        "results": [
            {
                "rank": rank,
                "uid": str(card.listing.uid),
                "source": card.listing.source_refs[0][0] if card.listing.source_refs else "",
                "source_ref": card.listing.source_refs[0][1] if card.listing.source_refs else "",
                "name": card.listing.name,
                "score": card.score,
                "miles": card.miles,
                "parts": card.parts,
            }
            for rank, card in enumerate(cards[:limit], start=1)
        ],
    }
