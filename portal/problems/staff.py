"""The worklist of problems that visitors told us about, and what a moderator does with one."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groups.listings.models import GroupPage
from groups.people.membership.queries import members_of
from groups.problems import queries, verbs
from groups.problems.models import FOR_STAFF_ALONE, Problem, State
from portal.checking.views import for_moderators, others_work


@require_safe
@for_moderators
def problems(request: HttpRequest) -> HttpResponse:
    """One state at a time, with the number of each; or straight to the one whose reference was typed."""
    find = request.GET.get("find", "").strip()[:40]
    if find and (found := queries.by_reference(find)):
        return redirect("checking_problem", found.reference)
    wanted = request.GET.get("state", "")
    state = wanted if wanted in State.values else str(State.OPEN)
    others = others_work(request, queries.groups_with_problems())
    count = queries.counts(without=others)
    context = {
        "states": [
            {"value": value, "label": label, "count": count[value], "here": value == state}
            for value, label in State.choices
        ],
        "problems": queries.worklist(state, without=others),
        "left_out": len(others),
        "find": find,
        "errors": [("find", _("We have no report with this number. Check it."))] if find else [],
        "done": _("Closed.") if request.GET.get("done") == "closed" else "",
    }
    return render(request, "checking/problems.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def problem(request: HttpRequest, reference: str) -> HttpResponse:
    """What they wrote, what was done so far, and the presses: ask the group, or close it."""
    found = queries.by_reference(reference)
    if found is None:
        raise Http404
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            return redirect(_do(request, found))
        except ValidationError as error:
            named = error.message_dict if hasattr(error, "error_dict") else {"main": error.messages}
            errors = [(name, message) for name, messages in named.items() for message in messages]
        found = Problem.objects.get(pk=found.pk)
    page = GroupPage.objects.with_uids([found.group_uid]).first()
    is_open = found.state == State.OPEN
    context = {
        "told": queries.told(found),
        "state": State(found.state).label,
        "email": found.email,
        "path": (page.get_url(request) or "") if page and page.live else "",
        "is_here": page is not None,
        "may_pass": is_open
        and found.kind not in FOR_STAFF_ALONE
        and page is not None
        and members_of(page).exists(),
        "may_close": found.state != State.CLOSED,
        "history": queries.history(found),
        "note": request.POST.get("note", ""),
        "errors": errors,
        "error_of": {"note": dict(errors).get("note", "")},
        "done": _("The group was told.") if request.GET.get("done") == "passed" else "",
    }
    return render(request, "checking/problem.html", context, status=422 if errors else 200)


def _do(request: HttpRequest, found: Problem) -> str:
    """Do what was pressed; where to go next. Raises ValidationError with what to do."""
    now = timezone.now()
    pressed = request.POST.get("do", "")
    if pressed == "pass":
        verbs.pass_to_group(found, by=request.user, now=now)
        return f"{reverse('checking_problem', args=[found.reference])}?done=passed"
    if pressed == "close":
        verbs.close(found, by=request.user, note=request.POST.get("note", ""), now=now)
        return f"{reverse('checking_problems')}?done=closed"
    raise ValidationError(_("Press one of the buttons."))
