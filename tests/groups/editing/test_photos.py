"""Photos: what they really are, upright, freed of what they tell; refused with a sentence, memory flat."""

import tracemalloc
import uuid
import zlib
from io import BytesIO
from struct import pack

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from groups.editing.photos import KEPT_PIXELS, MAX_BYTES, read_photo
from groups.models import GroupPage

MB = 1024 * 1024


def picture(kind="JPEG", size=(60, 40), **saved):
    made = BytesIO()
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    image.save(made, kind, **saved)
    return made


def phone_photo():
    """As a phone held upright saves it: lying, with a mark that says so, and with the place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Marrowfat Phones"
    return picture(exif=exif, comment=b"Marrowfat Cottage")


def heic():
    made = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "green")).save(made)
    return made


def bomb_png(width=40_000, height=40_000):
    """A few kilobytes that claim 1.6 thousand million pixels."""

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def opened(data):
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("upload", [picture("JPEG"), picture("PNG"), heic()], ids=["jpeg", "png", "heic"])
def test_what_phones_make_is_taken_and_kept_as_a_plain_jpeg(upload):
    kept = opened(read_photo(upload))
    assert (kept.format, kept.mode) == ("JPEG", "RGB")


def test_a_photo_is_turned_upright_and_tells_nothing():
    data = read_photo(phone_photo())
    kept = opened(data)
    assert kept.size == (40, 60)
    assert not kept.getexif()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Marrowfat" not in data
    top, bottom = kept.getpixel((20, 5)), kept.getpixel((20, 55))
    assert (top[2] > top[0], bottom[0] > bottom[2]) == (True, True)


def test_what_is_see_through_becomes_white():
    made = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(made, "PNG")
    assert min(opened(read_photo(made)).getpixel((5, 5))) > 250


def test_a_large_photo_is_made_small():
    assert max(opened(read_photo(picture(size=(3000, 1000)))).size) == KEPT_PIXELS


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (b"not a picture at all", "picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "picture"),
        (b"%PDF-1.7", "picture"),
        (b"GIF89a" + b"\0" * 40, "picture"),
        (picture().getvalue()[:300], "picture"),
        (bomb_png().getvalue(), "pixels"),
        (bomb_png(9_000, 9_000).getvalue(), "pixels"),
    ],
    ids=["words", "svg", "pdf", "gif", "half a photo", "bomb", "small bomb"],
)
def test_anything_else_is_refused_with_a_sentence_and_memory_stays_flat(upload, code):
    tracemalloc.start()
    try:
        with pytest.raises(ValidationError) as refused:
            read_photo(BytesIO(upload))
        assert tracemalloc.get_traced_memory()[1] < 5 * MB
    finally:
        tracemalloc.stop()
    assert refused.value.code == code
    assert str(refused.value.messages[0]).endswith(".")


# --- over the wire --------------------------------------------------------------------------------


class Zeros(BytesIO):
    """A body of so many bytes that are made as they are read."""

    def __init__(self, head, size, tail):
        super().__init__()
        self.parts, self.left, self.tail = head, size, tail

    def read(self, size=-1):
        size = 64 * 1024 if size < 0 else size
        if self.parts:
            now, self.parts = self.parts[:size], self.parts[size:]
            return now
        if self.left:
            now = min(size, self.left)
            self.left -= now
            return b"\0" * now
        now, self.tail = self.tail[:size], self.tail[size:]
        return now


@pytest.fixture
def address(group, client, pat):
    from groups.people.membership.models import Membership

    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    client.force_login(pat)
    return reverse("my_group_row", args=[group.uid, "photos", uuid.uuid4()])


def test_a_photo_is_kept_with_its_words_in_the_draft(address, client, group):
    upload = SimpleUploadedFile("IMG_0001.HEIC", heic().getvalue(), content_type="image/heic")
    answer = client.post(address, {"photo": upload, "alt": "Two balls of wool", "focus": "top"})
    assert "done=waits" in answer["Location"]
    (photo,) = GroupPage.objects.get(pk=group.pk).get_latest_revision_as_object().photos.all()
    assert photo.alt == "Two balls of wool"
    assert photo.image.file.name.endswith(".jpg")
    assert (photo.image.focal_point_x, photo.image.focal_point_y) == (32, 12)
    assert photo.image.uploaded_by_user.first_name == "Pat"


def test_a_photo_needs_words_or_is_declared_decorative(address, client):
    upload = {"photo": SimpleUploadedFile("a.jpg", picture().getvalue())}
    page = client.post(address, upload)
    assert page.status_code == 422
    assert "tick that it only decorates" in page.content.decode()


def test_a_body_of_200_mb_is_refused_with_a_sentence_and_what_was_typed_is_kept(address, client):
    edge = "waymark"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    tail = (
        f'\r\n--{edge}\r\nContent-Disposition: form-data; name="alt"\r\n\r\nTwo balls of wool\r\n--{edge}--\r\n'
    ).encode()
    size = 200 * MB
    tracemalloc.start()
    try:
        page = client.generic(
            "POST",
            address,
            b"",
            **{
                "wsgi.input": Zeros(head, size, tail),
                "CONTENT_TYPE": f"multipart/form-data; boundary={edge}",
                "CONTENT_LENGTH": str(len(head) + size + len(tail)),
            },
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert page.status_code == 422
    assert dict(page.context["errors"])["photo"].startswith("This photo is too big.")
    assert "Two balls of wool" in page.content.decode()
    assert peak < MAX_BYTES
