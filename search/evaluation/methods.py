"""What is compared: our engines, plain full text, and Wagtail's own search. Each gives documents, best first."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from uuid import UUID

from groups.demo.content import all_of, lasting_id
from groups.listings.models import GroupPage
from groups.listings.provenance import SourceRecord
from groups.places.gazetteer import PlaceNotFound, resolve
from search import engines
from search.engine import Engine
from search.evaluation.collections import SOURCE
from search.evaluation.judged import Judged
from search.index.models import IndexedListing
from search.query import DirectoryQuery

Method = Callable[[Judged], Sequence[str]]


def documents() -> dict[UUID, list[str]]:
    """Each group's document ids: its rows' ids, or its key for the demo's groups."""
    found: dict[UUID, list[str]] = {}
    for uid, ref in SourceRecord.objects.filter(source=SOURCE).values_list("group_uid", "ref"):
        found.setdefault(uid, []).append(ref)
    if not found:
        found = {lasting_id("group", row["key"]): [row["key"]] for row in all_of("groups")}
    return found


def engine_method(name: str) -> Method:
    engine, docs = _engine(name), documents()

    def find(judged: Judged) -> Sequence[str]:
        try:
            place = resolve(judged.place) if judged.place else None
        except PlaceNotFound:
            place = None
        results = engine.search(DirectoryQuery(text=judged.text, place=place, place_text=judged.place))
        return _best_of_each([docs.get(card.listing.uid, []) for card in results.cards], judged)

    return find


def _engine(name: str) -> Engine:
    """An engine over this database; Elasticsearch with an index made for the occasion, and no way out."""
    if name != "elasticsearch":
        return engines.get(name)
    from search.engines.elasticsearch import rebuilding
    from search.engines.elasticsearch.engine import ElasticsearchEngine

    rebuilding.rebuild()
    return ElasticsearchEngine(seconds=30)


def _best_of_each(found: Sequence[Sequence[str]], judged: Judged) -> list[str]:
    """A group that several rows became is judged by the best of them."""
    return [max(mine, key=lambda doc: judged.grades.get(doc, 0)) if mine else "" for mine in found]


def bm25_method() -> Method:
    """SQLite's own bm25 over name and text, any word of the query, stemmed: what a plain full-text search gives."""
    docs = documents()
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE plain USING fts5(uid UNINDEXED, name, text, tokenize='porter unicode61')"
    )
    for page in GroupPage.objects.live().only("translation_key", "title", "summary", "description"):
        database.execute(
            "INSERT INTO plain VALUES (?, ?, ?)",
            (str(page.uid), page.title, f"{page.summary}\n{page.description}"),
        )

    def find(judged: Judged) -> Sequence[str]:
        wanted = re.findall(r"[a-z0-9]+", f"{judged.text} {judged.place}".lower())
        if not wanted:
            return []
        rows = database.execute(
            "SELECT uid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain) LIMIT 20",
            (" OR ".join(f'"{word}"' for word in wanted),),
        )
        return _best_of_each([docs.get(UUID(uid), []) for (uid,) in rows], judged)

    return find


def wagtail_method() -> Method:
    """Wagtail's own search over group pages, as its admin uses it."""
    docs = documents()

    def find(judged: Judged) -> Sequence[str]:
        pages = GroupPage.objects.live().search(f"{judged.text} {judged.place}".strip(), operator="or")[:20]
        return _best_of_each([docs.get(page.uid, []) for page in pages], judged)

    return find


def methods(engine_names: Sequence[str]) -> dict[str, Method]:
    assert IndexedListing.objects.exists(), "the collection is not indexed"  # noqa: S101
    return {
        **{f"Waymark ({name})": engine_method(name) for name in engine_names},
        "plain FTS5 bm25": bm25_method(),
        "Wagtail's own search": wagtail_method(),
    }
