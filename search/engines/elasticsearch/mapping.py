"""What an index holds, strictly. A listing with one session has it in `only`, one with several in nested `rows`.

So most listings are filtered and counted without joins; nested documents are looked into only where two conditions must hold
on one session of several. Days are numbers as in `search.index.records`, times minutes after midnight.
"""

import hashlib
import json
from functools import cache
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.client import UnavailableError, alias
from search.meaning.model import model

# A served circle is looked for by the next of these radii, and then measured exactly.
AREA_MILES = (3, 10, 40, 500)
UNTIMED_START, UNTIMED_END = -1, 4095  # a meeting without a time is never over on its day
LONGEST_SUGGESTED = 24

_KEYWORD = {"type": "keyword"}
_FILTER_ONLY = {"type": "keyword", "doc_values": False}
_FLAG = {"type": "boolean", "doc_values": False}
_DAY = {"type": "integer"}

_SESSION: dict[str, Any] = {
    "point": {"type": "geo_point"},
    "spot": {"type": "long", "index": False},  # the same to the last bit (`documents.packed_area`)
    "kind": _KEYWORD,  # "mode:online", "access:step_free"
    "fixed": _KEYWORD,  # "day:tue", "time:morning": they hold while it still meets
    "running": {"type": "boolean"},  # of a group that is neither paused nor closed
    "moved": _FLAG,  # one date of a session, moved: it counts until that meeting is over
    "everywhere": _FLAG,  # comes to any place
    "districts": _FILTER_ONLY,  # comes to these
    "areas": {"type": "long", "index": False},  # comes within these circles (`documents.packed_area`)
    **{f"area_{miles}": {"type": "geo_point", "doc_values": False} for miles in AREA_MILES},
    "days": _DAY,
    "last": _DAY,
    "start": {"type": "short"},
    "end": {"type": "short"},
}

_LISTING: dict[str, Any] = {
    "uid": _KEYWORD,
    "name": _KEYWORD,  # folded, whole
    "begins": {"type": "text", "analyzer": "beginnings", "search_analyzer": "typed", "norms": False},
    "lexemes": _FILTER_ONLY,
    "facets": _KEYWORD,
    "name_words": {"type": "short"},
    "checked": _DAY,
    "confirmed": _FLAG,
    "checked_order": _DAY,
    "capacity_on": _DAY,
    "capacity": _FILTER_ONLY,
    "paused": _FLAG,
    "closed_on": _DAY,
    "age_min": {"type": "short"},
    "age_max": {"type": "short"},
    "several": _FLAG,
    "laid_out": _DAY,
    "only": {"type": "object", "properties": _SESSION},
    "rows": {"type": "nested", "properties": _SESSION},
}

_SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    # A delete keeps its version for an hour, so that a late write never brings a listing back.
    "gc_deletes": "1h",
    "refresh_interval": "1s",
    "analysis": {
        "filter": {
            "beginnings": {"type": "edge_ngram", "min_gram": 2, "max_gram": LONGEST_SUGGESTED},
            "typed": {"type": "truncate", "length": LONGEST_SUGGESTED},
        },
        "analyzer": {
            "beginnings": {"type": "custom", "tokenizer": "keyword", "filter": ["beginnings"]},
            "typed": {"type": "custom", "tokenizer": "keyword", "filter": ["typed"]},
        },
    },
}


def mappings() -> dict[str, Any]:
    properties = dict(_LISTING)
    opened = model()
    if opened is not None:
        properties["vector"] = {
            "type": "dense_vector",
            "dims": opened.dimensions,
            "element_type": "byte",
            "similarity": "cosine",
            "index": True,
            "index_options": {"type": "hnsw", "m": 16, "ef_construction": 60},
        }
    return {"dynamic": "strict", "_meta": {"waymark": fingerprint(bool(opened))}, "properties": properties}


def settings(replicas: int) -> dict[str, Any]:
    return {**_SETTINGS, "number_of_replicas": replicas}


@cache
def fingerprint(with_vectors: bool) -> str:
    """Changes whenever an index must be built anew to answer rightly."""
    said = json.dumps([_LISTING, _SETTINGS, with_vectors], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def require_current(server: Elasticsearch) -> None:
    """
    Raises:
        UnavailableError: the index was built for another mapping than this code's.
    """
    if not is_current(server, alias()):
        raise UnavailableError("The search index is of another kind. Run: manage.py rebuild_search_index")


def is_current(server: Elasticsearch, index: str) -> bool:
    """Whether an index was built for the mapping this code expects."""
    # Vectors that nobody asks for do no harm.
    wanted = {fingerprint(True)} if model() is not None else {fingerprint(True), fingerprint(False)}
    return all(
        mapping["mappings"].get("_meta", {}).get("waymark") in wanted
        for mapping in server.indices.get_mapping(index=index).values()
    )
