"""Wagtail's forms for people: one name is enough, and no password is needed, since people sign in by e-mail."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NameEmailForm
from wagtail.users.forms import UserCreationForm, UserEditForm


class _Names(forms.Form):
    first_name = forms.CharField(required=True, max_length=150, label=_("Name"))
    last_name = forms.CharField(required=False, max_length=150, label=_("Family name, if you keep it apart"))


class PersonCreationForm(_Names, UserCreationForm):
    password_required = False

    def save(self, commit: bool = True):
        if not self.cleaned_data["password1"]:
            self.instance.set_unusable_password()
        return super().save(commit)


class PersonEditForm(_Names, UserEditForm):
    pass


class OwnNameForm(_Names, NameEmailForm):
    pass
