"""What visitors told us is wrong on a group's page, for its own people to put right and answer."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groups.listings.models import GroupPage
from groups.problems import queries, verbs
from groups.problems.models import State
from portal.my_group.access import for_group


@require_http_methods(["GET", "HEAD", "POST"])
@for_group("edit_group")
def problems(request: HttpRequest, group: GroupPage) -> HttpResponse:
    """Each with what they wrote, and a box for what was done about it."""
    errors: list[tuple[str, str]] = []
    answered = request.POST.get("reference", "")
    if request.method == "POST":
        try:
            _answer(request, group, answered)
            return redirect(f"{request.path}?done=answered")
        except ValidationError as error:
            errors = [(f"note-{answered}", message) for message in error.messages]
    waiting = [
        {
            "told": told,
            "note": request.POST.get("note", "") if told.reference == answered else "",
            "error": errors[0][1] if errors and told.reference == answered else "",
        }
        for told in queries.with_group(group.uid)
    ]
    known = {f"note-{one['told'].reference}" for one in waiting}  # type: ignore[attr-defined]
    context = {
        "name": group.title,
        "back": reverse("my_group", args=[group.uid]),
        "waiting": waiting,
        "errors": [(field if field in known else "main", words) for field, words in errors],
        "done": _("Thank you. We look at it, and tell the person who asked.")
        if request.GET.get("done") == "answered"
        else "",
    }
    return render(request, "my_group/problems.html", context, status=422 if errors else 200)


def _answer(request: HttpRequest, group: GroupPage, reference: str) -> None:
    found = queries.by_reference(reference)
    if found is None or found.group_uid != group.uid or found.state != State.WITH_GROUP:
        raise ValidationError(_("Somebody has answered this meanwhile. There is nothing left to do."))
    verbs.answer(found, by=request.user, note=request.POST.get("note", ""), now=timezone.now())
