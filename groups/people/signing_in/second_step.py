"""The second step of signing in: a code from an app, or a backup code (django-otp)."""

from base64 import b32encode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from groups.people.models import User
from groups.people.signing_in.limits import SECOND_STEPS_OF_ONE_ACCOUNT
from groups.throttle import may_try

BACKUP_CODES = 10
_APP_DIGITS = 6


class WrongCode(ValidationError):  # noqa: N818 (said to people)
    """The message says what to do."""


def has_second_step(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def app_being_set_up(user: User) -> TOTPDevice:
    """The app that waits for its first code; the same one until then."""
    device, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return device


def key_to_type(device: TOTPDevice) -> str:
    """The app's key, for those who cannot take a picture: letters and digits in fours."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[place : place + 4] for place in range(0, len(key), 4))


def finish_set_up(user: User, code: str) -> tuple[Device, list[str]]:
    """The first right code makes the app the person's second step. Returns its device and new backup codes.

    Raises:
        WrongCode: not the app's code of this minute, or too many tries.
    """
    device = _verified(user, app_being_set_up(user), code)
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        return device, new_backup_codes(user)


def verify(user: User, code: str) -> Device:
    """The device whose code this is: six digits are the app's, anything else is a backup code, which is then used up.

    Raises:
        WrongCode: not right, or too many tries.
    """
    typed = "".join(code.split()).lower()
    model = TOTPDevice if typed.isdigit() and len(typed) == _APP_DIGITS else StaticDevice
    return _verified(user, model.objects.filter(user=user, confirmed=True).first(), typed)


@transaction.atomic
def new_backup_codes(user: User) -> list[str]:
    """Fresh codes to write down; the old ones stop working."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup")
    codes = [StaticToken.random_token() for _place in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def forget_second_step(user: User) -> None:
    """The phone is lost and the codes too: the next sign-in sets a second step up anew."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _verified(user: User, device: Device | None, code: str) -> Device:
    if not may_try(SECOND_STEPS_OF_ONE_ACCOUNT, user.email):
        raise WrongCode(_("You have tried too often. Wait 15 minutes, then try again."))
    found = verify_token(user, device.persistent_id, "".join(code.split())) if device else None
    if found is None:
        raise WrongCode(_("This code is not right. Codes change every half minute: type the newest."))
    return found
