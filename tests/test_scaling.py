"""Ready for more than one machine: nothing names a schema, nothing stays in a session, districts lie side by side.

The rules are those of docs/architecture.md, "Storage"; the engine that places schemas on several machines comes later.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg import sql

import linli
from linli.affairs.cases.process import CASE
from linli.config import database
from linli.kernel import jobs
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor
from tests.support import world as small
from tests.support.pooler import PROGRAM, pooled
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in

SOURCE = Path(linli.__file__).parent
ROOT = SOURCE.parents[1]
NAMED = re.compile(r"\"?\b([a-z_]+)\b\"?\.\"?\b([a-z_]+)\b", re.IGNORECASE)
SYSTEM = {"pg_catalog", "information_schema"}
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|SET|TRUNCATE)\b")
SESSION = {
    "a setting of the session": re.compile(
        r"(?:^|;)\s*SET\s+(?:SESSION\s+)?(?!LOCAL|TRANSACTION|CONSTRAINTS)[a-z_.]+\s*(?:=|TO\b)"
    ),
    "a lock of the session": re.compile(r"\bpg_(?:try_)?advisory_lock(?:_shared)?\b", re.IGNORECASE),
    "a temporary table": re.compile(r"\bCREATE\s+(?:LOCAL\s+)?TEMP(?:ORARY)?\b", re.IGNORECASE),
    "a cursor that outlives its transaction": re.compile(r"\bWITH HOLD\b", re.IGNORECASE),
    "a prepared statement": re.compile(r"\bPREPARE\s+[a-z_]+\s+(?:AS|\()", re.IGNORECASE),
    "a listener": re.compile(r"\bLISTEN\s+[a-z_\"]+", re.IGNORECASE),
    "the last value of a sequence": re.compile(r"\b(?:currval|lastval)\s*\(", re.IGNORECASE),
}
# Makes databases, starts servers, builds the demo: done once, by an administrator, on a connection of its own.
OUTSIDE = ("config/test_databases.py", "config/embedded", "demo/build.py")


def statements_in_code() -> Iterator[tuple[str, str]]:
    """Yield every text in the code that reads like SQL, with its place."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(SOURCE))
        if "tests" in path.parts or place.startswith(OUTSIDE):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        composed = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        parts = {id(part) for whole in composed for part in ast.walk(whole) if part is not whole}
        plain = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in parts]
        for node in (*composed, *plain):
            text = _text(node)
            if SQL.search(text):
                yield f"{place}:{node.lineno}", text


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    """Return what a text in the code reads like; what is filled in stands as ``x``."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)


def our_tables() -> set[str]:
    """Return the tables of every installed room, and the queue's."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


def faults_of(text: str) -> list[str]:
    """Return what in a statement ties it to a schema or to a session."""
    ours = our_tables()
    schemas = {schema for schema, table in NAMED.findall(text) if table in ours and schema.lower() not in SYSTEM}
    found = [f"names the schema {name}" for name in sorted(schemas)]
    return found + [what for what, sign in SESSION.items() if sign.search(text)]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM public.matters_matter", 'INSERT INTO "wuhua"."matters_matter" VALUES (1)', "LISTEN x",
        "SELECT pg_advisory_lock(1)", "CREATE TEMP TABLE x (y int)", "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "SELECT currval('s')", "SELECT 1 FROM a JOIN other.outreach_outbox ON true", "SET search_path TO wuhua",
    ],
)  # fmt: skip
def test_what_ties_a_statement_to_a_place_is_seen(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "SET LOCAL linli.erasing = 'on'", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "UPDATE a SET b = 1",
        "SELECT pg_advisory_xact_lock(1)", "SELECT * FROM pg_catalog.pg_class",
        "SELECT extract(epoch FROM b.at) FROM api_bucket AS b", "SELECT o.id FROM outreach_outbox o",
    ],
)  # fmt: skip
def test_what_does_not_is_left_alone(text: str) -> None:
    assert faults_of(text) == []


def test_no_statement_in_the_code_names_a_schema_or_leaves_something_in_its_session() -> None:
    every = list(statements_in_code())
    assert len(every) > 100
    assert [f"{place} {fault}" for place, text in every for fault in faults_of(text)] == []


