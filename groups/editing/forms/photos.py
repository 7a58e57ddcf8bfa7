"""A photo, described in words or declared decorative, with the part of it that matters most."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.editing.forms.base import StepForm
from groups.editing.photos import keep_photo, read_photo, too_big
from groups.listings.models import GroupPhoto

FOCUS = {
    "": (_("No part more than another"), None),
    "middle": (_("The middle"), (0.5, 0.5)),
    "top": (_("The top"), (0.5, 0.25)),
    "bottom": (_("The bottom"), (0.5, 0.75)),
    "left": (_("The left side"), (0.25, 0.5)),
    "right": (_("The right side"), (0.75, 0.5)),
}
"""What matters most, and its centre as parts of width and height."""
_FOCUS_PART = 0.4


class PhotoForm(StepForm):
    parts = ("photos",)
    relation = "photos"

    photo = forms.FileField(
        label=_("Choose a photo"),
        required=False,
        help_text=_("A JPEG, PNG or HEIC of up to 20 MB. Ask everyone in it first."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/heic,image/heif"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    alt = forms.CharField(
        label=_("What does it show?"),
        required=False,
        max_length=200,
        help_text=_("Say it as you would on the phone. People who cannot see it hear this."),
    )
    decorative = forms.BooleanField(label=_("It only decorates the page"), required=False)
    focus = forms.ChoiceField(
        label=_("Which part matters most?"),
        required=False,
        choices=[(name, label) for name, (label, _centre) in FOCUS.items()],
        help_text=_("We keep this part where a photo must be cut."),
    )

    def prepare(self) -> None:
        row = self.found
        self.kept = row if isinstance(row, GroupPhoto) else None
        self.jpeg = b""
        if self.kept:
            self.initial = {"alt": self.kept.alt, "decorative": self.kept.decorative}

    def clean_photo(self) -> Any:
        upload = self.cleaned_data["photo"]
        if upload:
            self.jpeg = read_photo(upload)
        elif self.files_too_big:
            raise too_big()
        elif self.kept is None or self.kept.image is None:
            raise ValidationError(_("Choose a photo first."))
        return upload

    files_too_big = False

    def clean(self):
        cleaned = super().clean() or {}
        if not cleaned.get("alt") and not cleaned.get("decorative"):
            self.add_error("alt", _("Say what the photo shows, or tick that it only decorates the page."))
        return cleaned

    def put(self) -> None:
        row = self.kept or GroupPhoto(uid=self.row_uid)
        row.alt, row.decorative = self.cleaned_data["alt"], self.cleaned_data["decorative"]
        if self.jpeg:
            row.image = keep_photo(self.jpeg, title=row.alt or self.page.title, by=self.by)
        if self.cleaned_data["focus"]:
            self._set_focus(row)
        self.put_row(row)

    def _set_focus(self, row: GroupPhoto) -> None:
        centre = FOCUS[self.cleaned_data["focus"]][1]
        image = row.image
        if centre is None or image is None:
            return
        image.focal_point_x, image.focal_point_y = (
            round(image.width * centre[0]),
            round(image.height * centre[1]),
        )
        image.focal_point_width, image.focal_point_height = (
            round(image.width * _FOCUS_PART),
            round(image.height * _FOCUS_PART),
        )
        image.save()
