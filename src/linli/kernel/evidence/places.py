"""Where files lie: raw ones in quarantine, served by nothing; finished ones in folders of their own."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from django.conf import settings

from linli.kernel import ids

Size = Literal["full", "thumb", "public"]


def _folder(top: str, identifier: uuid.UUID) -> Path:
    # A client's id may be of any version; only the last digits are surely spread evenly.
    return Path(settings.MEDIA_ROOT) / top / identifier.hex[-2:] / identifier.hex


def quarantine(identifier: uuid.UUID) -> Path:
    """Return where the upload lies as it came, until the worker has made a clean one of it."""
    return _folder("quarantine", identifier).with_suffix(".raw")


def finished(identifier: uuid.UUID, size: Size) -> Path:
    """Return where the file lies that is served: ``full``, ``thumb``, or ``public`` (reviewed)."""
    return _folder("evidence", identifier) / size


def write(path: Path, chunks: bytes | list[bytes]) -> None:
    """Write a whole file or none, readable by this user only, surviving a crash right after."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A name of its own: two requests may bring the same id at the same time.
    part = path.with_name(f"{path.name}.{ids.uuid7().hex}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in [chunks] if isinstance(chunks, bytes) else chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def strays(age: float) -> Iterator[tuple[uuid.UUID, Path]]:
    """Yield (id, path) of quarantined files that lay there for ``age`` seconds of the disk's own clock."""
    top = Path(settings.MEDIA_ROOT) / "quarantine"
    if not top.exists():
        return
    probe = top / "now"
    probe.touch()
    now = probe.stat().st_mtime
    for path in top.glob("*/*.raw*"):
        with contextlib.suppress(FileNotFoundError, ValueError):
            if path.stat().st_mtime < now - age:
                yield uuid.UUID(path.name.partition(".")[0]), path


def remove(*identifiers: uuid.UUID) -> None:
    """Delete every file of these attachments; none being there is fine."""
    sizes: tuple[Size, ...] = ("full", "thumb", "public")
    for identifier in identifiers:
        quarantine(identifier).unlink(missing_ok=True)
        for size in sizes:
            finished(identifier, size).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            finished(identifier, "full").parent.rmdir()
