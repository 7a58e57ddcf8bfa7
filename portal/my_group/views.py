"""The list of my groups, one group's page, and the presses on it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.checking.history import history_of
from groups.editing.saving import draft_of, missing_from, send, throw_away
from groups.editing.steps import TOPICS
from groups.editing.today import asked_for_space, everything_is_right
from groups.editing.venues import CORRECTED, correct_venue, used_only_by
from groups.listings.boundary import listing_of
from groups.listings.choices import Capacity
from groups.listings.facts import ClosureRecord, DateChangeRecord, undo
from groups.listings.models import GroupPage
from groups.people.membership.queries import groups_of
from groups.people.permissions import may
from groups.places.models import Venue
from groups.problems import queries as problems
from portal.accounts.access import signed_in
from portal.group_page.views import group_page
from portal.my_group.access import for_group
from portal.my_group.forms import VenueForm
from portal.my_group.shown import errors_of, fields_of
from portal.my_group.summary import standing, topics_of, upcoming
from portal.words import checked_words

_UNDOES = {"date": DateChangeRecord, "closure": ClosureRecord}
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@signed_in
def my_groups(request: HttpRequest) -> HttpResponse:
    """Every group this person keeps, and how it stands."""
    groups = list(groups_of(request.user).distinct().order_by("title"))  # type: ignore[arg-type]
    asked = asked_for_space(groups, timezone.localdate())
    rows = [
        {
            "uid": group.uid,
            "name": group.draft_title or group.title,
            "href": _href(group),
            "standing": standing(group).words,
            "asks_for_space": group.uid in asked,
        }
        for group in groups
    ]
    space = [(value, label) for value, label in Capacity.choices if value != Capacity.UNKNOWN]
    return render(request, "my_group/list.html", {"groups": rows, "space": space})


@require_safe
@for_group("edit_group")
def my_group(request: HttpRequest, group: GroupPage) -> HttpResponse:
    return _page(request, group)


def _page(request: HttpRequest, group: GroupPage, *, refusals: list[str] | None = None) -> HttpResponse:
    draft = draft_of(group)
    listing = listing_of(group)
    now = standing(group)
    context = {
        "uid": group.uid,
        "name": draft.title,
        "standing": now,
        "path": listing.path if group.live else "",
        "checked": checked_words(listing),
        "problems": len(problems.with_group(group.uid)),
        "may_close": may(request.user, "close_group", group),
        "topics": topics_of(group),
        "upcoming": upcoming(group),
        "missing": missing_from(draft) if now.state in ("new", "unsent", "came_back") else [],
        "may_send": now.state in ("unsent", "came_back") or (now.state == "new" and not group.live),
        "may_throw_away": group.live and now.state in ("waits", "unsent", "came_back"),
        "done": _done(request),
        "done_at": next((topic.slug for topic in TOPICS if topic.slug == request.GET.get("at")), ""),
        "errors": [("topics", problem) for problem in refusals or ()],
    }
    return render(request, "my_group/group.html", context, status=422 if refusals else 200)


def _done(request: HttpRequest) -> str:
    return {
        "live": _("Saved. It shows at once."),
        "waits": _("Saved and sent. We check it, and tell you by e-mail."),
        "both": _("Saved. Some of it shows at once. We check the rest, and tell you by e-mail."),
        "kept": _("Saved. Nobody sees it yet. Send it when you are ready."),
        "same": _("Nothing had changed."),
        "theirs": _("We kept what the other person wrote."),
        "asked": _("Thank you. We check it first."),
        "right": _("Thank you. Your page says that you checked it today."),
        "sent": _("Sent. We check it, and tell you by e-mail."),
        "thrown": _("Your changes are gone. The page is as visitors see it."),
        "undone": _("Taken back. The usual dates hold again."),
        "closed": _("The group is closed. You can open it again."),
        "started": _("Your page is started, and nobody sees it yet. Answer what you can, then send it."),
        "opened": _("The group is open again. Please check that everything is still right."),
    }.get(request.GET.get("done", ""), "")


def _href(group: GroupPage, done: str = "") -> str:
    href = reverse("my_group", args=[group.uid])
    return f"{href}?done={done}" if done else href


@require_POST
@for_group("change_today")
def still_right(request: HttpRequest, group: GroupPage) -> HttpResponse:
    """One press: everything is still right."""
    everything_is_right(group, by=request.user)
    return redirect(_href(group, "right"))


@require_POST
@for_group("edit_group")
def send_for_checking(request: HttpRequest, group: GroupPage) -> HttpResponse:
    try:
        send(group.pk, by=request.user)
    except ValidationError as error:
        return _page(request, group, refusals=error.messages)
    return redirect(_href(group, "sent"))


@_GET_OR_POST
@for_group("edit_group")
def throw_changes_away(request: HttpRequest, group: GroupPage) -> HttpResponse:
    """A page that asks, and the press that does it."""
    if request.method == "POST":
        throw_away(group.pk, by=request.user)
        return redirect(_href(group, "thrown"))
    return render(request, "my_group/throw_away.html", {"name": group.title, "back": _href(group)})


@require_POST
@for_group("change_today")
def take_back(request: HttpRequest, group: GroupPage) -> HttpResponse:
    """Take a cancelled date, a move or a closure back. One that is gone already is no error."""
    kind, _space, pk = request.POST.get("undo", "").partition(" ")
    model = _UNDOES.get(kind)
    if model is None or not pk.isdecimal() or len(pk) > 18:
        raise Http404
    if record := model.objects.filter(pk=pk, group_uid=group.uid).first():  # type: ignore[attr-defined]
        undo(record, by=request.user)
    return redirect(_href(group, "undone"))


@require_safe
@for_group("edit_group")
def draft(request: HttpRequest, group: GroupPage) -> HttpResponse:
    """The whole page as it will be."""
    response = group_page(request, draft_of(group))
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@for_group("edit_group")
def history(request: HttpRequest, group: GroupPage) -> HttpResponse:
    return render(
        request,
        "my_group/history.html",
        {"name": group.title, "back": _href(group), "entries": history_of(group)},
    )


@_GET_OR_POST
@for_group("edit_group")
def venue(request: HttpRequest, group: GroupPage, venue_uid: UUID) -> HttpResponse:
    """Correct a place of the group's own; propose it to staff where other groups meet there too."""
    place = Venue.objects.filter(uid=venue_uid).first()
    meets_here = place and any(row.venue_id == place.pk for row in draft_of(group).sessions.all())
    if place is None or not meets_here:
        raise Http404
    own = used_only_by(place, group)
    form = VenueForm(request.POST or None, initial={name: getattr(place, name) for name in CORRECTED})
    if request.method == "POST" and form.is_valid():
        try:
            at_once = correct_venue(place, form.cleaned_data, page=group, by=request.user)
            return redirect(_href(group, "live" if at_once else "asked"))
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                form.add_error(name if name in form.fields else None, messages)
    context = {
        "name": place.name,
        "own": own,
        "back": _href(group),
        "fields": fields_of(form),
        "errors": errors_of(form) if form.is_bound else [],
    }
    return render(request, "my_group/venue.html", context, status=422 if form.errors else 200)
