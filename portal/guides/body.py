"""A guide's StreamField as plain values for its template."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage
from wagtail.rich_text import expand_db_html

PHOTO = "max-960x960|format-webp|webpquality-70"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the size it is shown. width and height in pixels; alt is empty for a decorative one."""

    src: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """kind: "heading", "text", "steps", "note" or "image"; `value` is words, safe HTML, a list of words, or a `Picture`."""

    kind: str
    value: str | SafeString | list[str] | Picture


def parts(body: StreamField) -> list[Part]:
    """The parts of a body, in order; a picture that was deleted is left out."""
    found = (_part(block.block_type, block.value) for block in body)
    return [part for part in found if part]


def _part(kind: str, value) -> Part | None:
    match kind:
        case "text":
            return Part(kind, SafeString(expand_db_html(value.source)))
        case "steps":
            return Part(kind, [str(step) for step in value])
        case "image":
            return Part(kind, _picture(value["image"], value["alt"])) if value["image"] else None
        case _:
            return Part(kind, str(value))


def _picture(image: AbstractImage, alt: str) -> Picture:
    rendition = image.get_rendition(PHOTO)
    return Picture(rendition.url, rendition.width, rendition.height, alt)
