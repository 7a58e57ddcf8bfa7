"""Saving an edit: one transaction, nothing lost, nothing live that should wait (`model.md`, "Words are drafted").

What is safe goes live at once **and** into the waiting draft, so that approving the draft never undoes it; the draft keeps
its place in its workflow. The rest is a newer draft, sent to a moderator where the page is live already. A page that was never
published, or whose draft came back, is sent by its editor: `send`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from groups.checking.workflow import workflow_for
from groups.editing import policy
from groups.editing.differences import Change, Clash, Content, content_of, differences, merge
from groups.editing.forms.base import StepForm
from groups.editing.models import SeenLater
from groups.editing.telling import tell
from groups.listings import changes as listing_changes
from groups.listings.models import GroupPage


class SomebodyElseSaved(Exception):  # noqa: N818 — the name says what happened
    """Both changed the same things. `merged` is the newer version with mine put onto it; nothing was saved."""

    def __init__(self, clashes: list[Clash], merged: Content, latest: int) -> None:
        super().__init__("clash")
        self.clashes, self.merged, self.latest = clashes, merged, latest


@dataclass(frozen=True, slots=True)
class Saved:
    """live: something shows at once. waits: something waits for a moderator. unsent: the editor still has to send it."""

    live: bool = False
    waits: bool = False
    unsent: bool = False


def draft_of(page: GroupPage) -> GroupPage:
    """The latest version, in memory."""
    latest = page.get_latest_revision()
    return latest.as_object() if latest else page


def version_of(page: GroupPage, revision: int) -> GroupPage:
    """The version a form was made from. One that is gone, or is another page's, is answered by the latest."""
    found = page.revisions.filter(pk=revision).first() if revision else None
    return found.as_object() if found else draft_of(page)


def save(page_id: int, changed: Sequence[Change], mine: Content, *, by: Any) -> Saved:
    """Put one person's changes onto the latest version, all or nothing.

    changed: `differences` between the version the form was made from and `mine`.

    Raises:
        SomebodyElseSaved: a newer version changed the same things.
        ValidationError: staff locked the page, or the versions together make no sense.
    """
    with transaction.atomic(), listing_changes.together():
        page = GroupPage.objects.select_for_update(of=("self",)).get(pk=page_id)
        if page.locked:
            raise ValidationError(_("Our staff locked this page for a while. Contact us, and we help you."))
        latest = content_of(draft_of(page))
        draft, clashes = merge(latest, changed, mine)
        if clashes:
            raise SomebodyElseSaved(clashes, draft, page.latest_revision_id or 0)
        effective = differences(latest, draft)
        if not effective:
            return Saved(unsent=is_unsent(page))
        now, later = policy.split(page, effective)
        waiting = page.live and page.has_unpublished_changes
        if page.live and not later and not waiting:
            _publish(page, draft, by)
        else:
            if now:
                live, _theirs = merge(content_of(page), now, draft, knowingly=True)
                _publish(page, live, by, beside_the_draft=True)
            _keep_as_draft(page, draft, by)
        if now:
            SeenLater.objects.create(
                group_uid=page.uid,
                by=by,
                told=[told.as_data() for told in tell(latest, _only(latest, now, draft))],
            )
        page = GroupPage.objects.get(pk=page_id)
        if later and page.live and page.current_workflow_state is None:
            workflow_for(page).start(page, by)
        return Saved(live=bool(now), waits=bool(later) and not is_unsent(page), unsent=is_unsent(page))


def save_form(page: GroupPage, form: StepForm, before: Content, *, by: Any, remove: bool = False) -> Saved:
    """Save a valid form in one transaction, with the venue or photo that was made on the way.

    before: the version the form was made from, as it was. remove: take the form's row away instead.
    Raises as `save` does; what was made on the way is kept then, for the next press.
    """
    clash: SomebodyElseSaved | None = None
    with transaction.atomic(), listing_changes.together():
        form.remove() if remove else form.put()
        mine = content_of(form.page)
        try:
            return save(page.pk, differences(before, mine), mine, by=by)
        except SomebodyElseSaved as error:
            clash = error
    raise clash


def _only(latest: Content, now: list[Change], draft: Content) -> Content:
    return merge(latest, now, draft, knowingly=True)[0]


PUBLISHED_BESIDE = "waymark.publish_beside_the_draft"
"""In the log: a version that holds the live page with safe changes only; the draft after it holds them, too."""


def _publish(page: GroupPage, content: Content, by: Any, *, beside_the_draft: bool = False) -> None:
    """Publish a version. What may go live by itself is `policy`'s, not a permission of Wagtail's."""
    revision = page.with_content_json(content).save_revision(user=by, log_action=not beside_the_draft)
    revision.publish(
        user=by, skip_permission_checks=True, log_action=PUBLISHED_BESIDE if beside_the_draft else True
    )


def _keep_as_draft(page: GroupPage, content: Content, by: Any) -> None:
    """Make this the latest version; what a moderator looks at moves along."""
    page = GroupPage.objects.get(pk=page.pk)
    revision = page.with_content_json(content).save_revision(user=by, log_action=True)
    TaskState.objects.filter(workflow_state__in=_states_of(page), status=TaskState.STATUS_IN_PROGRESS).update(
        revision=revision
    )


def _states_of(page: GroupPage):
    return WorkflowState.objects.active().for_instance(page)


def is_unsent(page: GroupPage) -> bool:
    """Whether changes lie here that no moderator is asked to look at."""
    return (
        page.has_unpublished_changes
        and not _states_of(page).filter(status=WorkflowState.STATUS_IN_PROGRESS).exists()
    )


def send(page_id: int, *, by: Any) -> None:
    """Ask a moderator to look at the latest version. Safe to press twice.

    Raises:
        ValidationError: what a visitor needs first is missing; each message says what.
    """
    with transaction.atomic():
        page = GroupPage.objects.select_for_update(of=("self",)).get(pk=page_id)
        if not is_unsent(page):
            return
        if missing := missing_from(draft_of(page)):
            raise ValidationError(missing)
        state = _states_of(page).filter(status=WorkflowState.STATUS_NEEDS_CHANGES).first()
        if state:
            state.resume(user=by)
        else:
            workflow_for(page).start(page, by)


def throw_away(page_id: int, *, by: Any) -> None:
    """Go back to what visitors see now: the waiting changes are dropped, and stay in the history."""
    with transaction.atomic(), listing_changes.together():
        page = GroupPage.objects.select_for_update(of=("self",)).get(pk=page_id)
        if not page.live or not page.has_unpublished_changes:
            return
        for state in _states_of(page):
            state.cancel(user=by)
        _publish(page, content_of(page), by)


def missing_from(draft: GroupPage) -> list[str]:
    """What must be said before a moderator is asked."""
    missing = []
    if not draft.summary:
        missing.append(_("Say in one sentence what you do."))
    if not draft.sessions.all() and not draft.times_note:
        missing.append(_("Say when you meet, or that it is by arrangement."))
    if not draft.contacts.all():
        missing.append(_("Give one way to reach you."))
    return missing
