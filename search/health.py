"""How search is doing: which engine answers, why not the one chosen, and how far it is behind."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from search import engines
from search.index import outbox

_LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SearchHealth:
    """chosen, answers: names of engines. reason: why they differ, for staff. waiting: changes the server has yet to hear of."""

    chosen: str
    answers: str
    reason: str = ""
    waiting: int = 0
    is_late: bool = False
    refused: int = 0

    @property
    def is_well(self) -> bool:
        return self.chosen == self.answers and not self.is_late and not self.refused


def health() -> SearchHealth:
    """Ask the engine chosen, now."""
    chosen = settings.WAYMARK_SEARCH_ENGINE
    if not outbox.is_wanted():
        return SearchHealth(chosen, chosen)
    from search.engines.guarded import GuardedEngine

    engine = engines.get(chosen)
    assert isinstance(engine, GuardedEngine)  # noqa: S101
    reason = engine.trouble()
    behind = outbox.backlog()
    return SearchHealth(
        chosen=chosen,
        answers=engine.fallback.name if reason else chosen,
        reason=reason,
        waiting=behind.waiting,
        is_late=behind.oldest is not None and behind.oldest < timezone.now() - _LATE,
        refused=behind.refused,
    )


def recent_health() -> SearchHealth:
    """As of the last minute, for what stands on every page: asking may take as long as the server does not answer."""
    known = cache.get("waymark.search_health")
    if known is None:
        known = health()
        cache.set("waymark.search_health", known, timeout=_LATE.total_seconds())
    return known
