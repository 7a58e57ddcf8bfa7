"""Closing a group for good, and opening it again: a page that says what happens, and the press."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from groups.leaving.closing import close_for_good, open_again
from groups.listings.freshness import closed_shown_until
from groups.listings.models import GroupPage
from portal.my_group.access import for_group
from portal.my_group.summary import closed_words
from portal.words import day_month_year

_VERBS = {"close": (close_for_good, "closed"), "open": (open_again, "opened")}


@require_http_methods(["GET", "HEAD", "POST"])
@for_group("close_group")
def closing(request: HttpRequest, group: GroupPage) -> HttpResponse:
    back = reverse("my_group", args=[group.uid])
    problem = ""
    if request.method == "POST":
        verb, done = _VERBS.get(request.POST.get("do", ""), (None, ""))
        if verb is None:
            raise Http404
        try:
            verb(group, by=request.user)
            return redirect(f"{back}?done={done}")
        except ValidationError as error:
            problem = " ".join(error.messages)
    context = {
        "name": group.title,
        "back": back,
        "pause": reverse("my_group_today", args=[group.uid, "status"]),
        "closed": closed_words(group),
        "until": day_month_year(closed_shown_until(timezone.localdate())),
        "problem": problem,
    }
    return render(request, "my_group/closing.html", context, status=409 if problem else 200)
