"""Forms about signing in. Each error says what to do next."""

import re

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.people.models import User

_ADDRESS_LIKE = re.compile(r"://|www\.|@|/", re.IGNORECASE)


class EmailForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("This is no e-mail address. It needs an @, as in name@group.org."),
            "max_length": _("This address is too long. Check it."),
        },
    )


class PasswordSignInForm(EmailForm):
    password = forms.CharField(
        max_length=500, strip=False, error_messages={"required": _("Type your password.")}
    )


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40, error_messages={"required": _("Type the code.")})


class NameForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": _("Type your name.")})

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if _ADDRESS_LIKE.search(name):  # it stands in e-mails to people who do not know them
            raise ValidationError(_("Type only your name here, no web or e-mail address."))
        return name


class PasswordForm(forms.Form):
    """A new password, typed once: it can be shown, and a link by e-mail always works."""

    password = forms.CharField(
        max_length=500, strip=False, error_messages={"required": _("Type a password.")}
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
