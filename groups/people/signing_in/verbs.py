"""Signing in by a link or a code from an e-mail.

Known and unknown addresses go exactly the same way: nothing looks the address up before its owner has shown that they read
its mail. An address that is new then becomes an account.
"""

import secrets
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from groups.mail.outbox import queue_mail
from groups.people.models import User
from groups.people.signing_in.models import SignInRequest

CODE_DIGITS = 8


class CannotSignIn(ValidationError):  # noqa: N818 (said to people)
    """The message says what to do instead."""


@transaction.atomic
def ask(email: str, *, next_path: str = "") -> SignInRequest:
    """Queue one e-mail with a link and a code; both work for 15 minutes, and once between them."""
    forget_old()
    secret = secrets.token_urlsafe(24)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    made = SignInRequest(email=email, link_hash=_link_hash(secret), next_path=next_path)
    made.code_hash = _code_hash(made.uid, code)
    made.save()
    half = CODE_DIGITS // 2
    queue_mail("sign_in", to=made.email, context={"secret": secret, "code": f"{code[:half]} {code[half:]}"})
    return made


def request_of(secret: str) -> SignInRequest | None:
    """The request behind a link that still works. Looking uses nothing up."""
    return SignInRequest.objects.usable().filter(link_hash=_link_hash(secret)).first()


@transaction.atomic
def use_link(secret: str) -> tuple[User, SignInRequest]:
    """Who signs in by this link.

    Raises:
        CannotSignIn: it is used, too old or unknown, or the account is closed.
    """
    request = request_of(secret)
    if request is None or not _use(request):
        raise CannotSignIn(_("This link was used, or is too old. Ask for a new one."))
    return _person(request.email), request


def use_code(uid: UUID, code: str) -> tuple[User, SignInRequest]:
    """Who signs in by the code of this request. Spaces and dashes in it do not matter.

    Raises:
        CannotSignIn: wrong, used or too old, tried too often, or the account is closed.
    """
    typed = "".join(letter for letter in code if letter.isdigit())
    with transaction.atomic():
        request = SignInRequest.objects.usable().filter(uid=uid).first()
        if request is None:
            raise CannotSignIn(_("This code was used, or is too old. Ask for a new one."))
        right = constant_time_compare(request.code_hash, _code_hash(uid, typed))
        if right and _use(request):
            return _person(request.email), request
        SignInRequest.objects.filter(pk=request.pk).update(wrong_codes=F("wrong_codes") + 1)
    raise CannotSignIn(_("This is not the code in our newest e-mail. Check it, or ask for a new one."))


def forget_old() -> None:
    """Nobody needs to know for long which addresses were typed."""
    SignInRequest.objects.old().delete()


def _use(request: SignInRequest) -> bool:
    """Use it up, with every other request of the same address. False when somebody was quicker."""
    now = timezone.now()
    if not SignInRequest.objects.usable().filter(pk=request.pk).update(used_at=now):
        return False
    SignInRequest.objects.filter(email=request.email, used_at__isnull=True).update(used_at=now)
    return True


def _person(email: str) -> User:
    """The account of an address whose owner reads its mail; made when it is new."""
    user = User.objects.filter(email=email).first()
    if user is None:
        return User.objects.create_user(email)
    if not user.is_active:
        raise CannotSignIn(_("This account is closed. Contact us if that is wrong."))
    return user


def _link_hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _code_hash(uid: UUID, code: str) -> str:
    return salted_hmac("waymark.sign_in", f"{uid}{code}", algorithm="sha256").hexdigest()
