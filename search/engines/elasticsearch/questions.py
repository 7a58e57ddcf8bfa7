"""The small searches before a page and beside it, and what is read of their answers."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

from groups.vocabulary.words import words
from search.engines.elasticsearch.asking import Recurring
from search.engines.elasticsearch.client import Response, Search, written
from search.engines.elasticsearch.conditions import Conditions, Filter
from search.engines.elasticsearch.mapping import ours
from search.engines.elasticsearch.scoring import Query
from search.engines.meanings import RERANKED

CANDIDATES = 2 * RERANKED


def whether_names(texts: Sequence[str]) -> Recurring:
    """Of each of these texts, whether a listing is called so. (One word is a topic or a place before it is a name.)"""
    names = [" ".join(words(text)) for text in texts]
    each = [{"term": {"name": name}} for name in names]
    asked = {"names": {"filters": {"filters": each}}}
    search = {"size": 0, "track_total_hits": False, "query": {"terms": {"name": names}}, "aggs": asked}
    return Recurring(("names", *names), search, _held)


def whether_any(condition: Filter) -> Recurring:
    """Whether any listing satisfies this."""
    return Recurring(_about(condition), only_total(condition), lambda answer: total_of(answer) > 0)


def nearest(vector: list[int], reach: Conditions, within: Sequence[Filter]) -> Recurring:
    """The listings that are nearest in meaning, by their first vectors: their public ids. within: says what `reach` does."""
    search = {
        "knn": {
            "field": "vector",
            "query_vector": vector,
            "k": RERANKED,
            "num_candidates": CANDIDATES,
            "filter": within,
        },
        "size": RERANKED,
        # Two hundred documents would take as long to read as their vectors to compare.
        "stored_fields": "_none_",
        "docvalue_fields": ["uid"],
        "track_total_hits": False,
    }
    return Recurring(_about(vector, reach.where), search, _told_uids)


def best_match(scored: Query, among: Filter, reach: Conditions, within: Sequence[Filter]) -> Recurring:
    """The highest score there is among these. within: says what `reach` does."""
    search = {
        "size": 1,
        "stored_fields": "_none_",
        "track_total_hits": False,
        "query": {"bool": {"filter": [*within, among], "must": [scored]}},
    }
    return Recurring(_about(scored, among, reach.where), search, _highest_score)


def only_total(query: Query) -> Search:
    """How many there are, in an index that was made for this code."""
    return {"size": 0, "track_total_hits": True, "query": query, "sort": [ours()]}


def total_of(answer: Response) -> int:
    return int(answer["hits"]["total"]["value"])


def uids_of(answer: Response) -> list[UUID]:
    return [UUID(hit["_id"]) for hit in answer["hits"]["hits"]]


def _told_uids(answer: Response) -> list[UUID]:
    return [UUID(hit["fields"]["uid"][0]) for hit in answer["hits"]["hits"]]


def _highest_score(answer: Response) -> float:
    return answer["hits"]["max_score"] or 0.0


def _held(answer: Response) -> list[bool]:
    return [bucket["doc_count"] > 0 for bucket in answer["aggregations"]["names"]["buckets"]]


def _about(*said: Any) -> bytes:
    """What a search asks, in short."""
    return blake2b(written(said), digest_size=16).digest()
