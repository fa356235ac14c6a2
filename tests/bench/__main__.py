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


GROUPS = ("writes", "photos", "pages", "points", "kinds")
"""What :mod:`tests.bench.measure` measures with one start of the server each; the registry brings its own sites."""


def main() -> int:
    """Run the bench; return 1 when a bar does not hold and ``--strict`` was asked for."""
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--scale", choices=sorted(PLANS), default="full")
    asked.add_argument("--only", action="append", choices=[*GROUPS, "registry"], default=[],
                       help="measure these rows anew and keep the others of this commit's last run")  # fmt: skip
    asked.add_argument("--page", action="store_true", help="measure nothing: print what this commit's last run left")
    asked.add_argument("--strict", action="store_true", help="fail when a bar does not hold")
    asked.add_argument("--no-docs", action="store_true", help="leave docs/performance.md alone")
    options = asked.parse_args()
    build = ROOT / "build"
    kept = build / "bench" / f"lines-{report.commit()}"
    kept.mkdir(parents=True, exist_ok=True)
    grounds = [Ground(SIZES[name], build / "bench") for name in PLANS[options.scale]]
    for ground in grounds:
        ground.prepare()
        for group in options.only or GROUPS:
            if group in GROUPS and not options.page:
                _measure(ground, group, kept)
    if not options.page and (not options.only or "registry" in options.only):
        lines = registry.measured(build / "bench", registry.SIZES[options.scale])
        report.write(kept / f"registry-{options.scale}.json", lines)
    small, large = ([line for group in GROUPS for line in _known(kept, g.size.name, group)] for g in grounds)
    made = [seen(f"filling {g.size.name}: {g.size.matters:,} matters", g.prepared_in(), "s") for g in grounds]
    lines = [*large, *report.growth(small, large), *made, *_known(kept, "registry", options.scale)]
    report.show(lines)
    report.keep(lines, build)
    if not options.no_docs:
        names = [f"{g.size.name} ({g.size.matters:,} matters)" for g in grounds]
        (ROOT / "docs" / "performance.md").write_text(report.page(lines, names), encoding="utf-8")
    return int(options.strict and any(line.holds is False for line in lines))


def _measure(ground: Ground, group: str, kept: Path) -> None:
    out = kept / f"{ground.size.name}-{group}.json"
    call = [sys.executable, "-m", "tests.bench.measure", ground.size.name, group, str(ground.folder), str(out)]
    subprocess.run(call, env=environment(ground.home), cwd=ROOT, check=True)


def _known(kept: Path, name: str, group: str) -> list[Line]:
    """Return the lines that a run of this commit left; none for rows that were not measured."""
    found = kept / f"{name}-{group}.json"
    return report.read(found) if found.exists() else []


if __name__ == "__main__":
    sys.exit(main())
