"""The first-pass vectors of all listings, one set a process, and the two passes over them."""

import threading

import numpy as np
from django.db import connection

from search.engines.embedded.columns import Growing, View
from search.engines.meanings import RERANKED, second_pass
from search.index.models import ListingVector
from search.meaning.model import model
from search.meaning.vectors import hamming, nearest_by_signs, sign_codes, similarities

_BY_SIGNS = 2000  # how many the sign codes leave for exact comparison
_SIGNS_FROM = 6000  # below so many rows, exact comparison of all is quicker
_NEARLY_ALL = 0.8  # from this share of the rows on, all codes are compared
_FETCH = 5_000


class _Rows:
    """First-pass vectors and their sign codes, in the order they came; `row_of` finds a listing's row by its id."""

    def __init__(self, name: str, width: int) -> None:
        self.change = 0
        self.name = name
        self.row_of = np.full(1024, -1, np.int32)
        self.vectors = Growing(np.int8, width)
        self.codes = Growing(np.uint64, width // 64)

    def take(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        if ids.max() >= len(self.row_of):
            longer = np.full(int(ids.max() * 1.25) + 1024, -1, np.int32)
            longer[: len(self.row_of)] = self.row_of
            self.row_of = longer
        else:
            self.row_of = self.row_of.copy()
        first = self.vectors.size
        self.vectors.append(vectors)
        self.codes.append(sign_codes(vectors))
        self.row_of[ids] = np.arange(first, first + len(ids), dtype=np.int32)


class MeaningStore:
    """The process's vectors, brought up to date by the vectors' own counter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: _Rows | None = None

    def scores(
        self, query: np.ndarray | None, view: View, positions: np.ndarray, change: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Positions of at most 200 listings nearest in meaning among `positions`, with cosines (the mean of the first-pass
        vector's and the best sentence's), best first. query: `plan_vector`'s; without one, empty.
        """
        nothing = np.empty(0, np.int64), np.empty(0)
        if query is None or not len(positions):
            return nothing
        rows = self._current(change, len(query))
        if rows is None:
            return nothing
        held = _rows_of(view, rows).take(positions)
        kept = held >= 0
        if not kept.all():
            held, positions = held.compress(kept), positions.compress(kept)
        if not len(held):
            return nothing
        if len(held) > _SIGNS_FROM:
            # By distance, then by position: the same listings in every process.
            nearest = nearest_by_signs(_distances(rows, held, sign_codes(query[None, :])[0]), _BY_SIGNS)
            held, positions = held.take(nearest), positions.take(nearest)
        first = similarities(rows.vectors.values.take(held, axis=0), query)
        best = np.argsort(-first, kind="stable")[:RERANKED]
        nearest_ids = view.ids[positions[best]].tolist()
        blobs = _vectors_of(nearest_ids)
        scores = second_pass([bytes(blobs.get(pk, b"")) for pk in nearest_ids], query)
        order = np.argsort(-scores, kind="stable")
        return positions[best][order], scores[order]

    def _current(self, change: int, width: int) -> _Rows | None:
        opened = model()
        if opened is None:
            return None
        rows = self._rows
        if rows is not None and rows.change == change and rows.name == opened.name:
            return rows
        with self._lock:
            rows = self._rows
            if rows is None or rows.name != opened.name or change < rows.change:
                rows = _Rows(opened.name, width)
            _catch_up(rows, change, width)
            self._rows = rows
            return rows

    @property
    def nbytes(self) -> int:
        rows = self._rows
        return rows.vectors.nbytes + rows.codes.nbytes + rows.row_of.nbytes if rows and rows.vectors else 0

    def forget(self) -> None:
        with self._lock:
            self._rows = None


def _vectors_of(ids: list[int]) -> dict[int, bytes]:
    """All vectors of some listings. Read past the ORM, which takes longer over 200 ids than the database over their rows."""
    with connection.cursor() as cursor:
        places = ",".join(["%s"] * len(ids))
        cursor.execute(
            f"SELECT listing_id, vectors FROM search_listingvector WHERE listing_id IN ({places})",  # noqa: S608
            ids,
        )
        return dict(cursor.fetchall())


def _rows_of(view: View, rows: _Rows) -> np.ndarray:
    """For each position of a view its listing's row; -1 for one without a vector. Kept until either changes."""
    key = "vector rows"
    change, held = view.notes.get(key, (None, None))
    if held is None or change != rows.change:
        held = np.full(view.size, -1, np.int32)
        inside = view.ids < len(rows.row_of)
        held[inside] = rows.row_of[view.ids[inside]]
        view.notes[key] = rows.change, held
    return held


def _distances(rows: _Rows, held: np.ndarray, code: np.ndarray) -> np.ndarray:
    """How far the sign codes of these rows are from a code. Gathering codes costs more than comparing a few too many."""
    if len(held) > _NEARLY_ALL * rows.codes.size:
        return hamming(rows.codes.values, code).take(held)
    return hamming(rows.codes.values.take(held, axis=0), code)


def _catch_up(rows: _Rows, change: int, width: int) -> None:
    fresh = (
        ListingVector.objects.filter(change__gt=rows.change, model=rows.name)
        .order_by("pk")
        .values_list("pk", "vectors")
        .iterator(_FETCH)
    )
    ids: list[int] = []
    firsts: list[np.ndarray] = []
    for pk, blob in fresh:
        ids.append(pk)
        firsts.append(np.frombuffer(bytes(blob[:width]), np.int8))
        if len(ids) == _FETCH:
            rows.take(np.array(ids), np.array(firsts))
            ids, firsts = [], []
    if ids:
        rows.take(np.array(ids), np.array(firsts))
    rows.change = change