@pytest.mark.django_db
def test_no_statement_that_is_sent_names_a_schema_or_leaves_something_in_its_session(world: World) -> None:
    secretary = world.actor("community_secretary")
    browser = signed_in(secretary)
    with CaptureQueriesContext(connection) as captured:
        matter = perform(
            process=CASE, action="report", actor=resident_actor(), data={"description": "路灯不亮", "area": COMMUNITY}
        ).matter
        perform(actor=secretary, matter=matter, action="file", data={"category": "E0102"})
        jobs.run_periodic()
        for path in (
            "/",
            "/desk/",
            f"/desk/m/{matter.number}/",
            "/desk/lists/cases/",
            "/command/b/overview/",
            "/public/",
        ):
            assert browser.get(path).status_code == 200, path
    sent = [query["sql"] for query in captured.captured_queries]
    assert len(sent) > 60
    assert [f"{fault}: {text[:120]}" for text in sent for fault in faults_of(text)] == []


# -- a pooler that hands a connection on after every transaction ------------------------------------------------


@pytest.fixture
def pooler(transactional_db: None) -> Iterator[None]:
    """Let this process reach its database through pgbouncer in transaction mode, over two connections in all."""
    _needed()
    given = connection.settings_dict
    unprepared = given["OPTIONS"] | {"prepare_threshold": None}
    through = {"HOST": "127.0.0.1", "PASSWORD": "", "DISABLE_SERVER_SIDE_CURSORS": True, "OPTIONS": unprepared}
    before = {name: given[name] for name in (*through, "PORT")}
    with pooled(given["HOST"] or "127.0.0.1", given["PORT"] or "5432", {given["USER"]: given["PASSWORD"]}) as port:
        connection.close()
        given.update(through, PORT=str(port))
        try:
            yield
        finally:
            connection.close()
            given.update(before)


def _needed() -> None:
    if PROGRAM is None:
        pytest.skip("pgbouncer is not installed, and only root may install it: apt-get install pgbouncer")


def test_only_the_web_role_gives_up_cursors_and_prepared_statements_for_a_pooler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINLI_POOLER", "1")
    for role, given_up in {"web": True, "worker": False, "owner": False}.items():
        monkeypatch.setenv("LINLI_ROLE", role)
        settings = database.connection()
        assert settings["DISABLE_SERVER_SIDE_CURSORS"] is given_up
        assert (settings["OPTIONS"]["prepare_threshold"] is None) is given_up


def reported(resident: Client, key: str) -> str:
    """Return where a report sent under ``key`` leads."""
    resident.post("/report/place/", {"area": COMMUNITY})
    form = {"description": "楼下垃圾没人收", "key": key, "phone": "13887300001"}
    return str(resident.post("/report/what/", form)["Location"])


@pytest.mark.interop
def test_pages_lists_exports_and_steps_work_through_a_pooler_in_transaction_mode(pooler: None) -> None:
    world = small.build()
    secretary = world.actor("community_secretary")
    resident = Client()
    told = reported(resident, "pooled")
    assert reported(resident, "pooled") == told, "a submission key holds through a pooler too"
    number = told.split("/")[2]
    browser = signed_in(secretary)
    for path in ("/desk/", f"/desk/m/{number}/", "/desk/lists/cases/", "/public/", "/command/b/overview/"):
        assert browser.get(path).status_code == 200, path
    exported = signed_in(world.actor("street_dispatcher")).get("/desk/lists/cases/export.csv")
    assert number in exported.content.decode()
    assert browser.post(f"/desk/m/{number}/file/", {"category": "E0102"}).status_code == 302
    assert Matter.objects.get(number=number).stage != "collected"
    jobs.run_periodic()
    assert browser.get("/readyz").json()["ready"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type LIKE 'client%%'"
        )
        assert cursor.fetchone()[0] <= 2


# -- two districts in one database ------------------------------------------------------------------------------

DISTRICTS = {"mengzi": ["init", "532503"], "wuhua": ["migrate"]}
REPORT = """
import django; django.setup()
from linli.affairs.cases.process import CASE
from linli.kernel import areas, jobs
from linli.kernel.matters import perform
from linli.kernel.posts.actors import resident_actor
code = areas.tree().of_level("community")[0].code
data = {"description": "路灯不亮", "area": code}
print(perform(process=CASE, action="report", actor=resident_actor(), data=data).matter.number)
jobs.defer("matters.align_areas")
"""
COUNT = """
import django; django.setup()
from django.db import connection
from linli.kernel.matters.models import Matter
with connection.cursor() as c:
    c.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'matters.align_areas'")
    print(Matter.objects.count(), c.fetchone()[0])
"""
WORK = """
import django; django.setup()
from linli.kernel import jobs
jobs.run_pending()
"""


