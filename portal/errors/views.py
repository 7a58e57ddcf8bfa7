"""The page for our own failures. It asks nothing of the database: that may be what failed."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from portal.display.choices import Display
from portal.site import last_known


def server_error(request: HttpRequest) -> HttpResponse:
    template = loader.get_template("500.html")
    # Rendered without the request, so that no context processor runs.
    return HttpResponseServerError(
        template.render({"site": last_known(request), "display": Display.of(request)})
    )
