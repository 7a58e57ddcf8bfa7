"""An e-mail from one source: a text template gives the plain text, and the HTML is made from that text.

The template's first line is the subject. A line that is a whole address of our site becomes a link in the HTML; nothing
else does, so that a name somebody typed cannot become one. The last paragraph says why you got it.
"""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str
    html: str


def link(name: str, *args: object, **query: object) -> str:
    """The full address of a page, for an e-mail. Secrets belong in the query: it stays out of logs."""
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(name, args=args)
    return f"{address}?{urlencode(query)}" if query else address


def render(template: str, context: dict[str, object]) -> Words:
    """The e-mail `templates/mail/<template>.txt`."""
    source = render_to_string(f"mail/{template}.txt", {**context, "home": settings.WAGTAILADMIN_BASE_URL})
    subject, _newline, body = source.strip().partition("\n")
    paragraphs = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]
    html = render_to_string(
        "mail/frame.html",
        {"subject": subject, "body": "\n".join(f"<p>{_marked_up(part)}</p>" for part in paragraphs)},
    )
    return Words(subject=" ".join(subject.split())[:200], text="\n\n".join(paragraphs) + "\n", html=html)


def _marked_up(paragraph: str) -> str:
    return "<br>\n".join(_line(line.strip()) for line in paragraph.split("\n"))


def _line(line: str) -> str:
    ours = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + "/"
    safe = escape(line)
    return f'<a href="{safe}">{safe}</a>' if line.startswith(ours) and " " not in line else safe
