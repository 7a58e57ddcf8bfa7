"""Forgetting an e-mail address wherever people's own tables hold it."""

from django.db import transaction
from django.db.models.signals import post_delete

from groups.mail.outbox import erase_address
from groups.people.membership.models import Invitation
from groups.people.models import User
from groups.people.signing_in.models import SignInRequest
from groups.problems.models import Problem


@transaction.atomic
def forget_address(email: str) -> None:
    """No e-mail, invitation, sign-in request or answer goes to this address or names it any more."""
    erase_address(email)
    Invitation.objects.filter(email=email).delete()
    SignInRequest.objects.filter(email=email).delete()
    Problem.objects.filter(email=email).update(email="")


def connect() -> None:
    """An account that is deleted, by whomever, leaves no address behind."""
    post_delete.connect(_deleted, sender=User, dispatch_uid="waymark_forget_address")


def _deleted(sender: type[User], instance: User, **kwargs: object) -> None:
    forget_address(instance.email)
