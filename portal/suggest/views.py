"""Suggestions while typing, and the place a visitor stands at. Nothing asked here is kept."""

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from groups.places.gazetteer import PlaceNotFound, nearest_place
from search import engines

MAX_PREFIX = 60
SHORTEST = 2
# About 100 metres: enough to find the town or suburb.
DECIMALS = 3


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """`q` → {"suggestions": [{"kind", "text", "detail", "path"}, …]}; none for less than two letters."""
    prefix = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MAX_PREFIX]
    found = engines.current().suggest(prefix) if len(prefix) >= SHORTEST else []
    response = JsonResponse({"suggestions": [asdict(one) for one in found]})
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # it changes nothing; POST keeps the position out of addresses and logs
@never_cache
@require_POST
def place_at(request: HttpRequest) -> JsonResponse:
    """`latitude` and `longitude`, WGS84 degrees → {"place": "Moulsham, Chelmsford"}; 400 with {"error"} in plain words."""
    try:
        latitude = round(float(request.POST.get("latitude", "")), DECIMALS)
        longitude = round(float(request.POST.get("longitude", "")), DECIMALS)
        spot = nearest_place(latitude, longitude)
    except ValueError:
        return JsonResponse({"error": PlaceNotFound("").message}, status=400)
    except PlaceNotFound as not_found:
        return JsonResponse({"error": not_found.message}, status=400)
    return JsonResponse({"place": spot.label})
