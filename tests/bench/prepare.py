"""Makes one site, in a process of its own: a small demo district, multiplied to the wanted size.

``python -m tests.bench.prepare small`` with ``LINLI_HOME`` naming an empty folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from linli.cli import ground as cli_ground
from linli.cli import setup
from linli.config import embedded
from tests.bench.ground import FILLING, LOCAL, OPEN, SIZES, Size

Tell = Callable[[str, int, int], None]


def main(name: str) -> None:
    """Make the site of the size ``name`` in ``LINLI_HOME``."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings"
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns) as bars:
        steps: dict[str, int] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bars.add_task(f"{name}: {step}", total=total)
            bars.update(steps[step], completed=done, total=total)  # type: ignore[arg-type]  # rich's TaskID is an int

        with _database(LOCAL):
            _build(tell)
        with _database(FILLING):
            _fill(SIZES[name], tell)
        os.sync()
        _configure(LOCAL)


@contextmanager
def _database(settings: str) -> Iterator[None]:
    """Run the embedded database with ``settings`` during the block."""
    _configure(settings)
    with cli_ground.database():
        yield


def _configure(settings: str) -> None:
    embedded.ensure_running()  # makes the data folder the first time
    embedded.stop()
    file: Path = embedded.where().data / "local.conf"
    file.write_text(settings, encoding="utf-8")
    file.chmod(0o644)


def _build(tell: Tell) -> None:
    cli_ground.django("owner")
    setup.upgrade()
    with _admin() as admin:
        admin.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    from linli import demo

    demo.build(profile="mengzi", scale="small", seed=1, progress=tell)


def _fill(size: Size, tell: Tell) -> None:
    from tests.bench import fill

    with _admin() as admin:
        lived = admin.execute("SELECT array_agg(id) FROM matters_matter WHERE is_open").fetchone()
        fill.fill(size.matters, tell, waiting=OPEN)
        _newest_last(admin, lived)
        # As a district that has lived: unvacuumed, no index answers without its table, and plans rest on guesses.
        admin.execute("VACUUM (ANALYZE)")


def _newest_last(admin: psycopg.Connection[Any], keys: Any) -> None:
    """Write the open matters that were copied once more, behind all copies.

    They are the newest of the district and were made first. Where a district has lived, what is newest lies at the
    end of the table.
    """
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")  # other tables point to them all the while
        admin.execute("CREATE TEMP TABLE newest AS SELECT * FROM matters_matter WHERE id = ANY(%s)", keys)
        admin.execute("DELETE FROM matters_matter WHERE id = ANY(%s)", keys)
        admin.execute("INSERT INTO matters_matter SELECT * FROM newest")


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(embedded.url("admin"), autocommit=True)


if __name__ == "__main__":
    main(sys.argv[1])
