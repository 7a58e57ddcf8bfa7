"""Names of all listings, found by the beginning of any of their words: one text in memory, and sorted places in it.

As Python strings, a million names would take more memory than all facts together.
"""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import numpy as np

from groups.vocabulary.words import words
from search.engines.embedded.columns import Growing, View
from search.index.models import IndexedListing

_LONG_WORD = 4  # a shorter word begins no suggestion, unless it is the first
_SORTED_BY = 24  # letters; what agrees in so many stands in the order of ids
_MOST_ONE_BY_ONE = 2_000
_END = b"\n"


class Names:
    """Of one process, by the ids of `IndexedListing`. `refresh` brings them up to date with a view."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._seen = -1
        self._text = bytearray()
        self._begins = Growing(np.uint32)
        self._ids = Growing(np.int32)
        self._starts = np.empty(0, np.uint32)  # of each word one may begin with, in the order of what follows
        self._latest: dict[
            int, int
        ] = {}  # number of the present name of each listing that changed; -1 for none

    @property
    def nbytes(self) -> int:
        return len(self._text) + self._begins.nbytes + self._ids.nbytes + self._starts.nbytes

    def refresh(self, view: View) -> None:
        """Take in what changed since the view seen last."""
        if self._seen == view.seen:
            return
        with self._lock:
            changed = self._changed() if 0 <= self._seen <= view.seen else None
            if changed is None or len(changed) > _MOST_ONE_BY_ONE:
                self.forget()
                rows = IndexedListing.objects.filter(gone=False).order_by("pk").values_list("pk", "name")
                self._starts = self._sorted(self._append(rows.iterator()))
            else:
                self._replace(changed)
            self._seen = view.seen

    def _changed(self) -> list[tuple[int, str, bool]]:
        """What changed since, by the index on versions: asked for in the order of ids, SQLite reads the whole table."""
        rows = IndexedListing.objects.filter(version__gt=self._seen).values_list("pk", "name", "gone")
        return sorted(rows[: _MOST_ONE_BY_ONE + 1])

    def _append(self, rows: Iterable[tuple[int, str]]) -> np.ndarray:
        """Add names to the text; returns where their words start."""
        first = at = len(self._text)
        begins, ids, names = [], [], []
        for pk, name in rows:
            begins.append(at)
            ids.append(pk)
            if said := " ".join(words(name)):
                names.append(said)
                at += len(said) + len(_END)
        fresh = "".join(name + "\n" for name in names).encode()
        self._text += fresh
        self._begins.append(np.array(begins, np.uint32))
        self._ids.append(np.array(ids, np.int32))
        letters = np.frombuffer(fresh, np.uint8)
        ends = np.flatnonzero(letters <= ord(" "))
        starts = np.zeros(len(ends), np.int64)
        starts[1:] = ends[:-1] + 1
        begin = np.isin(starts, np.array(begins) - first)
        return (first + starts.compress(begin | (ends - starts >= _LONG_WORD))).astype(np.uint32)

    def _replace(self, rows: list[tuple[int, str, bool]]) -> None:
        first = self._begins.size
        present = [(pk, name) for pk, name, gone in rows if not gone]
        starts = sorted(self._append(present), key=self._following)
        places = [bisect_right(self._starts, self._following(start), key=self._following) for start in starts]
        self._latest |= {pk: -1 for pk, _name, _gone in rows}
        self._latest |= {pk: first + number for number, (pk, _name) in enumerate(present)}
        self._starts = np.insert(self._starts, places, starts)

    def _sorted(self, starts: np.ndarray) -> np.ndarray:
        letters = np.frombuffer(bytes(self._text) + _END * _SORTED_BY, np.uint8)
        following = np.lib.stride_tricks.sliding_window_view(letters, _SORTED_BY)[starts]
        following[np.logical_or.accumulate(following == ord(_END), axis=1)] = 0
        return starts[np.argsort(following.view(f"S{_SORTED_BY}")[:, 0], kind="stable")]

    def _following(self, start: int) -> bytes:
        return bytes(self._text[start : start + _SORTED_BY]).partition(_END)[0]

    def beginning_with(self, typed: str) -> Iterator[int]:
        """Ids of the listings in whose names a word begins so, in the order of what follows; one may come twice."""
        wanted = typed.encode()
        starts = self._starts
        place = bisect_left(starts, wanted[:_SORTED_BY], key=self._following)
        for start in starts[place:]:
            if self._text[start : start + len(wanted[:_SORTED_BY])] != wanted[:_SORTED_BY]:
                return
            if self._text[start : start + len(wanted)] == wanted and (pk := self._owner(int(start))):
                yield pk

    def is_whole(self, typed: str) -> bool:
        """Whether a text is the whole name of a listing."""
        wanted = typed.encode()
        starts = self._starts
        place = bisect_left(starts, wanted[:_SORTED_BY], key=self._following)
        if place == len(starts) or self._following(starts[place]) != wanted[:_SORTED_BY]:
            return False
        beyond = bisect_right(starts, wanted[:_SORTED_BY], lo=place, key=self._following)
        some = starts[place:beyond]
        begins = self._begins.values
        names = (
            some[begins[np.minimum(np.searchsorted(begins, some), len(begins) - 1)] == some]
            if len(some)
            else some
        )
        return any(
            self._text[start : start + len(wanted) + 1] == wanted + _END and self._owner(int(start))
            for start in names.tolist()
        )

    def _owner(self, start: int) -> int:
        """The listing whose present name a place lies in; 0 for a name it has no longer."""
        # Of the column's own type: for any other, numpy turns the whole column into that first.
        number = int(np.searchsorted(self._begins.values, np.uint32(start), side="right")) - 1
        pk = int(self._ids.values[number])
        return pk if self._latest.get(pk, number) == number else 0
