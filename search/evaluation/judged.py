"""The judged queries, and how well a ranking answers them."""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from search.evaluation.collections import DATA

DEPTH = 10
USEFUL = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and the grades (1 to 3) of the listings that help. nothing: nothing in the collection does."""

    id: str
    collection: str
    kind: str
    text: str
    place: str
    split: str
    of: str | None = None
    nothing: bool = False
    grades: dict[str, int] = field(default_factory=dict)


def judged_queries(collection: str, split: str = "all") -> list[Judged]:
    """The queries of a collection; split "open", "held" or "all"."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _lines("judgements.jsonl"):
        grades[row["query"]][row["doc"]] = row["grade"]
    return [
        Judged(
            id=row["id"],
            collection=row["collection"],
            kind=row["kind"],
            text=row["text"],
            place=row["place"],
            split=row["split"],
            of=row["of"],
            nothing=row.get("nothing", False),
            grades=grades[row["id"]],
        )
        for row in _lines("queries.jsonl")
        if row["collection"] == collection and split in ("all", row["split"])
    ]


def _lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]


def ndcg(found: Sequence[str], grades: dict[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten (gain 2^grade - 1)."""
    best = _dcg(sorted(grades.values(), reverse=True)[:DEPTH])
    return _dcg([grades.get(doc, 0) for doc in found[:DEPTH]]) / best if best else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def reciprocal_rank(found: Sequence[str], grades: dict[str, int]) -> float:
    """One over the rank of the first useful listing (grade 2 or more) among the first ten."""
    return next(
        (1 / rank for rank, doc in enumerate(found[:DEPTH], start=1) if grades.get(doc, 0) >= USEFUL), 0.0
    )


def nothing_useful(found: Sequence[str], grades: dict[str, int]) -> bool:
    return not any(grades.get(doc, 0) for doc in found[:DEPTH])
