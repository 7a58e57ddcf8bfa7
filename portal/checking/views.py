"""The queue, one group's changes before and after, and a moderator's presses."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import TaskState

from groups.checking.deciding import Decide, seen
from groups.checking.history import history_of
from groups.checking.proposals import decide, waiting_proposals
from groups.checking.queue import changed_in, likely_duplicates, name_of, unseen, waiting, waiting_states
from groups.checking.reach import Reach
from groups.editing.models import Trust
from groups.listings.models import GroupPage
from groups.people.permissions import may
from groups.problems.models import State
from groups.problems.queries import counts, groups_with_problems
from portal.accounts.access import signed_in

_MOST_DIGITS = 18
_SEEN_AT_ONCE = 200


def for_moderators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @never_cache
    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may(request.user, "moderate"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_moderators
def queue(request: HttpRequest) -> HttpResponse:
    return _queue(request)


def _queue(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    drafts, proposals = waiting(), list(waiting_proposals())
    uids = {UUID(one.uid) for one in drafts} | {row.group_uid for row in proposals} | groups_with_problems()
    others = others_work(request, uids | set(unseen().order_by().values_list("group_uid", flat=True)))
    drafts = [one for one in drafts if UUID(one.uid) not in others]
    proposals = [row for row in proposals if row.group_uid not in others]
    later = list(unseen().exclude(group_uid__in=others)[:_SEEN_AT_ONCE])
    names = _names({row.group_uid for row in (*proposals, *later)})
    context = {
        "waiting": drafts,
        "proposals": [_row(row, names) for row in proposals],
        "later": [_row(row, names) for row in later],
        "problems": counts(without=others)[State.OPEN],
        "left_out": len(others),
        "done": _done(request),
        "errors": [("main", problem)] if problem else [],
    }
    return render(request, "checking/queue.html", context, status=409 if problem else 200)


def others_work(request: HttpRequest, uids: set[UUID]) -> set[UUID]:
    """Of these groups those in other moderators' areas; none where all areas were asked for."""
    return set() if "all" in request.GET else Reach.now().others_of(request.user, uids)


def _names(uids: set[UUID]) -> dict[UUID, str]:
    return dict(GroupPage.objects.with_uids(uids).values_list("translation_key", "title"))


def _row(row: Any, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "uid": row.group_uid,
        "name": names.get(row.group_uid, _("A page that is gone")),
        "who": name_of(row.by),
        "at": row.at,
        "told": row.told,
    }


def _done(request: HttpRequest) -> str:
    return {
        "approved": _("Approved and published. The group hears of it by e-mail."),
        "asked": _("Sent back. The group reads your reason by e-mail."),
        "taken": _("Done. It shows at once."),
        "left": _("Left as it was."),
        "seen": _("Marked as seen."),
        "trust": _("Saved."),
    }.get(request.GET.get("done", ""), "")


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def group(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What one draft changes, and the decision on it."""
    page = GroupPage.objects.filter(translation_key=uid).order_by("locale_id").first()
    if page is None:
        raise Http404
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            return redirect(_decide(request, page))
        except ValidationError as error:
            named = error.message_dict if hasattr(error, "error_dict") else {"main": error.messages}
            errors = [(name, message) for name, messages in named.items() for message in messages]
        page = GroupPage.objects.get(pk=page.pk)
    state = waiting_states().filter(workflow_state__object_id=str(page.pk)).first()
    draft = state.revision.as_object() if state else page
    context = {
        "uid": uid,
        "name": draft.title,
        "state": state.pk if state else "",
        "revision": state.revision_id if state else "",
        "is_new": not page.live,
        "who": name_of(state.workflow_state.requested_by) if state else "",
        "since": state.workflow_state.created_at if state else None,
        "changed": changed_in(page, draft) if state else [],
        "duplicates": _duplicates(draft) if state else [],
        "trusted": Trust.holds_for(uid),
        "entries": history_of(page),
        "path": page.url or "" if page.live else "",
        "reason": request.POST.get("reason", ""),
        "errors": errors,
        "error_of": {"reason": dict(errors).get("reason", "")},
        "done": _done(request),
    }
    return render(request, "checking/group.html", context, status=422 if errors else 200)


def _duplicates(draft: GroupPage) -> list[dict[str, str]]:
    return [
        {"name": like.known.name, "why": like.why, "href": reverse("checking_group", args=[like.known.group])}
        for like in likely_duplicates(draft)
    ]


def _decide(request: HttpRequest, page: GroupPage) -> str:
    """Do what was pressed; where to go next. Raises ValidationError with what to do."""
    pressed = request.POST.get("do", "")
    if pressed in ("trust", "no_trust"):
        Trust.say(page.uid, pressed == "trust", by=request.user)
        return f"{reverse('checking_group', args=[page.uid])}?done=trust"
    state = TaskState.objects.filter(pk=_number(request, "state")).select_related("workflow_state").first()
    if state is None or state.workflow_state.object_id != str(page.pk):
        raise ValidationError(_("Another moderator has decided this meanwhile."))
    decision = Decide(state, _number(request, "revision"), request.user)
    if pressed == "approve":
        decision.approve()
        return f"{reverse('checking')}?done=approved"
    if pressed == "ask":
        decision.ask_for_a_change(request.POST.get("reason", ""))
        return f"{reverse('checking')}?done=asked"
    raise ValidationError(_("Press one of the buttons."))


def _number(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) <= _MOST_DIGITS else 0


@require_POST
@for_moderators
def decide_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal over, or leave it."""
    take = request.POST.get("do") == "take"
    try:
        decide(pk, take=take, by=request.user)
    except ValidationError as error:
        return _queue(request, problem=" ".join(error.messages))
    return redirect(f"{reverse('checking')}?done={'taken' if take else 'left'}")


@require_POST
@for_moderators
def mark_seen(request: HttpRequest) -> HttpResponse:
    """Mark as seen exactly what was on the page."""
    rows = [
        int(pk)
        for pk in request.POST.getlist("row")[:_SEEN_AT_ONCE]
        if pk.isdecimal() and len(pk) <= _MOST_DIGITS
    ]
    seen(rows, by=request.user)
    return redirect(f"{reverse('checking')}?done=seen")
