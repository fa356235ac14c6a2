"""Workbooks (xlsx, xlsm, xls) that somebody sent in, read in a process of its own with bounded memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from linli.kernel.evidence import workbook_child

MEGABYTES = 2048
"""Enough for 200,000 rows of 40 cells; a sheet is held whole while it is read."""
SECONDS = 120

Cell = str | float | bool | date | datetime | time | timedelta | None


class Unreadable(Exception):
    """This is no workbook, or a broken one, or it is locked with a password."""


class TooLarge(Exception):
    """Unpacked, it takes more memory or time than a workbook may."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, how many rows it has, and the rows from the first line on, to be read before the next."""

    name: str
    height: int
    rows: Iterator[list[Cell]]


_TYPES: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def sheets(source: Path | bytes) -> Generator[Sheet]:
    """Yield the sheets of a workbook. Raises :class:`Unreadable` and :class:`TooLarge`, in the midst of rows too."""
    if isinstance(source, bytes):
        with tempfile.NamedTemporaryFile(suffix=".workbook") as file:
            file.write(source)
            file.flush()
            yield from sheets(Path(file.name))
        return
    call = [sys.executable, "-I", workbook_child.__file__, str(source), str(MEGABYTES), str(SECONDS)]
    # What a process says that is out of memory is for nobody.
    with subprocess.Popen(  # noqa: S603 - our own script and a path of ours
        call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as child:
        try:
            lines = _Lines(child)
            while "end" not in (heading := lines.heading()):
                yield Sheet(heading["sheet"], heading["height"], lines.rows())
        finally:
            child.kill()


class _Lines:
    """What the reader says, line by line: a heading, then the rows below it."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self._next: dict[str, Any] | None = None

    def _read(self) -> Any:
        assert self._child.stdout is not None  # noqa: S101 - it was asked for
        line = self._child.stdout.readline()
        if not line.endswith("\n"):
            # Cut off: the reader gave up, or ran into its limits and is dead.
            raise Unreadable if self._child.wait() == workbook_child.UNREADABLE else TooLarge
        return json.loads(line, object_hook=_typed)

    def heading(self) -> dict[str, Any]:
        """Return the next heading, or ``{"end": true}``, passing over rows that nobody read."""
        for _row in self.rows():
            pass
        found, self._next = self._next, None
        return found or {}

    def rows(self) -> Iterator[list[Cell]]:
        """Yield the rows up to the next heading."""
        while self._next is None:
            found = self._read()
            if isinstance(found, list):
                yield from found
            else:
                self._next = found


def _typed(found: dict[str, Any]) -> Any:
    for name, make in _TYPES.items():
        if found.keys() == {name}:
            return make(found[name])
    return found
