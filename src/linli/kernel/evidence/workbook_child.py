"""Reading a workbook where it can do no harm: run as a script of its own by :mod:`linli.kernel.evidence.workbooks`.

The reader keeps a sheet as a full rectangle: a file of five kilobytes with one cell in the farthest corner asks for
half a terabyte, and the process ends there and then. So it is not the process that serves people. Imports nothing of
Linli. Writes JSON lines: a sheet's heading, then its rows in parts, at last ``{"end": true}``.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

UNREADABLE = 3
AT_ONCE = 200


def confined(megabytes: int, seconds: int) -> None:
    """Let this process have no more memory and processor time than that."""
    for kind, most in ((resource.RLIMIT_AS, megabytes << 20), (resource.RLIMIT_CPU, seconds)):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(value: Any) -> Any:
    """Return what JSON has no word for as an object that says its type."""
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, datetime | date | time):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(type(value).__name__)


def say(what: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(what, default=plain) + "\n")


def main() -> int:
    """Read the workbook that the command line names, within the limits that it names."""
    path, megabytes, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    from python_calamine import CalamineError, CalamineWorkbook

    confined(megabytes, seconds)
    try:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            say({"sheet": name, "height": sheet.total_height})
            part: list[list[Any]] = []
            for row in sheet.iter_rows():
                part.append(row)
                if len(part) == AT_ONCE:
                    say(part)
                    part = []
            if part:
                say(part)
    except (CalamineError, OSError, ValueError):
        return UNREADABLE
    say({"end": True})
    return 0


if __name__ == "__main__":
    sys.exit(main())
