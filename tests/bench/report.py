"""What is made of the lines: the table on the terminal, build/bench.json, docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.table import Line, at_most

ROOT = Path(__file__).resolve().parents[2]
GROWTH = 1.3
"""How much more the database may touch with a hundred times the history (docs/architecture.md)."""

HEAD = """\
# Performance

What the product costs, held against the bare database. `make bench` measures and writes this page; the bars are
ratios, statements, buffers and memory. Milliseconds are printed beside the aim and judge nothing: they belong to the
machine.

*Against bare SQL*: the real server over HTTP, everything on, against one plain INSERT or UPDATE for each row it wrote,
in one transaction, by psycopg, with the same indexes and the same durability; processor time of client and backend,
measured in turns, median of nine. *A bare upload*: the same bytes over HTTP to a server of the same make that only
writes them to the disk, and the rows by hand. *Statements* are those between request and response. *Growth* compares
the buffers that the same page or action touches in a small and a large district. As much is open in either: history
grows, what people have in hand at one time does not.
"""


def growth(small: Iterable[Line], large: Iterable[Line]) -> list[Line]:
    """Return, for every line about buffers, how much it grew from the small district to the large one."""
    before = {line.name: line.value for line in small if line.name.endswith(": buffers")}
    return [
        at_most(
            line.name.replace(": buffers", ": growth of buffers"),
            line.value / max(before[line.name], 1),
            "×",
            GROWTH,
            note=f"{before[line.name]:,.0f} to {line.value:,.0f}",
            profile=line.profile,
        )
        for line in large
        if line.name in before
    ]


def show(lines: list[Line]) -> None:
    """Print the table."""
    table = Table(title="make bench")
    for head in ("", "value", "", "bar", "holds", "note"):
        table.add_column(head, justify="right" if head == "value" else "left")
    for line in lines:
        holds = {True: "yes", False: "[red]no", None: ""}[line.holds]
        table.add_row(line.name, f"{line.value:,.2f}", line.unit, line.bar, holds, line.note)
    Console(width=140).print(table)


def keep(lines: list[Line], folder: Path) -> None:
    """Write build/bench.json: rows of name, value, unit, bar, holds."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [line.row() for line in lines]
    (folder / "bench.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def write(path: Path, lines: list[Line]) -> None:
    """Write lines for :func:`read`."""
    path.write_text(json.dumps([line.row() for line in lines], ensure_ascii=False), encoding="utf-8")


def page(lines: list[Line], sizes: list[str]) -> str:
    """Return docs/performance.md."""
    machine = f"{_processor()}, {os.cpu_count()} processors, {_memory():.0f} GB; Python {platform.python_version()}"
    held = sum(1 for line in lines if line.holds)
    asked = sum(1 for line in lines if line.holds is not None)
    busy = f"Load average when this was written: {os.getloadavg()[1]:.1f}."
    text = [HEAD, f"Commit {commit()}. {machine}. {busy} Districts: {', '.join(sizes)}.", ""]
    text += [
        f"{held} of {asked} bars hold.",
        "",
        "| What | Value | Unit | Bar | Holds | Note |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for line in lines:
        holds = {True: "yes", False: "**no**", None: ""}[line.holds]
        text.append(f"| {line.name} | {line.value:,.2f} | {line.unit} | {line.bar} | {holds} | {line.note} |")
    return "\n".join([*text, *_missed(lines)]) + "\n"


def _missed(lines: list[Line]) -> list[str]:
    """Return a paragraph for each bar that does not hold, with the profile that shows why."""
    text = []
    for line in lines:
        if line.holds is False:
            text += ["", f"## Missed: {line.name}", "", f"{line.value:,.2f} {line.unit}, bar {line.bar}."]
            text += ["", *(f"- {one}" for one in line.profile)] if line.profile else []
    return text


def commit() -> str:
    """Return the commit that last changed the product: what is measured."""
    call = ["git", "log", "-1", "--format=%h", "--", "src"]
    done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3


def read(path: Path) -> list[Line]:
    """Return the lines that a measuring process left."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [Line(**row) for row in rows]
