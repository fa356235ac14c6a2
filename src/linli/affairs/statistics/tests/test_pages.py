"""Pages of figures: the desk's, the auditor's, and what the public downloads."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.world import World
from tests.test_costs import signed_in, statements

from linli.affairs.statistics.services import drawing, publishing
from linli.affairs.statistics.tests.test_figures import count, tianmen
from linli.affairs.statistics.tests.test_procedures import closed
from linli.affairs.statistics.tests.test_records import SCRIPT
from linli.kernel import clock, tallies
from linli.kernel.matters import perform, sealing


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_desk_shows_every_index_with_its_definition_and_how_it_was_divided(world: World, now: Any) -> None:
    tianmen(unit_id=world.unit("urban", name="城管局").pk)
    browser = signed_in(world.actor("centre_director"))
    page = text(browser, "/desk/statistics/?month=2026-11")
    assert "93.72%" in page
    assert "911 / 972" in page
    assert "无数据" in page
    assert "城管局" in text(browser, "/desk/statistics/?month=2026-11&by=unit")
    assert "这段时间没有数据" in text(browser, "/desk/statistics/?month=2020-01")
    assert "金华" in text(browser, "/desk/statistics/scores/?month=2026-11")
    assert text(browser, "/desk/statistics/?month=nonsense&area=0&by=sideways&unit=nobody")


def test_an_index_leads_to_its_trend_and_to_the_matters_behind_it(world: World, now: Any) -> None:
    (matter,) = closed(world, 1)
    browser = signed_in(world.actor("centre_director"))
    page = text(browser, "/desk/statistics/index/solved/?month=2026-11&metric=case.verdict.solved")
    assert matter.number in page
    assert "<svg" in page
    assert "回访：解决" in page
    assert browser.get("/desk/statistics/index/nothing/").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_desk_exports_what_it_shows(world: World, now: Any, form: str) -> None:
    tianmen()
    browser = signed_in(world.actor("centre_director"))
    answer = browser.get(f"/desk/statistics/export.{form}?month=2026-11")
    assert answer.status_code == 200
    assert len(answer.content) > 500
    assert browser.get("/desk/statistics/export.doc").status_code == 404


def test_the_page_costs_the_same_whatever_the_history(world: World, now: Any) -> None:
    browser, costs = signed_in(world.actor("centre_director")), []
    for days in (1, 1, 20):
        for back in range(days):
            tianmen(on=date.fromordinal(date(2026, 11, 24).toordinal() - back))
        tallies.fold()
        with CaptureQueriesContext(connection) as captured:
            browser.get("/desk/statistics/?month=2026-11")
        costs.append(len(statements(captured)))
    assert costs[1] == costs[2] <= 15


def test_the_public_reads_downloads_and_recomputes_a_published_month(
    world: World, now: Any, client: Client, tmp_path: Path
) -> None:
    tianmen(unit_id=world.unit("urban", name="城管局").pk)
    now.to(clock.at(date(2026, 12, 2), 9))
    drafted = publishing.draft_last_month()
    assert drafted is not None
    assert client.get("/figures/2026-11/").status_code == 404
    perform(actor=world.actor("publisher"), matter=drafted, action="publish")
    assert "2026-11" in text(client, "/figures/")
    page = text(client, "/figures/2026-11/")
    assert "93.72%" in page
    assert "无数据" in page
    assert "结案率" in client.get("/figures/2026-11/figures.csv").content.decode()
    events = tmp_path / "events.jsonl"
    answer = client.get("/figures/2026-11/events.jsonl")
    events.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    script = tmp_path / "recompute.py"
    script.write_bytes(client.get("/figures/recompute.py").content)
    assert script.read_text() == SCRIPT.read_text()
    done = subprocess.run([sys.executable, "-I", str(script), str(events)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    count("case.due.closed", -100, on=date(2026, 11, 24))
    assert "公布后有更正，现为 83.44%" in text(client, "/figures/2026-11/")


@pytest.mark.parametrize("address", ["/figures/2026-13/", "/figures/2026-11/", "/figures/1-1/events.jsonl"])
def test_a_month_that_was_not_published_is_not_there(world: World, now: Any, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_auditor_sees_seed_pots_and_outcomes_and_changes_nothing(world: World, now: Any) -> None:
    closed(world, 4)
    now.to(clock.at(date(2026, 12, 2), 9))
    sealing.seal()
    made = drawing.draw_last_month()
    assert made is not None
    auditor = signed_in(world.actor("auditor"))
    page = text(auditor, "/desk/statistics/draws/")
    assert made.seed in page
    pots = text(auditor, "/desk/statistics/draws/2026-11.csv")
    assert made.seed in pots
    assert pots.count("是") == 3
    assert auditor.get("/desk/statistics/draws/2020-01.csv").status_code == 404
    assert auditor.post("/desk/statistics/draws/").status_code == 405


def test_a_month_topic_and_a_publication_begin_on_the_desk(world: World, now: Any) -> None:
    director = signed_in(world.actor("centre_director"))
    told = {"month": "2026-11-05", "title": "二次供水", "why": "41 件", "plan": "改造",
            "unit": world.unit("water", name="水务局").pk, "planned_on": "2026-12-20", "key": "k"}  # fmt: skip
    assert director.get("/desk/statistics/new/topic/").status_code == 200
    assert director.post("/desk/statistics/new/topic/", told | {"planned_on": "2020-01-01"}).status_code == 422
    page = director.post("/desk/statistics/new/topic/", told, follow=True).content.decode()
    assert "二次供水" in page
    assert director.get("/desk/statistics/new/publication/").status_code == 404
    publisher = signed_in(world.actor("publisher"))
    tianmen(on=date(2026, 10, 3))
    answer = publisher.post("/desk/statistics/new/publication/", {"month": "2026-10-01", "key": "k2"}, follow=True)
    assert "全区数字" in answer.content.decode()


def test_the_figures_of_the_exported_json_are_the_pages(world: World, now: Any) -> None:
    tianmen()
    browser = signed_in(world.actor("centre_director"))
    rows = json.loads(browser.get("/desk/statistics/export.json?month=2026-11").content)["rows"]
    assert next(row["value"] for row in rows if row["code"] == "closed") == "93.72%"
