"""A photo from a phone: checked for what it really is, turned upright, made small, and freed of everything it tells.

What is kept is a new picture made of the pixels alone: no EXIF, no place, no thumbnail, no trailing bytes.
"""

from io import BytesIO
from typing import Any, BinaryIO

import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps
from wagtail.images.models import Image as WagtailImage

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
"""More than any phone's ordinary photo; a picture of 50 million pixels takes 150 MB while it is read."""
KEPT_PIXELS = 1600
"""Longest side of what is kept."""

_FORMATS = ("JPEG", "PNG", "HEIF")
_QUALITY = 85
_SENTENCES = {
    "picture": _("This is not a photo we can read. Choose a JPEG, PNG or HEIC photo from your phone."),
    "bytes": _("This photo is too big. Choose one of up to 20 MB."),
    "pixels": _("This photo has too many pixels. Take it again in a smaller size."),
}

pillow_heif.register_heif_opener()


class AtMostOnePhoto(FileUploadHandler):
    """Drops an upload that is too big while it comes in: memory stays flat, and the other answers are kept."""

    was_too_big = False

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > MAX_BYTES:
            self.was_too_big = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def too_big() -> ValidationError:
    return ValidationError(_SENTENCES["bytes"], code="bytes")


def read_photo(upload: BinaryIO) -> bytes:
    """The photo as a JPEG of at most KEPT_PIXELS a side, upright, without anything but its pixels.

    Raises:
        ValidationError: too big, too many pixels, or no picture of a kind phones make; with what to do.
    """
    upload.seek(0, 2)
    if upload.tell() > MAX_BYTES:
        raise too_big()
    upload.seek(0)
    try:
        picture: Any = Image.open(upload, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_SENTENCES["pixels"], code="pixels") from error
    except Exception as error:  # a decoder fails in its own way on each kind of broken file
        raise ValidationError(_SENTENCES["picture"], code="picture") from error
    if picture.width * picture.height > MAX_PIXELS:
        raise ValidationError(_SENTENCES["pixels"], code="pixels")
    try:
        picture.draft("RGB", (KEPT_PIXELS, KEPT_PIXELS))  # a JPEG is read at the size that is needed
        return _pixels_alone(picture)
    except Exception as error:  # as above: the pixels are read only now
        raise ValidationError(_SENTENCES["picture"], code="picture") from error


def _pixels_alone(picture: Any) -> bytes:
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((KEPT_PIXELS, KEPT_PIXELS))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright)
    upright = _as_screens_show(upright.convert("RGB"), profile)
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    kept = BytesIO()
    bare.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return kept.getvalue()


def _as_screens_show(picture: Any, profile: bytes | None) -> Any:
    """Colours of a phone's wide gamut as plain sRGB, since the profile is not kept."""
    if not profile:
        return picture
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def keep_photo(jpeg: bytes, *, title: str, by: Any) -> WagtailImage:
    """Put a photo that `read_photo` made into the library."""
    with Image.open(BytesIO(jpeg)) as picture:
        width, height = picture.size
    image = WagtailImage(
        title=title[:255],
        width=width,
        height=height,
        uploaded_by_user=by,
        file=ContentFile(jpeg, name="photo.jpg"),
    )
    image.save()
    return image
