"""Who comes in, and what becomes of a form when a session has ended meanwhile."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import never_cache

from groups.listings.models import GroupPage
from groups.people.permissions import may
from portal.accounts.access import to_sign_in

_KEPT = "my_group_typed"
_MOST_LETTERS = 40_000

View = Callable[..., HttpResponse]


def for_group(action: str) -> Callable[[View], View]:
    """The view gets the group instead of its public id, from people who may do this to it."""

    def decorator(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, uid: UUID, *args, **kwargs) -> HttpResponse:
            if not may(request.user, "have_account"):
                keep_typed(request)
                return to_sign_in(request)
            group = GroupPage.objects.filter(translation_key=uid).order_by("locale_id").first()
            if group is None:
                raise Http404
            if not may(request.user, action, group):
                raise PermissionDenied
            return view(request, group, *args, **kwargs)

        return guarded

    return decorator


def keep_typed(request: HttpRequest) -> None:
    """Keep what was typed until its author has signed in again (`ux.md` rule 37). A chosen file cannot be kept."""
    if request.method != "POST":
        return
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= _MOST_LETTERS:
        request.session[_KEPT] = {"path": request.path, "typed": text}


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page's form before signing in again; it is given out once."""
    kept = request.session.get(_KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[_KEPT]
    return QueryDict(kept["typed"])
