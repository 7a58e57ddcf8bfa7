"""The two passes over meaning that every engine shares: what a query means, and the exact likeness of the nearest listings."""

from collections.abc import Sequence

import numpy as np

from search import ranking
from search.meaning.model import model, query_vector, told_vector
from search.meaning.vectors import similarities, unit
from search.understanding.kinds import learnt
from search.understanding.plan import Plan

RERANKED = 200


def plan_vector(plan: Plan) -> np.ndarray | None:
    """What a query means: its own words, drawn towards the topics it was understood to be about, and towards what listings say
    that offer the kinds of help it seems to ask for.
    """
    query = query_vector(plan.meaning_text) if plan.meaning_text else None
    if query is None:
        return None
    drawn = _towards_topics(query, plan)
    opened = model()
    kinds = learnt(opened) if opened else None
    if kinds is not None:
        told, sure = kinds.towards(query)
        # What the vocabulary understands needs no guess.
        understood = plan.share_understood if plan.spans else 0.0
        drawn = drawn + ranking.KIND_PULL * sure * (1 - ranking.KIND_LESS * understood) * told
    return unit(drawn).astype(np.float32)


def _towards_topics(query: np.ndarray, plan: Plan) -> np.ndarray:
    """A unit vector."""
    topics = [
        (weight, vector) for text, weight in plan.topic_texts if (vector := told_vector(text)) is not None
    ]
    if not topics:
        return query
    weight = sum(weight for weight, _vector in topics)
    towards = sum(weight * vector for weight, vector in topics) / weight
    # Topics that were only guessed at draw less.
    return unit(query + ranking.TOPIC_PULL * min(weight, 1.0) * towards)


def second_pass(blobs: Sequence[bytes], query: np.ndarray) -> np.ndarray:
    """The likeness of listings, from all their vectors: the mean of the first-pass vector's cosine and the best sentence's.

    A listing without sentences has its first vector's alone; one without vectors 0.
    """
    vectors = [np.frombuffer(blob, np.int8).reshape(-1, len(query)) for blob in blobs]
    if not vectors:
        return np.empty(0)
    owner = np.repeat(np.arange(len(vectors)), [len(rows) for rows in vectors])
    cosines = similarities(np.concatenate(vectors), query)
    is_first = np.diff(owner, prepend=-1) != 0
    first = np.zeros(len(vectors), np.float32)
    first[owner[is_first]] = cosines[is_first]
    best = np.full(len(vectors), -1.0, np.float32)
    np.maximum.at(best, owner[~is_first], cosines[~is_first])
    best = np.where(best < -0.99, first, best)
    return np.round(((first + best) / 2).astype(np.float64), 4)


def added_by_meaning(cosines: np.ndarray) -> np.ndarray:
    """Which of the nearest (best first) meaning alone brings in: those above the threshold, at most so many. Indices."""
    return np.flatnonzero(cosines >= ranking.MEANING_LEAST)[: ranking.MOST_BY_MEANING]
