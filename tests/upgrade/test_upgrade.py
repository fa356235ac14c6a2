"""A district of an early version, frozen as a dump, comes up to this version with every book whole.

``early.sql.xz`` is a plain dump (PostgreSQL 15) of the tests' small district as commit 7332237 kept it, the oldest with
cases whose migrations lead to today's: six reports, one of them confirmed to its end, a sealed day, waiting jobs.
``keys.json`` are the keys of that invented district, which protect nothing else.
"""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
UPGRADE = """
import json
import django; django.setup()
from linli.cli import setup
setup.upgrade()
setup.grant()
from linli.affairs.cases.process import CASE
from linli.affairs.cases.services.counting import recount_all
from linli.kernel import areas, jobs, tallies
from linli.kernel.people import selectors
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor
from linli.kernel.storage import doctor
before = {m.number: m.stage for m in Matter.objects.filter(kind="case")}
reporter = selectors.contact(Matter.objects.get(number="C-20261122-00001").reporter_id).value
data = {"description": "路灯不亮", "area": areas.tree().of_level("community")[0].code}
perform(process=CASE, action="report", actor=resident_actor(), data=data)
jobs.run_pending()
tallies.fold()
def examined():
    return {r.name: [f.mend or f.text for f in r.findings if f.state == "bad"] for r in doctor.examine(deep=True)}
first = examined()
recount_all()
tallies.fold()
now = Matter.objects.filter(kind="case").count()
print(json.dumps({"before": before, "now": now, "phone": reporter, "first": first, "found": examined()}))
"""
STAGES = {
    "C-20261122-00001": "collected",
    "C-20261122-00002": "filed",
    "C-20261122-00003": "dispatched",
    "C-20261122-00004": "verified",
    "C-20261122-00005": "evaluated",
    "C-20261122-00006": "collected",
}
BOOKS = (
    "matters.trails", "matters.seals", "ledger.whole", "tallies.figures", "cases.figures", "statistics.figures",
    "storage.migrations", "storage.partitions", "storage.written_once", "storage.encoding",
)  # fmt: skip


@pytest.fixture
def early(db: None) -> Iterator[str]:
    """Lay the dump into a database of its own; give its address."""
    given, name = connection.settings_dict, f"linli_early_{os.getpid()}"
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    server = {parameter: given[key] for parameter, key in names.items() if given[key]}
    admin = psycopg.connect(dbname="postgres", autocommit=True, **server)
    try:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
        admin.execute(make.format(sql.Identifier(name)))
        with psycopg.connect(dbname=name, autocommit=True, **server) as laid:
            laid.execute(lzma.decompress((HERE / "early.sql.xz").read_bytes()))
        host, port = given["HOST"] or "127.0.0.1", given["PORT"] or "5432"
        yield f"postgres://{given['USER']}:{given['PASSWORD']}@:{port}/{name}?host={host}"
    finally:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.close()


@pytest.mark.interop
def test_a_district_of_an_early_version_comes_up_to_this_one_with_every_book_whole(early: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir(mode=0o700)
    for name, key in json.loads((HERE / "keys.json").read_text(encoding="utf-8")).items():
        (tmp_path / "secrets" / name).write_text(key, encoding="ascii")
        (tmp_path / "secrets" / name).chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINLI_DB", "LINLI_ROLE"))}
    given = kept | {
        "DATABASE_URL": early, "LINLI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "linli.config.settings",
    }  # fmt: skip
    call = [sys.executable, "-c", UPGRADE]
    done = subprocess.run(call, env=given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["before"] == STAGES
    assert told["now"] == len(STAGES) + 1, "the upgraded district takes reports"
    assert told["phone"] == "13887300000", "what was protected with the old keys opens"
    mends = {mend for name in BOOKS for mend in told["first"][name]}
    assert mends, "what is new since is not counted yet"
    assert all(mend.endswith("运行 linli stats recount 按案卷更正") for mend in mends), "and doctor says so"
    assert [(name, told["found"][name]) for name in BOOKS if told["found"][name]] == []
