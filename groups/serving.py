"""How a page of ours is shown: `groups` holds it, `portal` composes it.

The portal registers one view for each page model. So a page can be served and previewed by Wagtail's own machinery,
and `groups` still knows nothing of templates.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

PageView = Callable[[HttpRequest, Page], HttpResponse]

_views: dict[type[Page], PageView] = {}


def serve_with(model: type[Page], view: PageView) -> None:
    """Let `view(request, page)` answer for every page of this model, previews included."""
    _views[model] = view


class ServedByPortal:
    """A page whose answer comes from the view the portal registered."""

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return _views[type(self)](request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        # Wagtail's own would look for a template by the model's name.
        return self.serve(request)
