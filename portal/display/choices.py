"""How a visitor wants pages shown, kept in one cookie that holds nothing else."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "display"
COOKIE_SECONDS = 365 * 24 * 60 * 60

# Each question with its answers; the first one, "", is as the visitor's device asks.
TEXT = (("", _("Usual size")), ("large", _("Large")), ("larger", _("Very large")))
CONTRAST = (("", _("Usual")), ("high", _("High: darker words, stronger lines")))
SCHEME = (("", _("The same as my device")), ("light", _("Light background")), ("dark", _("Dark background")))


@dataclass(frozen=True, slots=True)
class Display:
    """text: "", "large" or "larger". contrast: "" or "high". scheme: "", "light" or "dark"."""

    text: str = ""
    contrast: str = ""
    scheme: str = ""

    @classmethod
    def read(cls, text: str, contrast: str, scheme: str) -> Self:
        """The settings among the known answers; anything else counts as not chosen."""
        return cls(_known(text, TEXT), _known(contrast, CONTRAST), _known(scheme, SCHEME))

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        text, contrast, scheme, *_rest = [*request.COOKIES.get(COOKIE, "").split("."), "", "", ""]
        return cls.read(text, contrast, scheme)

    def keep(self, response: HttpResponse, *, secure: bool) -> None:
        """Write the cookie; take it away when nothing differs from the usual."""
        if self == type(self)():
            response.delete_cookie(COOKIE, samesite="Lax")
            return
        value = f"{self.text}.{self.contrast}.{self.scheme}"
        response.set_cookie(
            COOKIE, value, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax"
        )


def _known(value: str, answers: tuple) -> str:
    return value if any(value == answer for answer, _label in answers) else ""
