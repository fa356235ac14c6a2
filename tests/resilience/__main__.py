"""``make faults``: every fault on a site at work, one table on the screen and in docs/faults.md."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from linli.config import embedded
from tests.resilience import faults
from tests.resilience.faults import Ground, NotHere, Result, Strike
from tests.resilience.load import Gateway
from tests.resilience.site import ROOT, command

PAGE = ROOT / "docs" / "faults.md"
RECORD = ROOT / "build" / "faults.json"
AT_WORK: dict[str, tuple[Strike, int]] = {
    "web killed": (faults.web_killed, 1),
    "database killed": (faults.database_killed, 1),
    "worker killed": (faults.worker_killed, 1),
    "connections lost": (faults.connections_lost, 1),
    "worker dies before it records": (faults.worker_dies_unrecorded, 1),
    "two workers, one killed": (faults.worker_killed, 2),
    "clock jumps": (faults.clocks_jump, 1),
    "books tampered with": (faults.books_tampered, 1),
}
DISK, MIGRATION = "disk full", "migration interrupted"
HEADINGS = (
    "fault", "strikes", "reports acknowledged", "ledger entries acknowledged", "requests unanswered meanwhile",
    "messages sent", "repeats under the same id", "answering again after, s", "holds",
)  # fmt: skip


def main() -> int:
    """Run the faults that were asked for, or all; return 1 when one does not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--strikes", type=int, default=5, help="how often each fault strikes")
    asked.add_argument("--only", choices=[*AT_WORK, DISK, MIGRATION], action="append", help="one of the faults")
    asked.add_argument("--no-page", action="store_true", help="leave docs/faults.md as it is")
    asked.add_argument("--resume", action="store_true", help="only what this commit has not been through yet")
    given = asked.parse_args()
    record, every = _record(), [*AT_WORK, DISK, MIGRATION]
    names = [name for name in given.only or every if not (given.resume and name in record)]
    console = Console(stderr=True)
    for name in names:
        with console.status(f"{name} …"):
            last = _one(name, given.strikes)
        # Read again: another process may have been through another fault meanwhile.
        record = _record() | {name: last}
        _keep(record)
        console.print(f"{'✓' if last.holds else '–' if last.skipped else '✗'} {name} {last.skipped}")
        for text in last.wrong[:10]:
            console.print(f"    {text}")
    results = [record[name] for name in every if name in record]
    _print(results)
    if not given.no_page and len(results) == len(every):
        PAGE.write_text(page(results), encoding="utf-8")
    return int(any(record[name].wrong for name in names))


def _record() -> dict[str, Result]:
    """Return what earlier runs of this commit came to: a run that was cut off is gone on with."""
    try:
        kept = json.loads(RECORD.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {one["name"]: Result(**one) for one in kept["results"]} if kept["commit"] == _commit() else {}


def _keep(record: dict[str, Result]) -> None:
    RECORD.parent.mkdir(exist_ok=True)
    kept = {"commit": _commit(), "results": [asdict(one) for one in record.values()]}
    RECORD.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def _commit() -> str:
    call = ["git", "rev-parse", "--short", "HEAD"]
    told = subprocess.run(call, capture_output=True, text=True, check=False, cwd=ROOT)
    return told.stdout.strip() or "unknown"


def _one(name: str, strikes: int) -> Result:
    gateway = Gateway()
    try:
        with tempfile.TemporaryDirectory(prefix="linli-faults-") as folder:
            home = Path(folder)
            home.chmod(0o755)
            try:
                return _on(name, home, Ground(home, gateway, strikes=strikes))
            except NotHere as why:
                return Result(name, skipped=str(why))
            finally:
                embedded.forget(home)
                if name == DISK:
                    faults.unmount(home / "disk")
    finally:
        gateway.close()


def _on(name: str, home: Path, ground: Ground) -> Result:
    if name == MIGRATION:
        return faults.migration_interrupted(ground, home)
    if name == DISK:
        ground.home = home / "disk"
        faults.small_disk(ground.home)
    done = command(ground.home, "init", "532503")
    if done.returncode:
        return Result(name, wrong=[f"init failed: {done.stderr[-300:]}"])
    strike, workers = AT_WORK.get(name, (faults.disk_full, 1))
    return faults.at_work(ground, name, strike, workers=workers)


def _cells(result: Result) -> list[str]:
    holds = f"not run: {result.skipped}" if result.skipped else "yes" if result.holds else "NO: " + result.wrong[0]
    return [
        result.name, str(result.struck), str(result.acknowledged), str(result.entries), str(result.unanswered),
        str(result.sent), str(result.repeated), f"{result.back_after:.1f}", holds,
    ]  # fmt: skip


def _print(results: list[Result]) -> None:
    table = Table(*HEADINGS, title="Faults")
    for result in results:
        table.add_row(*_cells(result))
    Console().print(table)


def page(results: list[Result]) -> str:
    """Return docs/faults.md."""
    rows = ["| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    rows += ["| " + " | ".join(_cells(result)) + " |" for result in results]
    return TEXT.format(
        when=time.strftime("%Y-%m-%d", time.gmtime()), commit=_commit(),
        machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}", rows="\n".join(rows),
        explained="\n".join(f"- **{name}**: {_said(act)}" for name, act in _acts().items()),
    )  # fmt: skip


def _acts() -> dict[str, Callable[..., object]]:
    return {name: act for name, (act, _n) in AT_WORK.items()} | {
        DISK: faults.disk_full, MIGRATION: faults.migration_interrupted,
    }  # fmt: skip


def _said(act: Callable[..., object]) -> str:
    return (act.__doc__ or "").strip()


TEXT = """\
# Faults survived

Written by `make faults` on {when} at commit {commit} ({machine}). A part of it runs in `make test`
(`tests/resilience`).

Residents report over HTTP, a bookkeeper posts to the ledger, the worker sends messages to an SMS gateway; each sending
carries a key, and what is not acknowledged is sent again under the same key. Then something breaks. Afterwards: every
acknowledged report and entry is there, once; every trail and seal verifies; the ledger's sums and balances hold; the
figures equal a recount; no message waits; each message counted as sent was taken by the gateway, and one that was taken
twice came under the same id.

{rows}

{explained}

"Answering again after" is the longest time from a strike to the next acknowledged report, with load and site on one
machine.
"""

if __name__ == "__main__":
    sys.exit(main())
