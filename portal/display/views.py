"""Text size, contrast and colours: one form, one cookie."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.display.choices import CONTRAST, SCHEME, TEXT, Display
from portal.options import Option


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        answers = {name: request.POST.get(name, "") for name in ("text", "contrast", "scheme")}
        response = HttpResponseRedirect(f"{reverse('display')}?kept=1")
        Display.read(**answers).keep(response, secure=request.is_secure())
        return response
    now = Display.of(request)
    return render(
        request,
        "display/display.html",
        {
            "kept": "kept" in request.GET,
            "text_options": _options(TEXT, now.text),
            "contrast_options": _options(CONTRAST, now.contrast),
            "scheme_options": _options(SCHEME, now.scheme),
        },
    )


def _options(answers: tuple, chosen: str) -> list[Option]:
    return [Option(value, label, chosen=value == chosen) for value, label in answers]
