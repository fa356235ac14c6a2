"""The registry at the size of a district: the import against a bare COPY, a thousand searches against bare SQL.

``python -m tests.bench.rows.registry`` makes two districts of 思明's own tree (50,000 and 1,089,000 invented
residents), each on a database of its own, and prints the lines; ``make bench`` takes them into its table.

- *Import*: ``linli registry import FILE``, from opening the csv to applied, staging and diff included, against COPY of
  every row it left, into the same tables and indexes (a copy of the database as it was before). Processor time of
  client and backends. Memory is the client's peak.
- *Searches*: selector calls with reach, masks and access log, against the same conditions sent as they are, for the
  same columns of the first fifty, and one INSERT for each use. In turns, median of five.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from linli.config import embedded
from tests.bench.ground import LOCAL
from tests.bench.meter import processor_seconds
from tests.bench.table import Line, at_most, in_turns, seen
from tests.resilience.site import environment

SMALL, FULL = 50_000, 1_089_000
SIZES = {"small": (5_000, SMALL), "full": (SMALL, FULL)}
SEARCHES, ROUNDS = 1000, 5
ROOT = Path(__file__).resolve().parents[3]
BEFORE = "before_the_import"
KINDS = (("pair", 34), ("name", 16), ("initials", 14), ("sound", 8), ("address", 10), ("phone", 8), ("last4", 5),
         ("number", 3), ("tag", 2))  # fmt: skip
"""What people type, by weight; two characters of a name are the usual query. The shares are a sample of ours."""


def measured(folder: Path, sizes: tuple[int, ...] = (SMALL, FULL)) -> list[Line]:
    """Return the lines of these sizes, each measured in a process of its own; the last is held against the first."""
    found: list[list[Line]] = []
    for rows in sizes:
        home = folder / f"registry-{rows}"
        if home.exists():  # an earlier run was cut off, or left its lines
            embedded.forget(home)
            shutil.rmtree(home)
        home.mkdir(parents=True, mode=0o755)
        out = home / "lines.json"
        call = [sys.executable, "-m", "tests.bench.rows.registry", "--one", str(rows), "--out", str(out)]
        try:
            subprocess.run(call, env=environment(home), cwd=ROOT, check=True)
            found.append([Line(**row) for row in json.loads(out.read_text(encoding="utf-8"))])
        finally:
            embedded.forget(home)
    return [*found[-1], *(_growth(found[0], found[-1]) if len(found) > 1 else ())]


def _growth(small: list[Line], large: list[Line]) -> Iterator[Line]:
    name = "a search: buffers"
    before, after = (next(line.value for line in lines if line.name == name) for lines in (small, large))
    yield at_most("a search: growth of buffers", after / max(before, 1), "×", 3)


def one(rows: int) -> list[Line]:
    """Return the lines of one size, on the empty database of ``LINLI_HOME``."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings"
    from linli.cli import ground

    embedded.ensure_running()
    place = embedded.where().data / "local.conf"
    place.write_text(LOCAL, encoding="utf-8")
    place.chmod(0o644)
    embedded.stop()
    with ground.database(), tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "residents.csv"
        _lay(file, rows)
        found = []
        for line in itertools.chain(_import(file, rows), _searches(), _card()):
            sys.stderr.write(f"registry of {rows:,}: {line.name} {line.value:.2f} {line.unit} {line.bar}\n")
            found.append(line)
    return found


def _lay(file: Path, rows: int) -> None:
    """Lay 思明's tree with its policy and posts, keep a copy of the database, and write the list to import."""
    from linli.cli import ground, setup

    ground.django("owner")
    setup.upgrade()
    from datetime import timedelta

    from django.db import connections

    from linli.demo import district, population
    from linli.kernel import clock

    today = clock.today()
    district.lay("siming", today - timedelta(days=365), today, seed=1)
    population.write(file, rows, 1, today)
    connections.close_all()
    with _admin() as admin:
        admin.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        name = admin.info.dbname
        admin.execute("CHECKPOINT")
    with _admin("template1") as admin:
        admin.execute(f'CREATE DATABASE {BEFORE} TEMPLATE "{name}"')


def _admin(database: str = "") -> psycopg.Connection[Any]:
    options = {"dbname": database} if database else {}
    return psycopg.connect(embedded.url("admin"), autocommit=True, **options)


def _import(file: Path, rows: int) -> Iterator[Line]:
    ours, seconds, megabytes = _spent_by(lambda: _run_import(file))
    with tempfile.TemporaryDirectory() as folder:
        parts = _unloaded(Path(folder))
        left = sum(count for _table, _file, count in parts)
        bare, bare_seconds, _none = _spent_by(lambda: _copied(parts))
    note = f"{rows:,} rows of csv became {left:,} rows of {len(parts)} tables"
    yield at_most(f"import of {rows:,} residents: CPU against COPY", ours / bare, "×", 6, note=note)
    yield seen(f"import of {rows:,} residents: time against COPY", seconds / bare_seconds, "×")
    yield at_most(f"import of {rows:,} residents: memory", megabytes, "MB", 600)
    yield seen(f"import of {rows:,} residents", seconds, "s", note=f"COPY {bare_seconds:.0f} s")
    with _admin(BEFORE) as admin:
        admin.execute("CHECKPOINT")
    with _admin("template1") as admin:
        admin.execute(f"DROP DATABASE {BEFORE}")


