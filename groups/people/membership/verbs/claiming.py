"""Asking staff to be let keep a page that others wrote, and their answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.checking.reach import moderators_for
from groups.listings.choices import ContactKind
from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.people.membership.models import Claim, ClaimState, Membership, Role, Scope, What
from groups.people.membership.verbs.shared import Refused, context_of, join, lock, note, people_of
from groups.people.models import User

MOST_WAITING_CLAIMS = 5
"""Of one person: staff look at each by hand."""


@transaction.atomic
def claim(group: GroupPage, *, by: User, evidence: str) -> Claim:
    """Ask staff to let this person keep the page. Moderators are told.

    Raises:
        Refused: no evidence, in already, asked already, or asked for many pages.
    """
    evidence = " ".join(evidence.split())
    if not evidence:
        raise Refused(_("Tell us in one sentence how we can tell that you belong to the group."))
    scope = Scope.of_group(group)
    lock(scope)
    if Membership.objects.active().covering(group).filter(user=by).exists():
        raise Refused(_("You keep this page already."))
    if Claim.objects.waiting().filter(user=by, group_uid=group.uid).exists():
        raise Refused(_("You have asked already. We will write to you soon."))
    if Claim.objects.waiting().filter(user=by).count() >= MOST_WAITING_CLAIMS:
        raise Refused(_("You have asked for several pages. Wait for our answer first."))
    made = Claim(group_uid=group.uid, user=by, evidence=evidence)
    made.clean_fields()
    made.save()
    note(scope, What.CLAIMED, by=by, person=by)
    for moderator in moderators_for(group.uid):
        queue_mail("claim_made", to=moderator.email, context={**context_of(scope, person=by), "claim": made})
    return made


@transaction.atomic
def approve_claim(claim: Claim, *, by: User) -> Membership:
    """Let the person keep the page: as lead where nobody leads the group. They and the other contacts are told.

    Recipients come from memberships; the listing's own e-mail address is told too, since a page nobody keeps has no
    other way to notice that a stranger took it.

    Raises:
        Refused: it was decided already, or the listing is gone.
    """
    claim = _still_waiting(claim)
    scope = claim.scope
    lock(scope)
    group = scope.groups().first()
    if group is None:
        raise Refused(_("This listing is gone."))
    _decide(claim, ClaimState.APPROVED, by=by)
    others = {person.email for person in people_of(Membership.objects.active().covering(group))}
    others |= {row.value.lower() for row in group.contacts.filter(kind=ContactKind.EMAIL)}
    led = Membership.objects.active().leads().covering(group).exists()
    membership = join(scope, claim.user, Role.EDITOR if led else Role.LEAD, by=by)
    queue_mail("claim_approved", to=claim.user.email, context=context_of(scope, person=by))
    for address in sorted(others - {claim.user.email}):
        queue_mail("claimed_by", to=address, context=context_of(scope, person=claim.user))
    return membership


@transaction.atomic
def refuse_claim(claim: Claim, *, by: User, reason: str) -> None:
    """Say no, with a reason that is e-mailed.

    Raises:
        Refused: it was decided already, or no reason is given.
    """
    claim = _still_waiting(claim)
    if not reason.strip():
        raise Refused(_("Say why, so that the person knows what to do."))
    claim.reason = reason.strip()
    claim.clean_fields()
    _decide(claim, ClaimState.REFUSED, by=by)
    note(claim.scope, What.REFUSED, by=by, person=claim.user)
    queue_mail(
        "claim_refused",
        to=claim.user.email,
        context={**context_of(claim.scope, person=by), "reason": claim.reason},
    )


def _still_waiting(claim: Claim) -> Claim:
    current = Claim.objects.select_for_update().get(pk=claim.pk)
    if current.state != ClaimState.WAITING:
        raise Refused(_("Somebody decided this already."))
    return current


def _decide(claim: Claim, state: ClaimState, *, by: User) -> None:
    claim.state, claim.decided_by, claim.decided_at = state, by, timezone.now()
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason"])
