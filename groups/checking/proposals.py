"""What waits for staff outside a draft: facts of a group not trusted yet, corrections of a shared venue."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.editing.models import Proposal, ProposalKind
from groups.editing.today import today_form
from groups.editing.venues import write_correction
from groups.listings import changes
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.places.models import Venue


def waiting_proposals():
    """Those that nobody decided, oldest first."""
    return Proposal.objects.filter(decided_at=None).select_related("by").order_by("at", "pk")


def decide(pk: int, *, take: bool, by: Any) -> None:
    """Take a proposal over, or leave it.

    Raises:
        ValidationError: somebody decided it already, or it makes no sense any more; with what to do.
    """
    with transaction.atomic(), changes.together():
        proposal = Proposal.objects.select_for_update(of=("self",)).filter(pk=pk, decided_at=None).first()
        if proposal is None:
            raise ValidationError(_("Another moderator has decided this meanwhile."))
        if take:
            _TAKE[ProposalKind(proposal.kind)](proposal)
        proposal.decided_at, proposal.decided_by, proposal.taken = timezone.now(), by, take
        proposal.save(update_fields=["decided_at", "decided_by", "taken"])


def _take_today(proposal: Proposal) -> None:
    page = GroupPage.objects.filter(translation_key=proposal.group_uid).first()
    form = (
        today_form(proposal.values["form"], page, proposal.values["data"], by=proposal.by) if page else None
    )
    if form is None or not form.is_valid():
        raise ValidationError(_("This no longer fits: the date is over, or the session is gone. Leave it."))
    form.facts = GroupFacts.objects.for_group(proposal.group_uid)
    form.save()


def _take_venue(proposal: Proposal) -> None:
    venue = Venue.objects.filter(uid=proposal.values["venue"]).first()
    if venue is None:
        raise ValidationError(_("This place is no longer here. Leave it."))
    write_correction(venue, proposal.values["values"])
    venue.save()


_TAKE = {ProposalKind.TODAY: _take_today, ProposalKind.VENUE: _take_venue}
