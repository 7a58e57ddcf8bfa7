"""A group's photos: small modern renditions; a page is told only addresses and sizes."""

from dataclasses import dataclass

from wagtail.images.models import Image

from groups.listings.public import PublicPhoto

MOST = 3
# 800 pixels wide at most, and a weight that a slow phone can bear (`ux.md`, page budget: a photo of at most 45 KB).
_AVIF = "max-800x600|format-avif|avifquality-50"
_WEBP = "max-800x600|format-webp|webpquality-60"


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """avif, webp: addresses. width, height: pixels. alt: "" for a decorative photo."""

    avif: str
    webp: str
    width: int
    height: int
    alt: str


def shown_photos(photos: tuple[PublicPhoto, ...]) -> list[ShownPhoto]:
    """The first photos that are still in the library and can be read."""
    wanted = photos[:MOST]
    images = Image.objects.in_bulk([photo.image_id for photo in wanted])
    return [
        shown
        for photo in wanted
        if photo.image_id in images and (shown := _shown(images[photo.image_id], photo.alt))
    ]


def _shown(image: Image, alt: str) -> ShownPhoto | None:
    try:
        renditions = image.get_renditions(_AVIF, _WEBP)
    except OSError:  # the file is gone or broken: the page stands without it
        return None
    avif, webp = renditions[_AVIF], renditions[_WEBP]
    return ShownPhoto(avif.url, webp.url, webp.width, webp.height, alt)
