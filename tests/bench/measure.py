"""Measures some rows of one site, in a process of its own: ``python -m tests.bench.measure small writes OUT.json``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.bench import report
from tests.bench.bench import Bench, at
from tests.bench.ground import SIZES, Ground
from tests.bench.table import Line


def main(name: str, group: str, folder: str, out: str) -> None:
    """Write the lines of a ``group`` of rows, measured at the site ``name`` in ``folder``, to ``out``."""
    ground = Ground(SIZES[name], Path(folder))
    os.environ |= {"LINLI_HOME": str(ground.home), "DJANGO_SETTINGS_MODULE": "linli.config.settings"}
    import django

    django.setup()
    with at(ground) as bench:
        found = measured(bench, group)
    report.write(Path(out), found)


def measured(bench: Bench, group: str) -> list[Line]:
    """Return the lines of a group, in the order of the table."""
    # Django must be ready before models are imported.
    from tests.bench.rows import boards, ledger, photos, processes, reads, rush, writes

    rows = {
        "writes": (writes.lines,),
        "photos": (photos.lines,),
        "pages": (processes.at_rest, reads.lines, boards.lines, processes.after_load),
        "points": (ledger.lines, rush.lines),
        "kinds": (processes.kinds,),
    }
    found: list[Line] = []
    for row in rows[group]:
        for line in row(bench):
            sys.stderr.write(f"{bench.ground.size.name}: {line.name} {line.value:.2f} {line.unit} {line.bar}\n")
            found.append(line)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:5])
