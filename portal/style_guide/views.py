"""Every component with sample values, for eyes and for axe. Only with DEBUG or in the demo."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.style_guide import samples


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.WAYMARK_DEMO):
        raise Http404
    return render(request, "style_guide/style_guide.html", samples.values())
