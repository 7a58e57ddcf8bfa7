"""Which engine answers: by WAYMARK_SEARCH_ENGINE."""

from functools import cache

from django.conf import settings

from search.engine import Engine


def current() -> Engine:
    """The engine chosen by the settings."""
    return get(settings.WAYMARK_SEARCH_ENGINE)


@cache
def get(name: str) -> Engine:
    """One engine of this process by its name.

    Raises:
        ValueError: there is no such engine.
    """
    if name == "embedded":
        from search.engines.embedded.engine import EmbeddedEngine

        return EmbeddedEngine()
    if name == "elasticsearch":
        from search.engines.guarded import GuardedEngine

        return GuardedEngine(get("embedded"))
    raise ValueError(f"No search engine is called {name!r}. Use: embedded, elasticsearch.")
