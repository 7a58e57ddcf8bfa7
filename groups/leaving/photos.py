"""Photos go with the last page that shows them, and files with the last row that names them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import FileField, TextField
from django.db.models.functions import Cast
from wagtail.images.models import Image
from wagtail.models import ModelLogEntry, Revision

from groups.listings.models import GroupPage, GroupPhoto

_FOLDERS = ("original_images", "images")
_YOUNG = timedelta(days=1)
"""A file may be older than its row by a whole upload; nothing younger than this is touched."""


def photos_of(pages: list[int], contents: Iterable[dict]) -> list[Image]:
    """Photos on these pages, and in these versions of them."""
    pks = set(GroupPhoto.objects.filter(page__in=pages).values_list("image", flat=True))
    pks |= {row.get("image") for content in contents for row in content.get("photos", [])}
    return list(Image.objects.filter(pk__in=pks - {None}))


def forget_photos(images: list[Image]) -> None:
    """Delete those that no page and no version shows any more; their files follow after the commit."""
    versions = Revision.objects.filter(content_type=ContentType.objects.get_for_model(GroupPage))
    as_text = versions.annotate(text=Cast("content", TextField()))
    for image in images:
        shown = GroupPhoto.objects.filter(image=image).exists()
        if not shown and not as_text.filter(text__contains=f'"image": {image.pk}').exists():
            ModelLogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(Image), object_id=str(image.pk)
            ).delete()
            image.delete()


def stray_files(now: datetime) -> list[str]:
    """Names of picture files, a day old and more, that no row names: their transaction was undone, or its process killed."""
    named = _named()
    return [
        name
        for folder in _FOLDERS
        if default_storage.exists(folder)
        for name in (f"{folder}/{file}" for file in default_storage.listdir(folder)[1])
        if name not in named and default_storage.get_modified_time(name) < now - _YOUNG
    ]


def _named() -> set[str]:
    """What every row of every table names as its file."""
    return {
        name
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField)
        for name in model._base_manager.values_list(field.name, flat=True)
    }
