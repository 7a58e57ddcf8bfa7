"""Which listings hold a lexeme, by position: read from the database's full text once, and kept while there is room.

A listing that changes stands at a new position (`columns`), so what is kept stays right: only new positions are added to it.

A word is kept once for all fields, with the best field it stands in: three bits beside each position.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from search import ranking
from search.engines.embedded.columns import View
from search.index import words
from search.index.document import FIELDS, NAME, PLACE

_BYTES_A_LISTING = 56  # so that columns, names and these stay below 300 bytes a listing
_LEAST_BYTES = 1_000_000
_MOST_LISTS = 20_000
_MOST_ADDED = 500  # more new listings than this, and reading anew is quicker

_BY_WORTH = sorted(FIELDS, key=lambda letter: ranking.FIELD_WEIGHTS[letter])
_CODE = {letter: code for code, letter in enumerate(_BY_WORTH, 1)}
_CODE_BITS = 3
_FIELD = (1 << _CODE_BITS) - 1
WORTH = np.array([0.0, *(ranking.FIELD_WEIGHTS[letter] for letter in _BY_WORTH)])
"""What a word is worth by the code of its field."""
IN_NAME, IN_PLACE = _CODE[NAME], _CODE[PLACE]

Positions = np.ndarray


def anywhere(term: str) -> str:
    """What to ask `Postings` for a word in any field; `fields_of` takes the answer apart."""
    return f"_{term}"


def fields_of(found: np.ndarray) -> tuple[Positions, np.ndarray]:
    """The positions of a word, each once, rising, and the code of the best field it stands in there."""
    return found >> _CODE_BITS, (found & _FIELD).astype(np.uint8)


def in_names(found: Sequence[np.ndarray]) -> Positions:
    """The positions of the listings that have each of these words `anywhere` in their name; rising."""
    if not found:
        return np.empty(0, np.int32)
    wanted, *others = sorted(found, key=len)
    wanted = wanted.compress(wanted & _FIELD == IN_NAME)
    for other in others:
        wanted = wanted.compress(other.take(np.searchsorted(other, wanted), mode="clip") == wanted)
    return wanted >> _CODE_BITS


class Postings:
    """Of one process's columns. Kept in `View.kept`, so that it goes with them."""

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._size = size  # positions below this stand in the lists that hold them
        self._lists: OrderedDict[str, Positions] = OrderedDict()
        self.nbytes = 0

    @classmethod
    def of(cls, view: View) -> "Postings":
        held: Postings = view.kept.setdefault("postings", cls(view.size))
        return held

    def positions(self, lexemes: Sequence[str], view: View) -> dict[str, Positions]:
        """The positions of each lexeme, in no order, or of a word `anywhere` with its fields, rising; dead ones may be among."""
        with self._lock:
            if view.size < self._size:
                return _read(lexemes, view)  # a reader that is still at an older view
            self._catch_up(view)
            found = {lexeme: self._lists[lexeme] for lexeme in lexemes if lexeme in self._lists}
            for lexeme in found:
                self._lists.move_to_end(lexeme)
            if missing := [lexeme for lexeme in dict.fromkeys(lexemes) if lexeme not in found]:
                fresh = _read(missing, view)
                found |= fresh
                self._keep(fresh, view.size)
            return found

    def _keep(self, fresh: dict[str, Positions], size: int) -> None:
        most = max(_BYTES_A_LISTING * size, _LEAST_BYTES)
        for lexeme, positions in fresh.items():
            self._lists[lexeme] = positions
            self.nbytes += positions.nbytes
        while self._lists and (self.nbytes > most or len(self._lists) > _MOST_LISTS):
            _lexeme, oldest = self._lists.popitem(last=False)
            self.nbytes -= oldest.nbytes

    def _catch_up(self, view: View) -> None:
        added = range(self._size, view.size)
        self._size = view.size
        if not self._lists or not added:
            return
        if len(added) > _MOST_ADDED:
            self._lists.clear()
            self.nbytes = 0
            return
        lexemes = words.lexemes_of(view.ids[added.start :].tolist())
        more: dict[str, list[int]] = {}
        for position in added:
            best: dict[str, int] = {}
            for lexeme in lexemes.get(int(view.ids[position]), ()):
                if lexeme in self._lists:
                    more.setdefault(lexeme, []).append(position)
                word = lexeme[1:]  # as `anywhere` has it, behind the letter of a field
                if word in self._lists and lexeme[0] in _CODE:
                    best[word] = max(best.get(word, 0), _CODE[lexeme[0]])
            for word, code in best.items():
                more.setdefault(word, []).append(position << _CODE_BITS | code)
        for lexeme, positions in more.items():
            longer = np.concatenate([self._lists[lexeme], np.array(positions, np.int32)])
            self.nbytes += longer.nbytes - self._lists[lexeme].nbytes
            self._lists[lexeme] = longer


def _read(lexemes: Sequence[str], view: View) -> dict[str, Positions]:
    """In one trip to the database."""
    in_fields = {
        lexeme: [letter + lexeme for letter in _BY_WORTH] for lexeme in lexemes if lexeme.startswith("_")
    }
    asked = [each for lexeme in lexemes for each in in_fields.get(lexeme, [lexeme])]
    held = {}
    for lexeme, ids in words.postings(list(dict.fromkeys(asked))).items():
        positions = view.positions_of(ids)
        held[lexeme] = positions.compress(positions >= 0).astype(np.int32)
    return {
        lexeme: _joined([held[one] for one in in_fields[lexeme]], view.size)
        if lexeme in in_fields
        else held[lexeme]
        for lexeme in lexemes
    }


def _joined(by_field: Sequence[Positions], size: int) -> np.ndarray:
    """The positions of a word in each field, those worth least first, as one list."""
    best = np.zeros(size, np.uint8)
    for code, positions in enumerate(by_field, 1):
        best[positions] = code
    held = np.flatnonzero(best)
    return (held << _CODE_BITS | best.take(held)).astype(np.int32)
