"""Today's facts, two presses each: a date off or moved, closed for a while, space, running, who may see the place."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from groups.editing.today import FORMS, is_live_at_once, say_today, today_form
from groups.listings.models import GroupPage
from portal.my_group.access import for_group, typed_before
from portal.my_group.shown import errors_of, fields_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_group("change_today")
def today(request: HttpRequest, group: GroupPage, name: str) -> HttpResponse:
    if name not in FORMS:
        raise Http404
    data = request.POST if request.method == "POST" else typed_before(request)
    kept = data is not None and request.method != "POST"
    form = today_form(name, group, data, by=request.user)
    back = reverse("my_group", args=[group.uid])
    if request.method == "POST" and form.is_valid():
        try:
            done = "live" if say_today(form) else "asked"
            return redirect(f"{back}?done={done}")
        except ValidationError as error:
            form.add_error(None, error.messages)
    wrong = form.is_bound and not kept and bool(form.errors)
    context = {
        "heading": str(form.heading),
        "introduction": str(form.introduction),
        "button": str(form.button),
        "group_name": group.title,
        "back": back,
        "at_once": is_live_at_once(name, group),
        "no_dates": "which" in form.fields and not form.fields["which"].choices,  # type: ignore[attr-defined]
        "fields": fields_of(form, with_errors=not kept),
        "errors": errors_of(form) if wrong else [],
        "kept": kept,
    }
    return render(request, "my_group/today.html", context, status=422 if wrong else 200)
