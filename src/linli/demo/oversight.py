"""Who looks on: a round of supervision, a month published and drawn for a second look, what rises, the month's topic.

思明's round is its source's: ten officers in five teams, 226 problems mended and 180 pieces of advice (S4 M170 M171).
Elsewhere it is small. What was found where is invented; the seed decides it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linli.affairs.statistics.models import Recheck
from linli.affairs.statistics.process import MONTH_TOPIC, PUBLICATION
from linli.affairs.statistics.services import drawing, rising
from linli.affairs.supervision.models import Team
from linli.affairs.supervision.process import ROUND
from linli.demo.scene import Part, Stage
from linli.demo.times import workdays_back, working
from linli.kernel import areas, clock, tallies, worktime
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.matters import sealing
from linli.kernel.matters.models import Matter, Seal
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit

FRIDAY = 4
WAIT_DAYS = 8
ENOUGH = 5

PROBLEMS = (
    ("公示栏上网格员的电话是旧的", "三日内更换"),
    ("抽看的办结件现场仍有堆料", "重新清理并回访反映人"),
    ("楼道消防门闭不上", "联系维保单位修好"),
    ("反映人说没有接到回访", "补做回访并记录"),
    ("入户登记表要居民重复填写", "停用，改用已有数据"),
    ("背街垃圾桶满溢超过半天", "调整清运班次"),
)
ADVICE = (
    "回访放到傍晚，上班的人接得到电话",
    "把常见问题的办理时限贴在楼道",
    "两个网格合用一个议事点",
    "老年人多的楼栋用纸质回执",
    "把报修电话印在门禁旁",
)
MENDED = "已按要求整改，照片留存社区"
ANSWERS = ("adopted", "adopted", "adopted", "partly", "declined")
SUMMARY = "问题均已整改并复查，建议已逐条答复。"


@dataclass(frozen=True)
class Size:
    """How big a round is: teams of two officers, spot checks for each, problems and advice in all."""

    teams: int
    checks: int
    problems: int
    advice: int


SIZES = {"siming": Size(teams=5, checks=8, problems=226, advice=180)}
SMALL = Size(teams=2, checks=4, problems=6, advice=5)
DAYS = 6
"""Over how many working days the teams are out."""


def told(on: Stage, profile: str, chance: random.Random) -> Iterator[tuple[datetime, Part]]:
    """Yield the stories with the moments at which they begin."""
    today = clock.local(on.sim.until).date()
    yield clock.at(workdays_back(today, 40), 9, 10), _round(on, SIZES.get(profile, SMALL), chance)
    first = today.replace(day=1)
    if workdays_back(today, WAIT_DAYS) < first:
        first = (first - timedelta(days=1)).replace(day=1)
    while not worktime.is_workday(first):
        first += timedelta(days=1)
    yield clock.at(first, 9, 30), _closed_month(on)
    yield clock.at(workdays_back(today, 30), 10, 0), _topic(on, "老旧小区下水反复堵塞", ended=True)
    if workdays_back(today, 1) >= today.replace(day=1):
        yield clock.at(workdays_back(today, 1), 10, 0), _topic(on, "夜间停车占用消防通道", ended=False)


def _act(on: Stage, unit: str, kind: str, number: int = 0) -> Actor:
    return on.staff.actor(on.staff.seat(unit, kind, number=number))


# -- a round of supervision -------------------------------------------------------------------------------------------


def _round(on: Stage, size: Size, chance: random.Random) -> Part:
    """Planned, in teams by street, out for some days, mended, looked at again, concluded."""
    day = clock.today()
    plan = {
        "title": "网格工作落实情况督查", "decision": "社区治理工作领导小组会议部署（示例）", "checklist": "grids",
        "since": day.isoformat(), "until": (day + timedelta(days=40)).isoformat(),
    }  # fmt: skip
    matter = on.sim.begin(ROUND, "plan", _act(on, "supervision", "supervisor"), plan)
    streets = areas.tree().of_level(Level.STREET)
    for number in range(size.teams):
        mine = [street.code for at, street in enumerate(streets) if at % size.teams == number]
        on.sim.do(_act(on, "supervision", "supervisor"), matter, "form_team", name=f"第{'一二三四五'[number]}组",
                  officers=2, areas=mine)  # fmt: skip
    yield working(on.sim.travel.moment, 2)
    on.sim.do(_act(on, "supervision", "supervisor"), matter, "begin")
    teams = list(Team.objects.filter(round=matter.pk).order_by("name"))
    for out in range(DAYS):
        yield working(on.sim.travel.moment, 6)
        _one_day(on, matter, teams, size, out, chance)
    yield from _mended(on, matter, chance)
    on.sim.do(_act(on, "supervision", "supervisor"), matter, "conclude", summary=SUMMARY)


def _one_day(on: Stage, matter: Matter, teams: list[Team], size: Size, out: int, chance: random.Random) -> None:
    """Let the teams check, find and advise what is this day's share."""
    for number, team in enumerate(teams):
        officer = _act(on, "supervision", "supervisor", number)
        for at in range(_share(size.checks, out)):
            node, points = _place(team, chance), ("known", "closed", "called_back", "displayed", "hazards")
            answers = {f"point_{point}": chance.choice(("ok", "ok", "ok", "bad")) for point in points}
            on.sim.do(
                officer,
                matter,
                "check",
                team=team.pk,
                area=node.code,
                way=("on_site", "phone")[(out + at) % 2],
                **answers,
            )
    for at in range(_share(size.problems, out)):
        team, officer = teams[at % len(teams)], _act(on, "supervision", "supervisor", at % len(teams))
        what, must = chance.choice(PROBLEMS)
        node = _place(team, chance)
        on.sim.do(officer, matter, "find", team=team.pk, area=node.code, unit=_unit(on, node).pk, what=what, must=must)
    for at in range(_share(size.advice, out)):
        team, officer = teams[at % len(teams)], _act(on, "supervision", "supervisor", at % len(teams))
        node = _place(team, chance)
        on.sim.do(officer, matter, "advise", team=team.pk, area=node.code, unit=_unit(on, node).pk,
                  what=chance.choice(ADVICE))  # fmt: skip


