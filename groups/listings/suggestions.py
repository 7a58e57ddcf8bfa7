"""Terms that were read from an imported listing's words: staff accept them with one press."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from groups.listings import changes
from groups.listings.models import GroupPage

_PAIRS = (("suggested_activities", "activities"), ("suggested_needs", "needs"))


class AcceptSuggestions:
    """Make a group's suggested activities and needs its own, in the live page and in a draft that waits.

    The change is published by a version of its own. A waiting draft stays a draft, with its own words, and keeps its place in
    its workflow (`model.md`, "Words are drafted"). Call `check`, then `execute`.
    """

    def __init__(self, page: GroupPage, *, by):
        self.page, self.by = GroupPage.objects.get(pk=page.pk), by

    def check(self) -> None:
        """Raises ValidationError with what to do."""
        if not self.page.permissions_for_user(self.by).can_publish():
            raise ValidationError(
                _("You may not publish this group. Ask a moderator to accept the suggestions.")
            )
        if self.page.locked:
            raise ValidationError(_("This page is locked. Unlock it first."))

    def execute(self) -> None:
        self.check()
        with changes.together():
            waiting = self.page.latest_revision if self.page.has_unpublished_changes else None
            if self.page.live:
                _accept(self.page)
                self.page.save_revision(user=self.by, log_action=False).publish(
                    user=self.by, log_action=False
                )
            if waiting:
                self._accept_in_draft(waiting)
            log(self.page, "waymark.accept_suggestions", user=self.by)

    def _accept_in_draft(self, waiting) -> None:
        draft = waiting.as_object()
        _accept(draft)
        latest = draft.save_revision(user=self.by, clean=False, log_action=False)
        task = GroupPage.objects.get(pk=self.page.pk).current_workflow_task_state
        if task:
            task.revision = latest
            task.save(update_fields=["revision"])


def _accept(page: GroupPage) -> None:
    for suggested, stated in _PAIRS:
        terms = list(getattr(page, suggested).all())
        getattr(page, stated).add(*terms)
        getattr(page, suggested).clear()
