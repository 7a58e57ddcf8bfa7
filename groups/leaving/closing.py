"""A group stops for good. Its page says so for three months; then `closed` erases its contacts and takes it down."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groups.listings.choices import Status
from groups.listings.facts import GroupFacts
from groups.listings.freshness import closed_shown_until
from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.people.membership.queries import members_of


class CannotLeave(ValidationError):  # noqa: N818 (said to people)
    """The message says what to do instead."""


def close_for_good(page: GroupPage, *, by: Any, on: date | None = None) -> None:
    """Close a group, from today or `on`. Everybody else who keeps it is told. Pressing twice does it once."""
    with transaction.atomic():
        facts = _locked(page)
        if facts.status == Status.CLOSED:
            return
        facts.close(by=by, on=on)
        last_day = closed_shown_until(facts.closed_on or timezone.localdate())
        _tell(page, "closed", by=by, last_day=date_format(last_day, "j F Y"))


def open_again(page: GroupPage, *, by: Any) -> None:
    """Take the closing back. Everybody else who keeps the group is told.

    Raises:
        CannotLeave: its contacts are erased already.
    """
    with transaction.atomic():
        facts = _locked(page)
        if facts.status != Status.CLOSED:
            return
        if facts.is_erased:
            raise CannotLeave(_("The contact details are deleted already. Write to us, and we help you."))
        facts.reopen(by=by)
        _tell(page, "opened_again", by=by)


def _locked(page: GroupPage) -> GroupFacts:
    facts = GroupFacts.objects.for_group(page.uid)
    return GroupFacts.objects.select_for_update().get(pk=facts.pk)


def _tell(page: GroupPage, template: str, *, by: Any, **words: str) -> None:
    for member in members_of(page):
        if member.user != by:
            context = {"place": page.title, "person": by.name, "uid": page.uid, **words}
            queue_mail(template, to=member.user.email, context=context)
