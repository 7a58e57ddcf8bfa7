"""The box for a code from an e-mail."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from groups import throttle
from groups.people.signing_in import limits
from portal.accounts.access import network_address
from portal.accounts.forms import CodeForm

Used = TypeVar("Used")


def try_code(request: HttpRequest, form: CodeForm, use: Callable[[str], Used]) -> Used | None:
    """What `use` makes of the code that was typed; None before one is, or with the reason in the form.

    use: raises ValidationError for a code that does not count.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    if not throttle.may_try(limits.CODES_FROM_ONE_ADDRESS, network_address(request)):
        form.add_error("code", _("You have tried often. Wait 15 minutes, or use the link in the e-mail."))
        return None
    try:
        return use(form.cleaned_data["code"])
    except ValidationError as error:
        form.add_error("code", error)
        return None
