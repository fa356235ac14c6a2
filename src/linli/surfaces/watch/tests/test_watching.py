"""Health, figures and the status page: what machines and administrators see of an installation."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in, statements

import linli
from linli.affairs.cases.process import CASE
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.watch import figures, probes, standing

pytestmark = pytest.mark.django_db

ROOT = Path(linli.__file__).parents[2]
UNITS = ("_seconds", "_bytes")


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.LINLI_HOME = tmp_path
    return tmp_path


def scraped(client: Client, **headers: str) -> dict[str, Any]:
    """Return what Prometheus' own parser reads, by family."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(answer.content.decode())}


def test_the_process_says_that_it_is_alive_without_asking_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_ready_means_that_the_database_answers_and_has_this_structure(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": True, "checks": {"database": True, "structure": True}}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": True, "structure": False})


def test_without_a_database_it_is_alive_but_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", refuse)
        away.setattr(connection, "close", lambda: None)
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_the_figures_are_what_prometheus_reads(world: World, client: Client) -> None:
    client.get("/healthz")
    found = scraped(client)
    counted = {s.labels["route"]: s.value for s in found["linli_http_requests"].samples if s.name.endswith("_total")}
    assert counted["healthz"] >= 1
    assert found["linli_http_request_seconds"].type == "histogram"
    assert found["linli_worker_up"].samples[0].value == 0
    assert found["linli_disk_free_bytes"].samples[0].value > 0
    for family in found.values():
        assert re.fullmatch(r"linli_[a-z][a-z0-9_]*", family.name), family.name
        assert family.documentation.endswith("."), family.name
        assert family.type in {"gauge", "counter", "histogram", "info", "unknown"}
        # promtool's rules: base units, the unit last, "total" for counters only.
        assert not family.name.endswith(("_total", "_count", "_ms", "_minutes", "_megabytes"))
        names = [(s.name, tuple(sorted(s.labels.items()))) for s in family.samples]
        assert len(names) == len(set(names)), "each series once"


def test_figures_are_for_this_machine_or_for_whoever_holds_the_token(client: Client, settings: Any) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404
    settings.LINLI_METRICS_TOKEN = "a-long-token"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    told = {"Authorization": "Bearer a-long-token"}
    assert client.get("/metrics", headers=told, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_a_scrape_costs_a_fixed_number_of_statements(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        client.get("/metrics")


def test_what_several_processes_counted_is_seen_by_a_scrape_of_any(tmp_path: Path) -> None:
    """As under ``linli serve`` with two workers: each counts in a file of its own."""
    count = (
        "import django; django.setup()\n"
        "from linli.surfaces.watch import figures\n"
        "figures.seen('GET', 'healthz', 200, 0.01)\n"
    )
    read = (
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n"
        "r = CollectorRegistry(); multiprocess.MultiProcessCollector(r); print(generate_latest(r).decode())"
    )
    given = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _process in range(2):
        subprocess.run([sys.executable, "-W", "ignore", "-c", count], env=given, check=True)
    shown = subprocess.run([sys.executable, "-c", read], env=given, check=True, capture_output=True, text=True).stdout
    found = {family.name: family for family in text_string_to_metric_families(shown)}
    (sample,) = found["linli_http_requests"].samples
    assert sample.value == 2


def named(text: str) -> set[str]:
    return set(re.findall(r"\blinli_[a-z_]+", text))


def exposed() -> set[str]:
    """Return the name of every series, also of those that stand only in an installation with backup and certificate."""
    text = figures.exposition().decode()
    found = named(text) | {"linli_backup_age_seconds", "linli_certificate_left_seconds", "linli_worker_age_seconds"}
    return found | {f"{name}_bucket" for name in found} | {f"{name}_total" for name in found}


def test_dashboard_and_alarms_name_figures_that_exist() -> None:
    figures.seen("GET", "healthz", 200, 0.01)
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "linli.json").read_text(encoding="utf-8"))
    asked = {target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])}
    alarms = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alarms.yml").read_text(encoding="utf-8"))
    rules = [rule for group in alarms["groups"] for rule in group["rules"]]
    asked |= {rule["expr"] for rule in rules}
    assert len(asked) > 15
    assert {name for text in asked for name in named(text)} - exposed() == set()
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for rule in rules:
        assert {"summary", "mend"} <= set(rule["annotations"])
        assert f"`{rule['alert']}`" in handbook, "the handbook says what to do about each alarm"


