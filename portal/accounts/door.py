"""The door: a second step for those who need one, and no way into the admin for those who have no business there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from groups.people.permissions import ADMIN_ACCESS, needs_second_factor

# What somebody may reach between the first and the second step.
_HALFWAY = {"second_step", "set_up_second_step", "sign_out", "wagtailadmin_logout", "rendition", "mail"}


class Door:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        # Visitors without a session are never asked for: their pages stay the same for everyone, and can be cached.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is not None and match.url_name in _HALFWAY:
            return None
        if lacks_second_step(request):
            back = {"next": request.get_full_path()} if request.method == "GET" else {}
            return HttpResponseRedirect(f"{reverse('second_step')}?{urlencode(back)}")
        at_the_admin = request.path.startswith(reverse("wagtailadmin_home"))
        if at_the_admin and not request.user.has_perm(ADMIN_ACCESS):
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
        return None


def lacks_second_step(request: HttpRequest) -> bool:
    """Whether this person is signed in but still owes the second step."""
    user: Any = request.user
    if not settings.WAYMARK_SECOND_FACTOR or not user.is_authenticated or user.is_verified():
        return False
    return needs_second_factor(user)
