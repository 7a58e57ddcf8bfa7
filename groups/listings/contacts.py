"""Contacts as people type them, made uniform or refused with a sentence."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from groups.listings.choices import ContactKind

_PHONE = re.compile(r"^\+?[0-9 ()\-./]{3,20}(\s*(ext|x)\.?\s*[0-9]{1,6})?$", re.IGNORECASE)


def clean_contact(kind: str, value: str) -> str:
    """The contact as it is stored.

    Raises:
        ValidationError: on the field `value`, with what to do.
    """
    value = " ".join(value.split())
    if kind == ContactKind.PHONE:
        if not _PHONE.match(value) or sum(letter.isdigit() for letter in value) < 3:
            raise ValidationError({"value": _("This is no phone number. Type it with its area code.")})
        return value
    if kind == ContactKind.EMAIL:
        return _checked(
            value, EmailValidator(), _("This is no e-mail address. It needs an @, as in name@group.org.")
        )
    if "://" not in value:
        value = f"https://{value}"
    return _checked(
        value,
        URLValidator(schemes=["http", "https"]),
        _("This is no web address. Copy it from your browser."),
    )


def _checked(value: str, validator, message) -> str:
    try:
        validator(value)
    except ValidationError as error:
        raise ValidationError({"value": message}) from error
    return value
