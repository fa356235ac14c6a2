"""Real photos as phones make them, a media folder for each test, gates that are put back afterwards."""

from __future__ import annotations

import io
import math
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageDraw

from linli.kernel import jobs


def scene(seed=1, size=(1800, 1350)):
    """Return a picture with shapes enough to have a look of its own."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, (200, 210, 220))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        w, h = dice.randrange(size[0] // 10, size[0] // 3), dice.randrange(size[1] // 10, size[1] // 3)
        draw.rectangle((x, y, x + w, y + h), fill=tuple(dice.randrange(256) for _ in range(3)))
    return image


def sexagesimal(degrees):
    whole = math.floor(degrees)
    minutes = (degrees - whole) * 60
    return (float(whole), float(math.floor(minutes)), (minutes - math.floor(minutes)) * 60)


def exif(taken="2026:03:01 09:30:00", lon=103.385, lat=23.366, orientation=1, offset=None):
    """Return EXIF as a phone writes it, with GPS, maker and owner."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = "HONOR"
    made[ExifTags.Base.Artist] = "张三"
    made[ExifTags.Base.Orientation] = orientation
    inner = made.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", sexagesimal(lon)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", sexagesimal(lat)
    return made


def encode(image, form="JPEG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def photo(seed=1, **options):
    return encode(scene(seed), quality=90, **options)


def as_upload(content, name="IMG_0001.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def fill():
    """Answer a gate for one test."""
    filled = []

    def answer(name, function):
        gate = jobs.gate(name)
        before = gate._fill
        gate._fill = function
        filled.append((gate, before))

    yield answer
    for gate, before in reversed(filled):
        gate._fill = before
