"""``make bench``: fill what is missing, measure each district in a process of its own, print and keep the table."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.bench import report
from tests.bench.ground import SIZES, Ground
from tests.bench.rows import registry
from tests.bench.table import Line, seen
from tests.resilience.site import environment

ROOT = Path(__file__).resolve().parents[2]
PLANS = {"small": ("tiny", "small"), "full": ("small", "full")}
"""Which two districts are compared; ``SCALE=small`` goes without the large one."""


def main() -> int:
    """Run the bench; return 1 when a bar does not hold and ``--strict`` was asked for."""
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--scale", choices=sorted(PLANS), default="full")
    asked.add_argument("--strict", action="store_true", help="fail when a bar does not hold")
    asked.add_argument("--no-docs", action="store_true", help="leave docs/performance.md alone")
    options = asked.parse_args()
    build = ROOT / "build"
    grounds = [Ground(SIZES[name], build / "bench") for name in PLANS[options.scale]]
    found: list[list[Line]] = []
    for ground in grounds:
        ground.prepare()
        out = ground.home / "lines.json"
        call = [sys.executable, "-m", "tests.bench.measure", ground.size.name, str(build / "bench"), str(out)]
        subprocess.run(call, env=environment(ground.home), cwd=ROOT, check=True)
        found.append(report.read(out))
    small, large = found
    made = [seen(f"filling {g.size.name}: {g.size.matters:,} matters", g.prepared_in(), "s") for g in grounds]
    lines = [*large, *report.growth(small, large), *made]
    lines += registry.measured(build / "bench", registry.SIZES[options.scale])
    report.show(lines)
    report.keep(lines, build)
    if not options.no_docs:
        names = [f"{g.size.name} ({g.size.matters:,} matters)" for g in grounds]
        (ROOT / "docs" / "performance.md").write_text(report.page(lines, names), encoding="utf-8")
    return int(options.strict and any(line.holds is False for line in lines))


if __name__ == "__main__":
    sys.exit(main())