def _share(whole: int, out: int) -> int:
    """Return the day's part of ``whole``, such that the days add up to it."""
    return whole // DAYS + (out < whole % DAYS)


def _place(team: Team, chance: random.Random) -> Node:
    tree = areas.tree()
    streets = [node for area in team.areas.all() if (node := tree.find_id(area.pk)) is not None]
    communities = [
        c for street in sorted(streets, key=lambda s: s.code) for c in tree.of_level(Level.COMMUNITY, street.code)
    ]
    return chance.choice(communities)


def _unit(on: Stage, node: Node) -> Unit:
    return on.staff.units[f"community.{node.code}"]


def _mended(on: Stage, matter: Matter, chance: random.Random) -> Part:
    """Let the communities mend and answer, and the officers look again; one problem is not mended at first."""
    yield working(on.sim.travel.moment, 16)
    below = list(Matter.objects.filter(parent=matter, is_open=True).select_related("held_unit").order_by("pk"))
    for one in below:
        assert one.held_unit is not None  # noqa: S101 - a finding is begun at a unit
        actor = _act(on, one.held_unit.code, "community_secretary")
        if one.kind == "finding":
            on.sim.do(actor, one, "mend", done=MENDED)
        else:
            on.sim.do(actor, one, "answer", answer=chance.choice(ANSWERS), words="已列入下月安排（示例）")
    yield working(on.sim.travel.moment, 8)
    findings = [one for one in below if one.kind == "finding"]
    again = findings[0]
    on.sim.do(_act(on, "supervision", "supervisor"), again, "refuse", reason="现场还有一处没有清走")
    for one in findings[1:]:
        on.sim.do(_act(on, "supervision", "supervisor"), one, "confirm")
    yield working(on.sim.travel.moment, 6)
    assert again.held_unit is not None  # noqa: S101 - as above
    on.sim.do(_act(on, again.held_unit.code, "community_secretary"), again, "mend", done=MENDED)
    yield working(on.sim.travel.moment, 4)
    on.sim.do(_act(on, "supervision", "supervisor"), again, "confirm", note="复查属实")


