"""A moderator's decisions: approve, or ask for a change with a reason. Each is one transaction."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from groups.editing.models import SeenLater
from groups.listings import changes
from groups.listings.models import GroupPage


@dataclass
class Decide:
    """Call `check`, then one of the verbs. revision: the version the moderator looked at."""

    state: TaskState
    revision: int
    by: Any

    def check(self) -> None:
        """Raises ValidationError where somebody was quicker: the group with a newer version, or another moderator."""
        state = TaskState.objects.select_for_update(of=("self",)).get(pk=self.state.pk)
        if state.status != TaskState.STATUS_IN_PROGRESS:
            raise ValidationError(_("Another moderator has decided this meanwhile."))
        page = group_of(state)
        # Wagtail publishes the latest version, whatever the task says.
        if page is None or not state.revision_id == page.latest_revision_id == self.revision:
            raise ValidationError(_("The group changed this while you looked. Look again, please."))
        self.state = state

    def approve(self, comment: str = "") -> None:
        """Publish this version. The group hears of it."""
        with transaction.atomic(), changes.together():
            self.check()
            self.state.task.specific.on_action(self.state, self.by, "approve", comment=comment)

    def ask_for_a_change(self, reason: str) -> None:
        """Send it back with a reason, which the group reads in My group and by e-mail. The live page stays."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say what should change, so that they can do it.")})
        with transaction.atomic(), changes.together():
            self.check()
            self.state.task.specific.on_action(self.state, self.by, "reject", comment=reason.strip())


def seen(rows: list[int], *, by: Any) -> int:
    """Mark changes that went live at once as seen. Returns how many."""
    unseen = SeenLater.objects.filter(pk__in=rows, seen_at=None)
    return unseen.update(seen_at=timezone.now(), seen_by=by)


def group_of(state: TaskState) -> GroupPage | None:
    """The group a task is about; None for any other page."""
    page = state.workflow_state.content_object
    specific = page.specific if page else None
    return specific if isinstance(specific, GroupPage) else None
