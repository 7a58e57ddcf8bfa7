"""Words that are put together once and said many times: remembered for each language."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec

from django.utils.translation import get_language, gettext

P = ParamSpec("P")
_KEPT = 4096


def remembered(words: Callable[P, str]) -> Callable[P, str]:
    """For a function that makes words of plain values: each answer is kept, one for each language.

    Looking a sentence up in every app's catalogue costs more than saying it, and twenty cards say much the same.
    """

    @lru_cache(maxsize=_KEPT)
    def kept(_language: str | None, *args: P.args, **kwargs: P.kwargs) -> str:
        return words(*args, **kwargs)

    @wraps(words)
    def looked_up(*args: P.args, **kwargs: P.kwargs) -> str:
        return kept(get_language(), *args, **kwargs)  # type: ignore[arg-type]  # plain values can be keys

    return looked_up


@remembered
def said(message: str) -> str:
    """`gettext`, remembered. Imported as `_`, so that its messages are gathered like any other's."""
    return gettext(message)
