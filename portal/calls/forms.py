from typing import cast

from django import forms

from groups.reviews.calls import KINDS
from portal.problems.forms import ProblemForm


class WrongForm(ProblemForm):
    """What a call found wrong. Whoever calls is signed in: no address, and no box for machines."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["email"], self.fields["subject"]
        cast(forms.ChoiceField, self.fields["kind"]).choices = [(kind.value, kind.label) for kind in KINDS]
