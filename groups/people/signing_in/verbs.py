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
from groups.people.signing_in.models import SignInRequest, SignInRequestQuerySet

CODE_DIGITS = 8


class CannotSignIn(ValidationError):  # noqa: N818 (said to people)
    """The message says what to do instead."""


def ask(email: str, *, next_path: str = "") -> SignInRequest:
    """Queue one e-mail with a link and a code; both work for 15 minutes, and once between them."""
    return send_secrets(SignInRequest(email=email, next_path=next_path), "sign_in")


@transaction.atomic
def send_secrets(made: SignInRequest, template: str) -> SignInRequest:
    """Give a request its secrets, save it, and queue the one e-mail that holds them."""
    SignInRequest.objects.old(
        timezone.now()
    ).delete()  # nobody needs to know for long which addresses were typed
    secret = secrets.token_urlsafe(24)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    made.link_hash = _link_hash(secret)
    made.code_hash = _code_hash(made.uid, code)
    made.save()
    half = CODE_DIGITS // 2
    queue_mail(template, to=made.email, context={"secret": secret, "code": f"{code[:half]} {code[half:]}"})
    return made


def request_of(secret: str) -> SignInRequest | None:
    """The request behind a link that still works. Looking uses nothing up."""
    return by_link(SignInRequest.objects.to_sign_in(), secret)


def by_link(requests: SignInRequestQuerySet, secret: str) -> SignInRequest | None:
    """The usable one of these whose e-mail held this secret."""
    return requests.usable().filter(link_hash=_link_hash(secret)).first()


@transaction.atomic
def use_link(secret: str) -> tuple[User, SignInRequest]:
    """Who signs in by this link.

    Raises:
        CannotSignIn: it is used, too old or unknown, or the account is closed.
    """
    request = use_link_of(SignInRequest.objects.to_sign_in(), secret)
    return _person(request.email), request


def use_link_of(requests: SignInRequestQuerySet, secret: str) -> SignInRequest:
    """Use up the one of these whose link this is. Raises CannotSignIn: it is used, too old or unknown."""
    request = by_link(requests, secret)
    if request is None or not _use(request):
        raise CannotSignIn(_("This link was used, or is too old. Ask for a new one."))
    return request


def use_code(uid: UUID, code: str) -> tuple[User, SignInRequest]:
    """Who signs in by the code of this request. Spaces and dashes in it do not matter.

    Raises:
        CannotSignIn: wrong, used or too old, tried too often, or the account is closed.
    """
    request = use_code_of(SignInRequest.objects.to_sign_in(), uid, code)
    return _person(request.email), request


def use_code_of(requests: SignInRequestQuerySet, uid: UUID, code: str) -> SignInRequest:
    """Use up this one of these requests by its code.

    Raises:
        CannotSignIn: wrong, used or too old, or tried too often.
    """
    typed = "".join(letter for letter in code if letter.isdigit())
    with transaction.atomic():
        request = requests.usable().filter(uid=uid).first()
        if request is None:
            raise CannotSignIn(_("This code was used, or is too old. Ask for a new one."))
        right = constant_time_compare(request.code_hash, _code_hash(uid, typed))
        if right and _use(request):
            return request
        SignInRequest.objects.filter(pk=request.pk).update(wrong_codes=F("wrong_codes") + 1)
    raise CannotSignIn(_("This is not the code in our newest e-mail. Check it, or ask for a new one."))


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
