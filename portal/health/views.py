"""For a monitor: 200 while visitors are served, 503 while they cannot be. Nothing here tells what only staff should know."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.health import health as search_health


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Public. `status`: "ok", "degraded" (all pages work; the search server does not, or is behind) or "down"."""
    try:
        connection.ensure_connection()
        search = search_health()
    except DatabaseError:
        return JsonResponse({"status": "down"}, status=503)
    return JsonResponse(
        {
            "status": "ok" if search.is_well else "degraded",
            "search": {
                "chosen": search.chosen,
                "answers": search.answers,
                "waiting": search.waiting,
                "late": search.is_late,
                "refused": search.refused,
            },
        }
    )
