"""Forgetting an e-mail address wherever people's own tables hold it."""

from django.db import transaction

from groups.mail.outbox import erase_address
from groups.people.membership.models import Invitation
from groups.people.signing_in.models import SignInRequest
from groups.problems.models import Problem


@transaction.atomic
def forget_address(email: str) -> None:
    """No e-mail, invitation, sign-in request or answer goes to this address or names it any more."""
    erase_address(email)
    Invitation.objects.filter(email=email).delete()
    SignInRequest.objects.filter(email=email).delete()
    Problem.objects.filter(email=email).update(email="")