def _spent_by(work: Callable[[], float]) -> tuple[float, float, float]:
    """Return processor seconds (this process, its children, backends that ended), seconds, and what ``work`` says."""
    postmaster = int((embedded.where().data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def so_far() -> float:
        fields = Path(f"/proc/{postmaster}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
        mine = os.times()
        return ended + mine.user + mine.system + mine.children_user + mine.children_system

    before, began = so_far(), time.perf_counter()
    said = work()
    time.sleep(0.5)  # a backend is counted once the postmaster has seen it end
    return so_far() - before, time.perf_counter() - began - 0.5, said


def _run_import(file: Path) -> float:
    """Run the command as an operator would, and return its peak memory in megabytes."""
    call = [sys.executable, "-m", "linli.cli", "registry", "import", str(file)]
    process = subprocess.Popen(call, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not json.loads(told.strip().splitlines()[-1])["applied"]:
        raise RuntimeError(f"the import ended with {process.returncode}: {told[-2000:]}")
    return usage.ru_maxrss / 1024


def _unloaded(folder: Path) -> list[tuple[str, Path, int]]:
    """Write every row that the import left to a file for each table, in an order that foreign keys allow."""
    tables = ("people_person", "people_household", "people_contact", "people_membership", "registry_importbatch",
              "registry_importchange", "registry_address", "registry_building", "registry_house", "registry_resident",
              "registry_residency", "registry_home", "registry_fact", "registry_tag", "registry_vault",
              "registry_entry")  # fmt: skip
    found = []
    with _admin() as now, _admin(BEFORE) as then:
        for table in tables:
            path = folder / table
            if then.execute(f"SELECT count(*) FROM {table}").fetchone() != (0,):
                raise RuntimeError(f"{table} was not empty before the import")
            with path.open("wb") as stream, now.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                for part in copy:
                    stream.write(part)
            row = now.execute(f"SELECT count(*) FROM {table}").fetchone()
            if row and row[0]:
                found.append((table, path, int(row[0])))
    return found


def _copied(parts: list[tuple[str, Path, int]]) -> float:
    """Copy the rows into the same tables and indexes, in one transaction, as the owner."""
    name = psycopg.conninfo.conninfo_to_dict(embedded.url("owner")) | {"dbname": BEFORE}
    with psycopg.connect(**name) as connection:  # type: ignore[arg-type] # all are text
        for table, path, _count in parts:
            with path.open("rb") as stream, connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                while part := stream.read(1 << 20):
                    copy.write(part)
    return 0.0


def _searches() -> Iterator[Line]:
    """Yield what a search costs, and against its conditions as bare SQL."""
    from django.db import connection

    asked = list(_mix(random.Random(5)))
    bare = [(sql, values) for actor, text in asked for sql, values in [_bare(actor, text)]]
    connection.ensure_connection()
    hand = psycopg.connect(embedded.url("owner"))
    backend = connection.connection.info.backend_pid

    def ours() -> float:
        began, before = time.process_time(), processor_seconds([backend])
        for actor, text in asked:
            _search(actor, text)
        return time.process_time() - began + processor_seconds([backend]) - before

    def by_hand() -> float:
        began, before = time.process_time(), processor_seconds([hand.info.backend_pid])
        for sql, values in bare:
            _by_hand(hand, sql, values)
        return time.process_time() - began + processor_seconds([hand.info.backend_pid]) - before

    pair = in_turns(ours, by_hand, ROUNDS)
    with _admin() as admin:
        admin.execute("SELECT pg_stat_statements_reset()")
        found = sum(_search(actor, text) for actor, text in asked)
        row = admin.execute(
            "SELECT sum(shared_blks_hit + shared_blks_read), sum(calls) FROM pg_stat_statements"
        ).fetchone()
    assert row is not None
    hand.close()
    note = f"{SEARCHES} searches, {found:,} found"
    yield at_most("a search: CPU against bare SQL", pair.ratio(), "×", 5, note=note)
    yield seen("a search: buffers", float(row[0]) / SEARCHES, "")
    yield seen("a search: statements", float(row[1]) / SEARCHES, "")
    yield seen("a search: CPU, client and database", sorted(pair.ours)[ROUNDS // 2] / SEARCHES * 1000, "ms")


def _search(actor: Any, text: str) -> int:
    """Search as the desk does: the box, the lines of who was found, the log."""
    from linli.affairs.registry import selectors
    from linli.affairs.registry.search import box

    hits = box.find(actor, text)
    people = [hit.id for hit in hits.rows if hit.kind == "resident"]
    selectors.note_lookup(actor, "走访核实", hits.by, hits.total, people)
    selectors.told(actor, hits.rows)
    return hits.total


def _bare(actor: Any, text: str) -> tuple[str, list[Any]]:
    from linli.affairs.registry.search import box, query

    asked = query.read(text)
    some = [list(group) for group in asked.some]
    if (limits := box.reach(actor)) is not None:
        some.append(limits)
    where, values = box._conditions(asked, set(asked.every), some, "")
    return f"SELECT {box.LISTED} FROM registry_entry WHERE {where} LIMIT 50", values


_LOGGED = """
INSERT INTO registry_lookup (id, at, shown_as, purpose, by, found, listed)
VALUES (gen_random_uuid(), now(), '社区工作者', '走访核实', 'words', %s, %s)
"""


def _by_hand(hand: psycopg.Connection[Any], sql: str, values: list[Any]) -> None:
    with hand.transaction(), psycopg.ClientCursor(hand) as cursor:
        rows = cursor.execute(sql, values).fetchall()  # type: ignore[arg-type] # our own text
        people = [row[0] for row in rows if row[1] == "resident"]
        cursor.execute(_LOGGED, [len(rows), people])


def _mix(chance: random.Random) -> Iterator[tuple[Any, str]]:
    """Yield a thousand searches: of posts that have the person in reach, and what they type."""
    from linli.affairs.registry.models import House, Resident
    from linli.kernel.people import selectors as people

    step = max(1, Resident.objects.count() // 4000)
    ids = list(Resident.objects.order_by("pk").values_list("pk", flat=True)[::step])
    chance.shuffle(ids)
    rows = list(Resident.objects.select_related("person").filter(pk__in=ids[:SEARCHES]))
    seats = _Seats(chance)
    houses = dict(House.objects.filter(residencies__resident__in=rows).values_list("residencies__resident", "label"))
    kinds = chance.choices([k for k, _w in KINDS], [w for _k, w in KINDS], k=SEARCHES)
    for kind, row in zip(kinds, (rows * (SEARCHES // len(rows) + 1))[:SEARCHES], strict=True):
        contact = people.contact(row.pk)
        phone = contact.value if contact else ""
        name, sound = row.person.name, row.person.pinyin
        text = {
            "pair": name[:2] if len(name) > 2 else name, "name": name,
            "initials": "".join(s[0] for s in sound.split()), "sound": sound.replace(" ", ""),
            "address": houses.get(row.pk, name), "phone": phone or name, "last4": phone[-4:] or name,
            "number": row.id_number or name, "tag": f"志愿者 {name[:2]}",
        }[kind]  # fmt: skip
        yield seats.over(row.area_id), text


class _Seats:
    """Actors whose areas hold a place: seven of ten a community's, three a street's."""

    LEVELS = (("community", "community_worker", 7), ("street", "street_dispatcher", 3))

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.made: dict[tuple[str, Any], Any] = {}

    def over(self, area_id: Any) -> Any:
        """Return an actor for a look-up of somebody who lives there."""
        from linli.kernel import areas

        level, kind, _weight = self.chance.choices(self.LEVELS, [w for *_rest, w in self.LEVELS])[0]
        tree = areas.tree()
        node = tree.by_id(area_id)
        place = next(n for n in (node, *tree.ancestors(node)) if n.level == level)
        if (kind, place.id) not in self.made:
            self.made[kind, place.id] = self._sit(kind, place.id)
        return self.made[kind, place.id]

    def _sit(self, kind: str, place: Any) -> Any:
        from linli.kernel import clock, posts
        from linli.kernel.matters.rules import duties_of
        from linli.kernel.people.models import Person
        from linli.kernel.posts.actors import actor_for
        from linli.kernel.posts.models import Holding

        post = posts.over([place], [kind]).order_by("pk")[0]
        person = Person.objects.create(name="某某", created_at=clock.now())
        Holding.objects.create(post=post, person=person, valid_from=clock.now())
        actor = actor_for(person, post)
        if "registry_reader" not in duties_of(actor):
            raise RuntimeError(f"{kind} does not read the registry")
        return actor


def _card() -> Iterator[Line]:
    """Yield how many statements a resident's card takes, for somebody without and with a history."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from linli.affairs.registry import selectors
    from linli.affairs.registry.models import Resident
    from linli.kernel.posts.actors import system_actor

    resident = Resident.objects.select_related("person").order_by("pk")[0]
    with CaptureQueriesContext(connection) as captured:
        selectors.card(system_actor(), resident)
    yield seen("a resident's card: statements of the selector", len(captured.captured_queries), "")


def main() -> None:
    """Measure and print; ``--rows`` names one size, ``--one`` is the process of one size."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.rows.registry")
    asked.add_argument(
        "--rows", type=int, action="append", help="how many residents (twice: the second against the first)"
    )
    asked.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        rows = [line.row() for line in one(options.one)]
        options.out.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return
    from tests.bench import report

    report.show(measured(ROOT / "build" / "bench", tuple(options.rows or (SMALL, FULL))))


if __name__ == "__main__":
    main()
