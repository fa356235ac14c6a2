"""Making a clean picture of whatever came: decoded, turned upright, made smaller, stripped, encoded anew."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

from PIL import ExifTags, Image, ImageCms, ImageDraw, ImageFont, ImageOps, ImageStat

from linli.kernel import clock
from linli.kernel.evidence.sniffing import FORMATS, register_heif

FULL: Final = 1600
THUMB: Final = 320
QUALITY: Final = 82
#: Below this standard deviation of grey a picture is a plain surface, and all of those look alike.
PLAIN: Final = 4.0

Box = tuple[float, float, float, float]


class Broken(ValueError):
    """The picture cannot be decoded to its end."""


@dataclass(frozen=True)
class Picture:
    """What is kept of an image, and what was taken out of the file before it was stripped."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    look: int | None
    captured_at: datetime | None
    point: tuple[float, float] | None


def clean(stream: BinaryIO, *, watermark: str = "") -> Picture:
    """Return ``stream`` as JPEG of at most 1600 and 320 pixels a side, without metadata.

    ``watermark`` is drawn visibly into both; the look (perceptual hash) is taken before it. Raises
    :class:`Broken` for what cannot be decoded to its end.
    """
    register_heif()
    try:
        with Image.open(stream, formats=FORMATS) as opened:
            exif = opened.getexif()
            captured_at, point = capture_time(exif), capture_point(exif)
            opened.draft("RGB", (FULL, FULL))
            opened.load()
            image = _upright(opened)
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise Broken(str(error)) from error
    image.thumbnail((FULL, FULL), Image.Resampling.LANCZOS)
    seen = look(image)
    if watermark:
        _draw(image, watermark)
    small = image.copy()
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return Picture(_jpeg(image), _jpeg(small), image.width, image.height, seen, captured_at, point)


def cover(full: bytes, covers: Sequence[Box]) -> bytes:
    """Return the picture with boxes (left, top, width, height as shares of 1) filled, as JPEG."""
    with Image.open(io.BytesIO(full), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    draw = ImageDraw.Draw(image)
    for left, top, width, height in covers:
        x, y = left * image.width, top * image.height
        draw.rectangle((x, y, x + width * image.width, y + height * image.height), fill=(110, 110, 110))
    return _jpeg(image)


def look(image: Image.Image) -> int | None:
    """Return the 64-bit perceptual hash as PostgreSQL's signed bigint, or None for a plain surface."""
    if ImageStat.Stat(image.convert("L")).stddev[0] < PLAIN:
        return None
    import imagehash

    value = int(str(imagehash.phash(image)), 16)
    return value - (1 << 64) if value >> 63 else value


def capture_time(exif: Image.Exif) -> datetime | None:
    """Return when EXIF says the photo was taken; without an offset it is China's wall clock.

    None for a time that no photo can have: before 2000, or more than a day ahead.
    """
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    text = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    offset = inner.get(ExifTags.Base.OffsetTimeOriginal) or "+08:00"
    try:
        moment = datetime.strptime(f"{str(text).strip()}{str(offset).strip()}", "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return None
    taken = moment.astimezone(UTC)
    return taken if datetime(2000, 1, 1, tzinfo=UTC) < taken < clock.now() + timedelta(days=1) else None


def capture_point(exif: Image.Exif) -> tuple[float, float] | None:
    """Return (longitude, latitude) in degrees as EXIF has them, or None for none, nonsense or 0, 0."""
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    if longitude is None or latitude is None or (longitude, latitude) == (0.0, 0.0):
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _degrees(parts: Any, reference: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
        value = degrees + minutes / 60 + seconds / 3600
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if value != value:  # noqa: PLR0124 - EXIF may hold 0/0, which Pillow reads as not a number
        return None
    return round(-value if reference == negative else value, 6)


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture turned as it was held, in sRGB on white."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in turned.info:
        layer = turned.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    profile = turned.info.get("icc_profile")
    if profile and turned.mode == "RGB":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(turned, source, ImageCms.createProfile("sRGB"))
            turned = converted or turned
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile changes colours a little, nothing else
    return turned.convert("RGB")


def _draw(image: Image.Image, text: str) -> None:
    size = max(14, image.width // 40)
    font = ImageFont.load_default(size)
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    x, y = image.width - (right - left) - size, image.height - (bottom - top) - size
    draw.text((x, y), text, font=font, fill="white", stroke_width=2, stroke_fill="black")


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # A new picture from the pixels alone: nothing of the file's own goes along.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
