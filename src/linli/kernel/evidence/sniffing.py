"""What a file is by its first bytes, and whether it may come in: the checks made at once, before storing.

The name and the type that the sender claims are never believed. The allow-list is short on purpose: photos
and recordings as phones make them, and the documents offices exchange, in formats without macros.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.utils.translation import gettext as _
from PIL import Image

from linli.kernel.errors import UserError
from linli.kernel.evidence.models import Kind

MB: Final = 1024 * 1024
LIMITS: Final = {Kind.PHOTO: 20 * MB, Kind.SIGNATURE: 2 * MB, Kind.RECORDING: 20 * MB, Kind.DOCUMENT: 30 * MB}
#: A JPEG is decoded at a fraction of its size; the other formats take four bytes of memory for each pixel.
MAX_PIXELS_JPEG: Final = 110_000_000
MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 20_000
MAX_UNPACKED: Final = 300 * MB
HEAD: Final = 64

OOXML: Final = "application/vnd.openxmlformats-officedocument."
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    f"{OOXML}spreadsheetml.sheet": "xlsx",
    f"{OOXML}wordprocessingml.document": "docx",
    "application/ofd": "ofd",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/wav": "wav",
    "audio/amr": "amr",
}
#: The decoders that may run at all; Pillow knows dozens, each one a way in.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})
_AUDIO_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso5", b"iso6", b"dash"})

# Pillow warns above the first number and refuses above twice it; our own limits are checked on the header.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS_JPEG


class Refused(UserError):
    """The file cannot come in; the message says what to do instead."""

    code = "file_refused"
    status = 422


@dataclass(frozen=True)
class Sniffed:
    """What a file is: its true media type, and its size in pixels if it is an image."""

    media_type: str
    width: int | None = None
    height: int | None = None


def media_type_of(head: bytes) -> str:
    """Return the media type that the first bytes prove, ``application/zip`` for any zip, or ``""``."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "image/heic" if brand in _HEIC_BRANDS else "audio/mp4" if brand in _AUDIO_BRANDS else ""
    starts = {
        b"%PDF-": "application/pdf",
        b"PK\x03\x04": "application/zip",
        b"OggS": "audio/ogg",
        b"\x1a\x45\xdf\xa3": "audio/webm",
        b"#!AMR": "audio/amr",
        b"ID3": "audio/mpeg",
        b"\xff\xfb": "audio/mpeg",
        b"\xff\xf3": "audio/mpeg",
    }
    return next((kind for start, kind in starts.items() if head.startswith(start)), "")


def check(stream: BinaryIO, size: int, kind: Kind) -> Sniffed:
    """Return what ``stream`` is if it may come in as ``kind``; leaves it at its start.

    Reads headers only: the first bytes, an image's dimensions, a zip's directory. Raises :class:`Refused`.
    """
    if size == 0:
        raise Refused(_("文件是空的，请重新选择。"))
    if size > LIMITS[kind]:
        raise Refused(_("文件超过 %(limit)d MB，请压缩后再传。") % {"limit": LIMITS[kind] // MB})
    head = stream.read(HEAD)
    stream.seek(0)
    found = media_type_of(head)
    if kind in {Kind.PHOTO, Kind.SIGNATURE}:
        if found not in IMAGES:
            raise Refused(_("这个文件不是照片。请选择 JPG、PNG、WebP 或 HEIC 格式的照片。"))
        return _image(stream, found)
    if kind == Kind.RECORDING:
        if not found.startswith("audio/"):
            raise Refused(_("这个文件不是录音。请选择 M4A、MP3、OGG、WAV 或 AMR 格式的录音。"))
        return Sniffed(found)
    if found == "application/zip":
        found = _office(stream)
    if found != "application/pdf" and found not in {f"{OOXML}{n}" for n in _OFFICE} | {"application/ofd"}:
        raise Refused(_("只能上传 PDF、OFD、XLSX 或 DOCX 文件；旧版 DOC、XLS 请先另存为新格式。"))
    return Sniffed(found)


def _image(stream: BinaryIO, media_type: str) -> Sniffed:
    try:
        width, height = dimensions(stream)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_large()) from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise Refused(_("照片已损坏，打不开。请重新拍摄或重新选择。")) from None
    finally:
        stream.seek(0)
    most = MAX_PIXELS_JPEG if media_type == "image/jpeg" else MAX_PIXELS
    if width * height > most or max(width, height) > MAX_SIDE:
        raise Refused(_too_large())
    return Sniffed(media_type, width, height)


def dimensions(stream: BinaryIO) -> tuple[int, int]:
    """Return the size in pixels that the image's header states, decoding nothing."""
    register_heif()
    with Image.open(stream, formats=FORMATS) as image:
        return image.size


def register_heif() -> None:
    """Teach Pillow the format of iPhones; calling it again costs nothing."""
    if "HEIF" not in Image.OPEN:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)


def _too_large() -> str:
    return _("照片的像素太大，无法处理。请用手机的普通拍照模式重拍。")


_OFFICE: Final = {"spreadsheetml.sheet": "xl/workbook.xml", "wordprocessingml.document": "word/document.xml"}


def _office(stream: BinaryIO) -> str:
    """Return which office format a zip is, from its directory alone; ``""`` for any other zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error):
        raise Refused(_("文件已损坏，打不开。请重新导出后再传。")) from None
    finally:
        stream.seek(0)
    names = {entry.filename for entry in entries}
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or len(entries) > 20_000:
        raise Refused(_("文件解压后过大，无法接收。请拆分后再传。"))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(_("文件带有宏，无法接收。请另存为不带宏的格式。"))
    if "OFD.xml" in names:
        return "application/ofd"
    return next((f"{OOXML}{n}" for n, part in _OFFICE.items() if part in names), "")
