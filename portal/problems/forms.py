"""What is asked of whoever reports a problem. Each error says what to do next."""

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.problems.models import Kind, Problem


class ProblemForm(forms.Form):
    kind = forms.ChoiceField(
        choices=Kind,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose one from the list."),
        },
    )
    words = forms.CharField(
        max_length=Problem.MOST_LETTERS,
        error_messages={
            "required": _("Tell us in a few words, so that we know what to put right."),
            "max_length": _("That is too long. Keep it under 1,000 letters."),
        },
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={
            "invalid": _(
                "This is no e-mail address. It needs an @, as in name@group.org. Or leave it empty."
            ),
            "max_length": _("This address is too long. Check it, or leave it empty."),
        },
    )
    subject = forms.CharField(required=False)
    """A box that people never see and machines fill in."""

    def clean_subject(self) -> str:
        if self.cleaned_data["subject"]:
            raise forms.ValidationError(_("This looks sent by a machine. Empty this box, or ring us."))
        return ""
