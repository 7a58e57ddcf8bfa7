"""Pictures for pages: the small renditions, and nothing else that was uploaded.

An original may say in its EXIF data where it was taken, so originals have no address (`domain.md`, "Places that must not
be found"). A server in front of this one should likewise offer only `media/images/`.
"""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# Wagtail gives a changed picture a new name.
_A_YEAR = "public, max-age=31536000, immutable"


@require_safe
def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file of `media/images/`. Raises Http404 for any other."""
    response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
    response["Cache-Control"] = _A_YEAR
    return response