# -- a month that is over ---------------------------------------------------------------------------------------------


def _closed_month(on: Stage) -> Part:
    """Drafted and published; drawn from by the first seal after it, and most of what was drawn looked at again."""
    sealing.seal()
    seal = Seal.objects.latest("number")
    month = _busy_month()
    drafted = on.sim.begin(PUBLICATION, "draft", _act(on, "centre", "publisher"), {"month": month.isoformat()})
    drawn = drawing.draw(month, seal)
    yield working(on.sim.travel.moment, 3)
    on.sim.do(_act(on, "centre", "publisher"), drafted, "publish")
    looks = list(Recheck.objects.filter(draw=drawn).select_related("matter").order_by("pk"))
    for number, look in enumerate(looks[: len(looks) * 3 // 4]):
        if number % 8 == 0:
            yield working(on.sim.travel.moment, 2)
        false = number % 11 == 5
        words = "现场还有，没有办成" if false else "现场已办好，反映人也说办好了"
        on.sim.do(_act(on, "supervision", "supervisor"), look.matter, "judge_false" if false else "confirm",
                  way="on_site" if number % 2 else "phone", found=words)  # fmt: skip


def _busy_month() -> date:
    """Return the last month that is over in which enough was closed to show; in a small demo not every one is busy."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    counts = tallies.history(["case.concluded"], (last - timedelta(days=330)).replace(day=1), last, by="month")
    busy = [month for month, found in counts.items() if found["case.concluded"] >= ENOUGH]
    return max(busy, default=last.replace(day=1))


# -- before it is asked, and the topic of a month ---------------------------------------------------------------------


def _topic(on: Stage, title: str, *, ended: bool) -> Part:
    """Chosen by the centre's director, led by a department, told of and, last month's, ended."""
    day = clock.today()
    told_of = {
        "month": day.isoformat(), "title": title, "why": "近三个月同类诉求居前，逐件办理反复发生（示例）",
        "plan": "分片排查、一次改造、每周通报进度", "unit": on.staff.units["housing"].pk,
        "planned_on": (day + timedelta(days=25)).isoformat(),
    }  # fmt: skip
    matter = on.sim.begin(MONTH_TOPIC, "choose", _act(on, "centre", "centre_director"), told_of)
    if not ended:
        return
    yield working(on.sim.travel.moment, 40)
    handler = on.staff.handler(on.staff.units["housing"])
    on.sim.do(on.staff.actor(handler), matter, "tell", result="已排查 14 处，完成 6 处（示例）")
    yield working(on.sim.travel.moment, 60)
    on.sim.do(on.staff.actor(handler), matter, "finish", result="14 处全部改造完成，同类诉求降下来了（示例）")


class Friday:
    """Proposes on Fridays what rose in the week, as the worker does each hour; the community says what it does."""

    def __init__(self, on: Stage) -> None:
        self.on = on

    def __call__(self) -> None:
        """Propose, and let every proposal be answered and done with, except those of the last days."""
        if clock.today().weekday() != FRIDAY:
            return
        for number, matter in enumerate(rising.propose()):
            begins = working(self.on.sim.travel.moment, 3 + number / 4)
            if working(begins, 30) < self.on.sim.until:
                self.on.sim.add(begins, self._taken_up(matter))

    def _taken_up(self, matter: Matter) -> Part:
        node = areas.tree().find_id(matter.held_area_id) if matter.held_area_id else None
        assert node is not None  # noqa: S101 - a topic is held by its community
        secretary = _act(self.on, f"community.{node.code}", "community_secretary")
        planned = worktime.add_working_days(clock.today(), 3).isoformat()
        self.on.sim.do(secretary, matter, "accept", plan="带网格员逐处看一遍，能当场办的当场办", planned_on=planned)
        yield working(self.on.sim.travel.moment, 20)
        secretary = _act(self.on, f"community.{node.code}", "community_secretary")
        self.on.sim.do(secretary, matter, "finish", result="逐处看过，办好并告知居民（示例）")
