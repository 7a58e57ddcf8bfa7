"""Which uploaded files have an address: renditions only, and they say nothing of where a picture was taken."""

import io

import pytest
from django.core.files.images import ImageFile
from PIL import ExifTags
from PIL import Image as Picture
from wagtail.images.models import Image

from groups.listings.public import PublicPhoto
from portal.group_page.photos import shown_photos

LATITUDE = (51.0, 43.0, 11.0)


@pytest.fixture
def photo(db) -> Image:
    exif = Picture.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = LATITUDE
    exif[ExifTags.Base.Artist] = "Marrowfat"
    file = io.BytesIO()
    Picture.new("RGB", (900, 600), "#1f5a43").save(file, "JPEG", exif=exif)
    return Image.objects.create(title="Hall", file=ImageFile(file, name="hall.jpg"))


# Wagtail leaves the temporary file of a rendition for the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_rendition_is_served_and_has_no_exif(client, photo):
    shown = shown_photos((PublicPhoto(photo.pk, "The hall"),))[0]
    for address in (shown.avif, shown.webp):
        response = client.get(address)
        content = b"".join(response.streaming_content)
        response.close()
        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"]
        assert b"Marrowfat" not in content
        assert not Picture.open(io.BytesIO(content)).getexif()


def test_an_original_has_no_address(client, photo):
    assert b"Marrowfat" in photo.file.read()
    photo.file.close()
    assert client.get(photo.file.url).status_code == 404
    assert client.get("/media/images/../" + photo.file.name).status_code == 404
