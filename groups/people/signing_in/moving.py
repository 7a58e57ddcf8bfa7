"""A new e-mail address for an account, proved by a link or a code that was sent to it.

Nothing looks the new address up before its owner has shown that they read its mail; only they are told that it has an account.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from groups.mail.outbox import queue_mail
from groups.people.membership.models import Invitation
from groups.people.models import User
from groups.people.signing_in import verbs
from groups.people.signing_in.models import SignInRequest
from groups.people.signing_in.verbs import CannotSignIn


def ask_to_move(user: User, email: str) -> SignInRequest:
    """Queue one e-mail to the new address; it works as one for signing in does, for this account alone."""
    return verbs.send_secrets(SignInRequest(email=email, new_address_of=user), "new_address")


def move_of(user: User, secret: str) -> SignInRequest | None:
    """The request of this person behind a link that still works. Looking uses nothing up."""
    return verbs.by_link(SignInRequest.objects.to_move(user), secret)


@transaction.atomic
def move_by_link(user: User, secret: str) -> None:
    """Raises CannotSignIn: used, too old, somebody else's, or the address has an account."""
    _move(user, verbs.use_link_of(SignInRequest.objects.to_move(user), secret).email)


def move_by_code(user: User, uid: UUID, code: str) -> User:
    """Give the account its new address.

    Raises:
        CannotSignIn: wrong, used, too old, or the address has an account.
    """
    _move(user, verbs.use_code_of(SignInRequest.objects.to_move(user), uid, code).email)
    return user


@transaction.atomic
def _move(user: User, email: str) -> None:
    """The old address is told, and forgotten where it stood for this person alone."""
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise CannotSignIn(
            _("This address has an account of its own. Sign in with it and delete that one first.")
        )
    before, user.email = user.email, email
    if before == email:
        return
    user.save(update_fields=["email"])
    SignInRequest.objects.filter(email=before).delete()
    Invitation.objects.filter(email=before, accepted_at__isnull=False).delete()
    queue_mail("address_changed", to=before, context={})
