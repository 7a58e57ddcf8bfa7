"""What an index holds, strictly: what narrows a query down, and the packed record that decides (`scripts`).

No session is a document of its own: their values stand together, so that filters find every listing that may fit. Days are
numbers as in `search.index.records`.
"""

import hashlib
import json
from functools import cache
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.client import UnavailableError, alias
from search.index.records import FACTS, SERVED, SESSIONS
from search.meaning.model import model
from search.ranking import FIELD_WEIGHTS

LAYOUT = "uid, version, facts, facets, served, sessions"  # of `documents.packed`
# A served circle is looked for by the next of these radii, and then measured exactly.
AREA_MILES = (3, 10, 40, 500)
LONGEST_SUGGESTED = 24

_KEYWORD = {"type": "keyword"}
_FILTER_ONLY = {"type": "keyword", "doc_values": False}
_FLAG = {"type": "boolean", "doc_values": False}
_DAY = {"type": "integer", "doc_values": False}
_POINT = {"type": "geo_point", "doc_values": False}

_LISTING: dict[str, Any] = {
    "uid": _KEYWORD,
    "name": _KEYWORD,  # folded, whole
    "begins": {"type": "text", "analyzer": "beginnings", "search_analyzer": "typed", "norms": False},
    "lexemes": _FILTER_ONLY,
    "facets": _FILTER_ONLY,  # "activity:craft"; of its sessions "day:tue", "mode:online", "access:step_free"
    "name_words": {"type": "short"},
    "checked": _DAY,
    "confirmed": _FLAG,
    "capacity_on": _DAY,
    "space": _FLAG,
    "closed_on": _DAY,
    "age_min": {"type": "short", "doc_values": False},
    "age_max": {"type": "short", "doc_values": False},
    "laid_out": _DAY,
    "points": _POINT,
    "everywhere": _FLAG,  # a session of it comes to any place
    "moved": _FLAG,  # a session of it is a single date, which may be over
    "districts": _FILTER_ONLY,  # comes to these
    **{f"area_{miles}": _POINT for miles in AREA_MILES},  # comes to circles about these
    "packed": {"type": "binary", "doc_values": True},
}

_SETTINGS: dict[str, Any] = {
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
    properties = {**_LISTING, ours(): {"type": "alias", "path": "uid"}}
    opened = model()
    if opened is not None:
        properties["vector"] = {
            "type": "dense_vector",
            "dims": opened.dimensions,
            "element_type": "byte",
            "similarity": "cosine",
            "index": True,
            # All within reach are compared: exact, and nothing to build.
            "index_options": {"type": "flat"},
        }
    return {"dynamic": "strict", "_meta": {"waymark": fingerprint(bool(opened))}, "properties": properties}


def settings(shards: int, replicas: int) -> dict[str, Any]:
    return {**_SETTINGS, "number_of_shards": shards, "number_of_replicas": replicas}


@cache
def fingerprint(with_vectors: bool) -> str:
    """Changes whenever an index must be built anew to answer rightly."""
    packed = [LAYOUT, *(str(record) for record in (FACTS, SESSIONS, SERVED))]
    said = json.dumps([_LISTING, _SETTINGS, FIELD_WEIGHTS, packed, with_vectors], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def ours() -> str:
    """Another name of `uid`, which only an index has that was built for this code. To sort by it fails on any other: so a process
    that runs on while the site is deployed never misreads the new index.
    """
    return f"made_for_{fingerprint(with_vectors=False)}"


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