@pytest.fixture
def districts(db: None) -> Iterator[dict[str, dict[str, str]]]:
    """Two districts as two schemas of one database, each with three roles; settings of each for a process.

    The web roles go through one pooler, workers and owners directly, as docs/operations.md says.
    """
    _needed()
    given, mark = connection.settings_dict, f"linli_two_{os.getpid()}"
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    server = {name: given[key] for name, key in names.items() if given[key]}
    admin = psycopg.connect(dbname="postgres", autocommit=True, **server)
    roles = [f"{mark}_{district}_{role}" for district in DISTRICTS for role in ("owner", "worker", "web")]
    try:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE {}").format(
                sql.Identifier(mark), sql.Literal("C.UTF-8")
            )
        )
        with psycopg.connect(dbname=mark, autocommit=True, **server) as inside:
            inside.execute("CREATE EXTENSION btree_gist")
            inside.execute("CREATE EXTENSION pg_trgm")
            for district in DISTRICTS:
                _lay(inside, mark, district)
        host, port = given["HOST"] or "127.0.0.1", given["PORT"] or "5432"
        with pooled(host, port, dict.fromkeys(roles, "pw")) as mine:
            yield {
                district: {
                    "LINLI_DB_OWNER": f"postgres://{mark}_{district}_owner:pw@:{port}/{mark}?host={host}",
                    "LINLI_DB_WORKER": f"postgres://{mark}_{district}_worker:pw@:{port}/{mark}?host={host}",
                    "LINLI_DB_WEB": f"postgres://{mark}_{district}_web:pw@127.0.0.1:{mine}/{mark}",
                    "LINLI_POOLER": "1",
                }
                for district in DISTRICTS
            }
    finally:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(mark)))
        for role in roles:
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
        admin.close()


def _lay(inside: psycopg.Connection[Any], mark: str, district: str) -> None:
    for role in ("owner", "worker", "web"):
        name = sql.Identifier(f"{mark}_{district}_{role}")
        inside.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'pw'").format(name))
        inside.execute(sql.SQL("ALTER ROLE {} SET search_path TO {}, public").format(name, sql.Identifier(district)))
    owner = sql.Identifier(f"{mark}_{district}_owner")
    inside.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(district), owner))
    for role in ("worker", "web"):
        name = sql.Identifier(f"{mark}_{district}_{role}")
        inside.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(district), name))


@pytest.mark.interop
def test_two_districts_lie_side_by_side_and_neither_sees_a_row_or_a_job_of_the_other(
    districts: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    def environment(district: str, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "LINLI_ROLE"}}
        return kept | districts[district] | {"LINLI_HOME": str(tmp_path / district)} | more

    laid = {
        district: subprocess.Popen(
            [sys.executable, "-m", "linli.cli", *call], env=environment(district), cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for district, call in DISTRICTS.items()
    }  # fmt: skip
    for process in laid.values():
        _out, err = process.communicate()
        assert process.returncode == 0, err

    def run(code: str, district: str, role: str = "web") -> str:
        given = environment(district, LINLI_ROLE=role, DJANGO_SETTINGS_MODULE="linli.config.settings")
        call = [sys.executable, "-W", "ignore", "-c", code]
        done = subprocess.run(call, env=given, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert run(REPORT, "mengzi").startswith("C-")
    assert run(COUNT, "mengzi", "worker") == run(COUNT, "mengzi") == "1 1"
    assert run(COUNT, "wuhua", "worker") == run(COUNT, "wuhua") == "0 0"
    run(WORK, "wuhua", "worker")
    assert run(COUNT, "mengzi", "worker") == "1 1", "a worker did a job of the other district"
    run(WORK, "mengzi", "worker")
    assert run(COUNT, "mengzi", "worker") == "1 0"
    address = districts["wuhua"]["LINLI_DB_OWNER"]
    with psycopg.connect(address, autocommit=True) as other:
        for table in ("matters_matter", "procrastinate_jobs", "matters_trailentry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                other.execute(f"SELECT * FROM mengzi.{table}")
        found = other.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert found == (0,), "everything of a district lies in its schema"
