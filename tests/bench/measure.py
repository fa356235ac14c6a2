"""Measures one site, in a process of its own: ``python -m tests.bench.measure small OUT.json``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.bench.bench import Bench, at
from tests.bench.ground import SIZES, Ground
from tests.bench.table import Line


def main(name: str, folder: str, out: str) -> None:
    """Write the lines of the site ``name`` in ``folder`` to ``out``."""
    ground = Ground(SIZES[name], Path(folder))
    os.environ |= {"LINLI_HOME": str(ground.home), "DJANGO_SETTINGS_MODULE": "linli.config.settings"}
    import django

    django.setup()
    with at(ground) as bench:
        found = measured(bench)
    Path(out).write_text(json.dumps([line.row() for line in found], ensure_ascii=False), encoding="utf-8")


def measured(bench: Bench) -> list[Line]:
    """Return every line of the site, in the order of the table."""
    # Django must be ready before models are imported.
    from tests.bench.rows import boards, ledger, photos, processes, reads, writes

    pages = (writes.lines, photos.lines, reads.lines, boards.lines)
    rows = (processes.at_rest, *pages, ledger.lines, processes.after_load, processes.kinds)
    found: list[Line] = []
    for row in rows:
        for line in row(bench):
            sys.stderr.write(f"{bench.ground.size.name}: {line.name} {line.value:.2f} {line.unit} {line.bar}\n")
            found.append(line)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:4])
