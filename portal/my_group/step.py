"""One page of one topic: look, try, save; and what happens when somebody else saved first."""

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from groups.editing.differences import Clash, Content, content_of, differences, leave_theirs, still_clashing
from groups.editing.forms.base import StepForm
from groups.editing.forms.photos import PhotoForm
from groups.editing.forms.sessions import SessionForm
from groups.editing.forms.words import TermsForm
from groups.editing.photos import AtMostOnePhoto
from groups.editing.saving import Saved, SomebodyElseSaved, save_form, version_of
from groups.editing.steps import STEPS, Step, topic_of
from groups.editing.telling import clash_words
from groups.listings import changes as listing_changes
from groups.listings.models import GroupPage
from portal.my_group.access import for_group, typed_before
from portal.my_group.preview import visitors_see
from portal.my_group.shown import errors_of, fields_of

_MOST_REVISION_DIGITS = 18


@require_safe
@for_group("edit_group")
def new_row(request: HttpRequest, group: GroupPage, slug: str) -> HttpResponse:
    """The new row has its lasting name from the start: pressing Save twice makes one row."""
    step = _step(slug, for_row=True)
    return redirect("my_group_row", group.uid, step.slug, uuid.uuid4())


@csrf_exempt
def row(request: HttpRequest, uid: UUID, slug: str, row: UUID) -> HttpResponse:
    """One session, contact, area or photo. A photo is taken in before its form is read, so that its size is watched."""
    if slug == "photos":
        watch = AtMostOnePhoto(request)
        request.upload_handlers = [watch, *request.upload_handlers]
        request.watched_upload = watch  # type: ignore[attr-defined]
    return _row(request, uid, slug, str(row))


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@for_group("edit_group")
def _row(request: HttpRequest, group: GroupPage, slug: str, row: str) -> HttpResponse:
    return _Page(request, group, _step(slug, for_row=True), row).answer()


@require_http_methods(["GET", "HEAD", "POST"])
@for_group("edit_group")
def step(request: HttpRequest, group: GroupPage, slug: str) -> HttpResponse:
    return _Page(request, group, _step(slug, for_row=False), "").answer()


def _step(slug: str, *, for_row: bool) -> Step:
    found = STEPS.get(slug)
    if found is None or found.is_for_rows != for_row:
        raise Http404
    return found


@dataclass
class _Page:
    """A step, asked for by one person. row: the lasting name of its row, "" where it is for none."""

    request: HttpRequest
    group: GroupPage
    step: Step
    row: str
    clashes: tuple[Clash, ...] = ()
    kept: bool = False

    def answer(self) -> HttpResponse:
        if self.request.method == "POST":
            return self._take(self.request.POST)
        if typed := typed_before(self.request):
            self.kept = True
            version, base = self._version(typed.get("base", ""))
            form = self._form(version, typed)
            return self._show(form, version, base)
        version, base = self._version("")
        return self._show(self._form(version), version, base)

    # --- the version and the form ---------------------------------------------------------------

    def _version(self, said: str) -> tuple[GroupPage, int]:
        """The version a form was made from, and its number; the latest where none is said."""
        number = int(said) if said.isdecimal() and len(said) <= _MOST_REVISION_DIGITS else 0
        number = number or self.group.latest_revision_id or 0
        return version_of(self.group, number), number

    def _form(self, version: GroupPage, data: Any = None) -> StepForm:
        files = self.request.FILES if data is not None and self.request.method == "POST" else None
        form = self.step.form(data, files, page=version, row=self.row, by=self.request.user)
        if isinstance(form, PhotoForm):
            watch = getattr(self.request, "watched_upload", None)
            form.files_too_big = bool(watch and watch.was_too_big)
        return form

    # --- what was pressed -----------------------------------------------------------------------

    def _take(self, data: Any) -> HttpResponse:
        version, base = self._version(data.get("base", ""))
        before = content_of(version)
        form = self._form(version, data)
        remove = "remove" in data and bool(self.row)
        if isinstance(form, SessionForm) and form.finds:
            return self._show(form, version, base, with_errors=False)
        if not remove and not form.is_valid():
            return self._show(form, version, base, status=422)
        if "preview" in data:
            with transaction.atomic():
                form.put()
                response = self._show(form, version, base)
                transaction.set_rollback(True)
            return response
        try:
            if "theirs" in data:
                return self._take_theirs(form, before, base)
            saved = save_form(self.group, form, before, by=self.request.user, remove=remove)
        except SomebodyElseSaved as clash:
            return self._show_both(clash)
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, error.messages)
            return self._show(form, version, base, status=422)
        return HttpResponseRedirect(self._back(_done(saved)))

    def _show_both(self, clash: SomebodyElseSaved) -> HttpResponse:
        """The newer version with mine put onto it, and above it what both wrote. Saving again is done knowingly."""
        self.clashes = tuple(clash.clashes)
        version = self.group.with_content_json(clash.merged)
        return self._show(self._form(version), version, clash.latest, status=409)

    def _take_theirs(self, form: StepForm, before: Content, base: int) -> HttpResponse:
        """Theirs for one thing that both changed; what else I changed stays in the form, to be saved."""
        with transaction.atomic(), listing_changes.together():
            form.put()
        mine = leave_theirs(before, content_of(form.page), self.request.POST["theirs"])
        if not differences(before, mine):
            return HttpResponseRedirect(self._back("theirs"))
        self.clashes = tuple(still_clashing(before, mine, self.request.POST.getlist("clash")))
        version = self.group.with_content_json(mine)
        return self._show(self._form(version), version, base, status=409 if self.clashes else 200)

    def _back(self, done: str) -> str:
        topic = topic_of(self.step.slug)
        return f"{reverse('my_group', args=[self.group.uid])}?done={done}&at={topic.slug}#{topic.slug}"

    # --- the page -------------------------------------------------------------------------------

    def _show(
        self, form: StepForm, version: GroupPage, base: int, *, with_errors: bool = True, status: int = 200
    ) -> HttpResponse:
        errors = errors_of(form) if with_errors and form.is_bound and not self.kept else []
        session = isinstance(form, SessionForm)
        context = {
            "heading": str(self.step.heading),
            "lead": str(self.step.lead),
            "topic": topic_of(self.step.slug).slug,
            "group_name": self.group.draft_title or self.group.title,
            "back": reverse("my_group", args=[self.group.uid]),
            "still_live": self.group.live and self.group.has_unpublished_changes,
            "fields": fields_of(form, with_errors=with_errors and not self.kept),
            "suggestions": form.suggestions if isinstance(form, TermsForm) else [],
            "errors": errors,
            "clashes": [{"key": clash.key, "told": clash_words(clash)} for clash in self.clashes],
            "kept": self.kept,
            "base": base,
            "finds_places": session and "place" in form.fields,
            "place_href": self._place_href(form),
            "is_row": bool(self.row),
            "is_there": bool(self.row) and form.found is not None and self.request.method != "POST",
            "takes_files": isinstance(form, PhotoForm),
            "see": visitors_see(self.request, version),
        }
        return render(self.request, "my_group/step.html", context, status=status)

    def _place_href(self, form: StepForm) -> str:
        """Where the session's place is corrected, if it has one."""
        venue = form.session.venue if isinstance(form, SessionForm) and form.session else None
        return reverse("my_group_venue", args=[self.group.uid, venue.uid]) if venue and self.row else ""


def _done(saved: Saved) -> str:
    """What became of it, as the group's page says it."""
    if saved.live:
        return "both" if saved.waits else "live"
    if saved.waits:
        return "waits"
    return "kept" if saved.unsent else "same"
