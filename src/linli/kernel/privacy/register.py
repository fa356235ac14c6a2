"""The register of erasures outside the database: what a restore has to erase again before it opens its doors.

One JSON object a line, each with the SHA-256 of the line before it, so that a missing line shows.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

NAME = "erasures.jsonl"
_WINDOW = 1 << 16


class Broken(Exception):
    """The register was changed or cut; the text names the line."""


def path() -> Path:
    """Return where the register of this instance lies."""
    return Path(settings.HOME) / NAME


def append(entry: dict[str, Any]) -> None:
    """Write ``entry`` to the disk for good; processes that write at once wait for each other."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        last = _last_line(out)
        before = _digest(last) if last else ""
        line = json.dumps(entry | {"before": before}, ensure_ascii=False, sort_keys=True)
        out.write(line.encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def _last_line(file: BinaryIO) -> bytes:
    """Return the last whole line, after cutting off what a machine that stopped left half written."""
    size, window = file.seek(0, os.SEEK_END), _WINDOW
    while True:
        start = max(0, size - window)
        file.seek(start)
        whole, newline, half = file.read().rpartition(b"\n")
        if start == 0 or whole.count(b"\n"):
            break
        window *= 2
    if half:
        file.truncate(size - len(half))
    return whole.rpartition(b"\n")[2] if newline else b""


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def read(file: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the entries of a register (this instance's, or a copy). Raises :class:`Broken`.

    A last line without its end (the machine stopped while writing) was never acted on: left out.
    """
    source = file or path()
    if not source.exists():
        return
    before = ""
    with source.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                return
            entry: dict[str, Any] = json.loads(line)
            if entry["before"] != before:
                raise Broken(f"{source}: line {number} does not follow line {number - 1}; use an unchanged copy")
            before = _digest(line.rstrip(b"\n"))
            yield entry
