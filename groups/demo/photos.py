"""The demo's drawings as images in the library, shown by some of its groups."""

from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.models import Locale

from groups.demo.content import all_of, lasting_id, read
from groups.demo.drawings import DRAWINGS, draw
from groups.models import GroupPhoto


def photos_by_group() -> dict[str, GroupPhoto]:
    """A photo for the first groups of each drawing's activities, by the key of the group. Images are made once."""
    chosen: dict[str, GroupPhoto] = {}
    for photo in read("site")["photos"]:
        activities = set(photo["activities"])
        wanted = [row["key"] for row in all_of("groups") if row["activities"][0] in activities]
        free = [key for key in wanted if key not in chosen][: photo["groups"]]
        image = _image(photo["drawing"]) if free else None
        for key in free:
            chosen[key] = GroupPhoto(
                uid=lasting_id("GroupPhoto", key),
                locale=Locale.get_default(),
                image=image,
                alt=photo["alt"],
            )
    return chosen


def _image(name: str) -> Any:
    model = get_image_model()
    title = DRAWINGS[name]
    image = model.objects.filter(title=title).first()
    if image is None:
        image = model(title=title, file=ImageFile(BytesIO(draw(name)), name=f"{name}.webp"))
        image.save()
    return image
