"""Small forms of My group that are over no draft."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VenueForm(forms.Form):
    """A place that anyone may know, corrected."""

    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Give the name of the place.")}
    )
    address = forms.CharField(label=_("Street and number"), max_length=250, required=False)
    town = forms.CharField(label=_("Town or village"), max_length=100, required=False)
    postcode = forms.CharField(
        label=_("Postcode"), max_length=10, error_messages={"required": _("Give the postcode.")}
    )
    getting_here = forms.CharField(label=_("Getting here"), max_length=300, required=False)
