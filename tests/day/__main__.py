"""``make day``: one day in 五华 at sixty times its speed, over HTTP; a table here and in docs/day.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from linli.kernel import clock
from tests.bench.report import commit
from tests.day import plan
from tests.day.drive import Lived, live
from tests.day.people import Cast
from tests.resilience.site import ROOT, Site, command, environment

HOME, PAGE = ROOT / "build" / "day", ROOT / "docs" / "day.md"
LAGS = {
    "linli_outbox_oldest_seconds": "oldest message due", "linli_tallies_oldest_seconds": "oldest figure to fold",
    "linli_jobs_waiting": "jobs waiting",
}  # fmt: skip
console = Console(stderr=True)


def main() -> int:
    """Build the district if it is not there, live the day, tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--factor", type=float, default=60.0, help="how many times real speed")
    asked.add_argument("--from", dest="start", type=float, default=6.0, help="from which hour of the day")
    asked.add_argument("--to", dest="end", type=float, default=21.0, help="to which hour")
    asked.add_argument("--share", type=float, default=1.0, help="what share of the day's acts")
    asked.add_argument(
        "--scale", default="default", choices=["small", "default"], help="how much history the district has"
    )
    asked.add_argument("--hands", type=int, default=8, help="how many act at once at most")
    asked.add_argument("--no-page", action="store_true", help="leave docs/day.md as it is")
    given = asked.parse_args()
    home = HOME / given.scale
    _prepare(home, given.scale)
    lived, late = _run(home, given)
    text = page(lived, late, given)
    _print(lived, given.factor)
    if not given.no_page:
        PAGE.write_text(text, encoding="utf-8")
    return 0


def _inside(home: Path, *arguments: str, extra: dict[str, str] | None = None) -> Any:
    call = [sys.executable, "-m", "tests.day.prepare", *arguments]
    given = environment(home, extra)
    done = subprocess.run(call, env=given, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout)


def _prepare(home: Path, scale: str) -> None:
    done = home / "day.json"
    if done.exists():
        return
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    with console.status(f"building 五华 ({scale}) …"):
        _inside(home, "build", scale, extra={"LINLI_DEMO": "1", "LINLI_PROFILE": "wuhua"})
    done.write_text("{}")


def _run(home: Path, given: argparse.Namespace) -> tuple[Lived, dict[str, Any]]:
    moments = plan.between(plan.a_day(share=given.share), given.start, given.end)
    told = _inside(home, "tokens", extra={"LINLI_CLOCK": "+1d"})
    # The day after the last one lived: the history ends yesterday, whichever day it was built on.
    day = clock.today() + timedelta(days=1)
    site = Site(home)
    first = clock.at(day, int(given.start)) + timedelta(seconds=moments[0].at - int(given.start) * 3600)
    ready = 60
    anchor = time.time() + ready  # noqa: TID251 - the anchor of the simulated clock is a real moment
    origin = clock.local(first).replace(tzinfo=None).isoformat()
    extra = {
        "LINLI_CLOCK": f"x{given.factor:g}@{origin}@{anchor:.0f}", "LINLI_DEMO": "1", "LINLI_PROFILE": "wuhua",
        "LINLI_WEB_WORKERS": str(os.cpu_count() or 1),
    }  # fmt: skip
    site.extra = extra
    earlier = _inside(home, "late", first.isoformat(), extra=extra)  # this same day may have been lived before
    try:
        with console.status("starting the site …"):
            site.start()
            site.start_worker()
        time.sleep(max(0.0, anchor - time.time()))  # noqa: TID251 - as above
        cast = Cast(site.address, told["tokens"], told["units"], account=("shift_leader", "linli-demo"))
        with console.status(f"{len(moments)} acts at × {given.factor:g} …"):
            lived = live(
                moments, cast, factor=given.factor, hands=given.hands, screens=plan.SCREENS, watch=_watch(site)
            )
        late = _inside(home, "late", first.isoformat(), extra=extra)
        late["posts"] = sum(map(len, told["tokens"].values()))
        late["rung"] -= earlier["rung"]
        late["failed"] -= earlier["failed"]
        late["kinds"] = {kind: count - earlier["kinds"][kind] for kind, count in late["kinds"].items()}
    finally:
        site.kill_all()
        command(home, "database", "stop")
    return lived, late


def _watch(site: Site) -> Any:
    web = httpx.Client(base_url=site.address, timeout=30)

    def look(lived: Lived) -> None:
        for line in web.get("/metrics").text.splitlines():
            name, _space, value = line.partition(" ")
            if name in LAGS:
                lived.lag[name].append(float(value))

    return look


def _rows(lived: Lived) -> list[tuple[str, str, str, str]]:
    rows = []
    for kind in sorted(lived.taken):
        middle, high = lived.quantiles(kind)
        rows.append((kind, str(len(lived.taken[kind])), f"{1000 * middle:.0f}", f"{1000 * high:.0f}"))
    return rows


def _print(lived: Lived, asked: float) -> None:
    table = Table("user", "acts", "p50 ms", "p95 ms", title=f"A day, × {lived.factor(asked):.1f} held of × {asked:g}")
    for row in _rows(lived):
        table.add_row(*row)
    Console().print(table)
    for what, count in lived.refused.most_common(8):
        console.print(f"{count} × {what}")


def page(lived: Lived, late: dict[str, Any], given: argparse.Namespace) -> str:
    """Return docs/day.md."""
    rows = "\n".join(f"| {' | '.join(row)} |" for row in _rows(lived))
    lags = "\n".join(f"| {word} | {max(lived.lag[name]):.0f} |" for name, word in LAGS.items() if lived.lag.get(name))
    return TEXT.format(
        when=time.strftime("%Y-%m-%d", time.gmtime()), commit=commit(), cores=os.cpu_count(),
        machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}", share=given.share,
        start=given.start, end=given.end, asked=given.factor, held=lived.factor(given.factor), rows=rows, lags=lags,
        acts=lived.acts, busy=os.getloadavg()[1], seconds=lived.seconds,
        slip=lived.latest, refused=sum(lived.refused.values()),
        posts=late["posts"], scale=given.scale, rung=late["rung"], latest=late["latest"] / given.factor,
        failed=late["failed"],
        kinds=", ".join(f"{count} × {kind}" for kind, count in late["kinds"].items()),
    )  # fmt: skip


TEXT = """\
# A day in the life

Written by `make day` on {when} at commit {commit} ({machine}, {cores} cores shared by site, database and load;
load average {busy:.1f} in the last five minutes).

One day in 五华 from {start:g} to {end:g} o'clock, {share:g} of its acts: 14,000 cases a day (most settled on the
spot, photos on one in ten), 40 whistles (a stress figure), 971 members, 3,000 residents, 22 departments (sample),
the command centre on three screens. How the cases divide and lie over the hours is a sample. They act by turns
through {posts} posts of the built district ({scale}). Latencies are real milliseconds; deadlines run on the simulated
clock.

**{held:.1f} × real time held** of {asked:g} × asked: {acts} acts in {seconds:.0f} s; the latest began {slip:.1f} s
after its moment; {refused} were refused. Made: {kinds}.

| user | acts | p50 ms | p95 ms |
| --- | --- | --- | --- |
{rows}

| queue, at its longest (simulated seconds; jobs: count) | |
| --- | --- |
{lags}

{rung} clocks ran out meanwhile; the last of them rang {latest:.1f} real seconds after its time (the worker looks
every five).
Jobs failed for good: {failed}.
"""

if __name__ == "__main__":
    sys.exit(main())
