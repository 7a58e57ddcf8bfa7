"""A form field for a place: what a person types, cleaned to a ``Spot``."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from groups.places.gazetteer import MAX_LENGTH, PlaceNotFound, Spot, resolve


class PlaceField(forms.CharField):
    """A postcode, town or district. Cleans to a Spot, or None where empty and not required.

    The bound form keeps what was typed. Where no place is found, the error says what to try, names near
    spellings, and carries them: ``error.params["suggestions"]`` is a tuple of Spots.
    """

    default_error_messages = {"required": _("Type a postcode, a town or a village.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        kwargs.setdefault("label", _("Postcode or town"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "postal-code", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        return value.label if isinstance(value, Spot) else value

    def clean(self, value: Any) -> Spot | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return resolve(text)
        except PlaceNotFound as missing:
            raise ValidationError(
                self._message(missing), code="place_not_found", params={"suggestions": missing.suggestions}
            ) from missing

    def _message(self, missing: PlaceNotFound) -> str:
        # Django fills messages by %: what a person typed must not be taken for a placeholder.
        message = missing.message
        if missing.suggestions:
            names = "; ".join(spot.label for spot in missing.suggestions)
            message = f"{message} {_('Did you mean: %(names)s?') % {'names': names}}"
        return message.replace("%", "%%")
