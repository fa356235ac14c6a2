"""A round of supervision: teams and areas, spot checks, problems mended and looked at again, advice counted apart."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from tests.support.world import COMMUNITY, STREET, World
from tests.test_costs import signed_in

from linli.affairs.statistics import selectors as statistics
from linli.affairs.statistics.selectors import Scope
from linli.affairs.supervision import recount, selectors
from linli.affairs.supervision.cli import group
from linli.affairs.supervision.models import SpotCheck, Team
from linli.affairs.supervision.process import ROUND
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter

PLAN = {"title": "网格工作督查", "decision": "区委社治会第三次会议纪要", "checklist": "grids", "since": "2026-11-23",
        "until": "2026-12-04"}  # fmt: skip
POINTS = {f"point_{code}": "ok" for code in ("known", "closed", "called_back", "displayed")}


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def under_way(world: World) -> tuple[Matter, Team]:
    """Plan a round with one team for the street and begin it."""
    officer = world.actor("supervisor")
    matter = perform(process=ROUND, action="plan", actor=officer, data=PLAN).matter
    perform(actor=officer, matter=matter, action="form_team", data={"name": "第一组", "officers": 2, "areas": [STREET]})
    perform(actor=officer, matter=matter, action="begin")
    return matter, Team.objects.get()


def problem(world: World, matter: Matter, team: Team) -> Matter:
    told = {"team": team.pk, "area": COMMUNITY, "unit": world.unit("water", name="水务局").pk, "what": "公示栏没有更新",
            "must": "五日内更新"}  # fmt: skip
    perform(actor=world.actor("supervisor"), matter=matter, action="find", data=told)
    return Matter.objects.filter(kind="finding").latest("pk")


def test_a_problem_is_mended_and_looked_at_again_before_the_round_ends(world: World, now: Any) -> None:
    matter, team = under_way(world)
    officer, handler = world.actor("supervisor"), world.actor("department_handler", unit="water")
    finding = problem(world, matter, team)
    with pytest.raises(NotNow, match="没有整改"):
        perform(actor=officer, matter=matter, action="conclude", data={"summary": "总体落实"})
    perform(actor=handler, matter=finding, action="mend", data={"done": "已更新"})
    perform(actor=officer, matter=finding, action="refuse", data={"reason": "电话还是旧的"})
    perform(actor=handler, matter=finding, action="mend", data={"done": "电话已改"})
    perform(actor=officer, matter=finding, action="confirm", data={"note": "属实"})
    perform(actor=officer, matter=matter, action="conclude", data={"summary": "总体落实"})
    found = selectors.figures()
    assert (found.problems, found.mended, found.advice) == (1, 1, 0)
    assert recount.differences() == []
    month = Scope(since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert statistics.figure("findings_mended", month).text == "100.00%"


def test_advice_is_counted_apart_and_answered_with_a_reason(world: World, now: Any) -> None:
    matter, team = under_way(world)
    told = {"team": team.pk, "area": COMMUNITY, "unit": world.unit("water", name="水务局").pk, "what": "回访放到傍晚"}
    perform(actor=world.actor("supervisor"), matter=matter, action="advise", data=told)
    advice = Matter.objects.get(kind="advice")
    handler = world.actor("department_handler", unit="water")
    with pytest.raises(Invalid):
        perform(actor=handler, matter=advice, action="answer", data={"answer": "adopted"})
    perform(actor=handler, matter=advice, action="answer", data={"answer": "adopted", "words": "下周起改"})
    told_by = json.loads(CliRunner().invoke(group, ["supervision", "--json"], catch_exceptions=False).output)
    assert (told_by["problems"], told_by["advice"], told_by["adopted"]) == (0, 1, 1)
    assert recount.differences() == []
    assert "提出建议：1" in CliRunner().invoke(group, ["supervision"], catch_exceptions=False).output


def test_spot_checks_are_made_on_site_and_by_telephone_by_the_checklist(world: World, now: Any) -> None:
    matter, team = under_way(world)
    for way, hazards in (("on_site", "bad"), ("phone", "na")):
        told = {"team": team.pk, "area": COMMUNITY, "way": way, **POINTS, "point_hazards": hazards}
        perform(actor=world.actor("supervisor"), matter=matter, action="check", data=told)
    assert [c.answers["hazards"] for c in SpotCheck.objects.order_by("pk")] == ["bad", "na"]
    found = selectors.figures()
    assert (found.checks_on_site, found.checks_by_phone, found.teams, found.officers) == (1, 1, 1, 2)


@pytest.mark.parametrize(
    ("action", "data", "words"),
    [
        ("form_team", {"name": "第一组", "officers": 2, "areas": [STREET]}, "已经有这个组"),
        ("form_team", {"name": "第二组", "officers": 0, "areas": [STREET]}, "officers"),
        ("check", {"area": "532503001001", "way": "phone", **POINTS, "point_hazards": "ok"}, "分片"),
        ("check", {"area": COMMUNITY, "way": "phone", **POINTS}, "point_hazards"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(
    world: World, now: Any, action: str, data: dict[str, Any], words: str
) -> None:
    matter, team = under_way(world)
    with pytest.raises(Invalid) as refused:
        perform(actor=world.actor("supervisor"), matter=matter, action=action, data={"team": team.pk, **data})
    assert words in str(refused.value.errors)


def test_a_round_does_not_begin_without_a_team_nor_end_before_it_began(world: World, now: Any) -> None:
    officer = world.actor("supervisor")
    matter = perform(process=ROUND, action="plan", actor=officer, data=PLAN).matter
    with pytest.raises(NotNow, match="编组"):
        perform(actor=officer, matter=matter, action="begin")
    with pytest.raises(Invalid):
        perform(process=ROUND, action="plan", actor=officer, data=PLAN | {"until": "2026-11-01"})
    with pytest.raises(NotHere):
        perform(process=ROUND, action="plan", actor=world.actor("grid_worker"), data=PLAN)


def test_the_pages_show_problems_and_advice_apart(world: World, now: Any) -> None:
    matter, team = under_way(world)
    problem(world, matter, team)
    browser = signed_in(world.actor("supervisor"))
    overview = browser.get("/desk/supervision/").content.decode()
    assert "水务局" in overview
    assert "另计，不在问题里" in overview
    page = browser.get(f"/desk/m/{matter.number}/").content.decode()
    assert "第一组" in page
    assert "居民知道网格员是谁" in page
    answer = browser.post("/desk/supervision/new/", {**PLAN, "until": "2026-01-01", "key": "k"})
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.content.decode()
    assert browser.post("/desk/supervision/new/", {**PLAN, "key": "k2"}).status_code == 302
