"""Groups suggested by the beginning of a word of their name, and names known whole; in under a millisecond."""

from functools import partial
from itertools import islice

import msgspec

from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import words
from search.engine import Suggestion
from search.engines.embedded.columns import View
from search.engines.embedded.names import Names
from search.engines.suggesting import MOST_OF_A_KIND, Suggesting
from search.index import table

_MOST_LOOKED_AT = 50  # places in names: a group may be named after itself twice


class SuggestionStore:
    """Names of all listings, one set a process, beside what every engine suggests."""

    def __init__(self) -> None:
        self._names = Names()
        self._suggesting = Suggesting()

    def find(self, prefix: str, limit: int, view: View, lexicon: Lexicon) -> list[Suggestion]:
        return self._suggesting.find(prefix, limit, lexicon, partial(self._groups, view))

    def is_name(self, text: str, view: View) -> bool:
        """Whether a text of two words or more is the whole name of a listing."""
        typed = words(text)
        if len(typed) < 2:
            return False
        self._names.refresh(view)
        return self._names.is_whole(" ".join(typed))

    @property
    def nbytes(self) -> int:
        return self._names.nbytes

    def forget(self) -> None:
        self._names.forget()
        self._suggesting.forget()

    def _groups(self, view: View, typed: str) -> list[Suggestion]:
        self._names.refresh(view)
        ids: dict[int, None] = {}
        for pk in islice(self._names.beginning_with(typed), _MOST_LOOKED_AT):
            ids[pk] = None
            if len(ids) == MOST_OF_A_KIND:
                break
        said = table.said_of(ids, "name", "document")
        return [group_suggestion(*said[pk]) for pk in ids if pk in said]


def group_suggestion(name: str, document: str) -> Suggestion:
    """A group by the name and the document of its `IndexedListing`."""
    return Suggestion("group", name, "", _read_path.decode(document).path)


class _Path(msgspec.Struct):
    """All that a suggestion wants of a document: the rest is passed over unread."""

    path: str = ""


_read_path = msgspec.json.Decoder(_Path)