def test_the_status_page_tells_an_administrator_what_to_do(world: World, home: Path) -> None:
    page = signed_in(world.actor("system_admin", area="532503")).get("/desk/status/")
    text = page.content.decode()
    for said in (
        "现在要处理",
        "没有后台进程在运行",
        "启动 linli worker",
        "等待的后台任务",
        "还没有做过备份",
        "postgresql",
    ):
        assert said in text, said
    assert signed_in(world.actor("community_secretary")).get("/desk/status/").status_code == 404


def test_the_status_page_costs_a_fixed_number_of_statements(world: World, home: Path) -> None:
    from django.test.utils import CaptureQueriesContext

    browser = signed_in(world.actor("system_admin", area="532503"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/desk/status/")
        return len(statements(captured))

    cost()
    empty = cost()
    for _n in range(5):
        data = {"description": "路灯不亮", "area": COMMUNITY}
        perform(process=CASE, action="report", actor=resident_actor(), data=data)
    assert cost() == empty <= 80


@pytest.fixture
def now() -> Iterator[clock.Travel]:
    with clock.using(clock.at(clock.today(), 9)) as travel:
        yield travel


def states(check: Any) -> list[str]:
    return [str(finding.state) for finding in check()]


def test_a_backup_that_is_late_is_told(home: Path, now: clock.Travel, settings: Any) -> None:
    settings.LINLI_DEMO = False
    assert states(probes.backup) == ["warn"]
    (home / standing.BACKUP_NOTE).write_text("not a note", encoding="utf-8")
    assert states(probes.backup) == ["warn"]
    note = {"at": clock.now().isoformat(), "file": "/backup/a.linli", "bytes": 5 * 2**20}
    (home / standing.BACKUP_NOTE).write_text(json.dumps(note), encoding="utf-8")
    assert states(probes.backup) == ["ok"]
    now.forward(hours=31)
    assert states(probes.backup) == ["warn"]
    settings.LINLI_PRACTICE = True
    assert states(probes.backup) == []


def test_a_certificate_that_ends_soon_is_told(tmp_path: Path, now: clock.Travel, settings: Any) -> None:
    assert states(probes.certificate) == []
    settings.LINLI_CERTIFICATE = str(tmp_path / "site.pem")
    assert states(probes.certificate) == ["bad"], "not there"
    for days, state in ((90, "ok"), (20, "warn"), (3, "bad")):
        (tmp_path / "site.pem").write_bytes(certificate(clock.now() + timedelta(days=days)))
        assert states(probes.certificate) == [state]


def certificate(ends: Any) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "linli.test")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(ends - timedelta(days=365)).not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.PEM)


PROMTOOL = shutil.which("promtool")
ABSENT = "promtool is not on this machine (Debian: prometheus); the form of the figures is read with its library above"


@pytest.mark.skipif(PROMTOOL is None, reason=ABSENT)
def test_promtool_finds_nothing_wrong_with_figures_and_alarms(world: World, client: Client) -> None:
    client.get("/healthz")
    rules = Path(__file__).parents[5] / "deploy" / "prometheus" / "alarms.yml"
    for arguments, given in (
        (["check", "metrics"], client.get("/metrics").content),
        (["check", "rules", str(rules)], b""),
    ):
        done = subprocess.run([str(PROMTOOL), *arguments], input=given, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
