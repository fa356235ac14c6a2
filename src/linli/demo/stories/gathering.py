"""Two regular meetings and a survey: one's decisions are being carried out, the next is called."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.affairs.meetings import agenda
from linli.affairs.meetings.process import MEETING
from linli.affairs.surveys import selectors, services
from linli.affairs.surveys.forms import AnswerForm
from linli.affairs.surveys.process import SURVEY
from linli.demo.scene import Part, Stage
from linli.demo.times import hours_before, workdays_back, working
from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

NAME = "社会治理调度例会"
MINUTES = """一、上次议定事项落实情况
会议听取了各单位汇报，逐项核对（示例）。
二、集中反映的事
照明、占道、排水反映较多，责任单位说明了进度（示例）。"""
DECISIONS = [
    ("urban", "十日内完成学校周边占道经营整治，报整治前后情况", 10, True),
    ("housing", "月底前提出老旧小区照明加装计划", 25, False),
    ("street", "组织社区对积水点逐一现场核对", 12, False),
]
ANSWERS = {
    "awareness": (["yes", "heard", "no"], [62, 25, 13]),
    "satisfaction": (["good", "fair", "poor", "unsure"], [52, 33, 10, 5]),
    "safety": (["safe", "rather", "unsafe", "unsure"], [55, 32, 8, 5]),
}


def told(on: Stage, home: Node) -> Iterator[tuple[datetime, Part]]:
    """Yield the stories with the moments at which they begin."""
    today = clock.local(on.sim.until).date()
    # Ten minutes past or to the hour, so that no step of whole hours falls on the moment at which offices close.
    yield clock.at(workdays_back(today, 9), 9, 40), _meeting(on, home)
    yield hours_before(on.sim.until, 1.2), _next_meeting(on, home)
    yield clock.at(workdays_back(today, 15), 9, 10), _survey(on)


def _act(on: Stage, unit: str, *kinds: str) -> Actor:
    return on.staff.actor(on.staff.seat(unit, *kinds))


def _units(home: Node) -> dict[str, str]:
    street = areas.tree().ancestors(home)[0]
    return {"urban": "urban", "housing": "housing", "street": f"street.{street.code}"}


def _call(on: Stage, home: Node, at: datetime) -> Matter:
    clerk = _act(on, "centre", "shift_leader")
    units = [on.staff.units[code].pk for code in _units(home).values()]
    data = {
        "name": NAME, "at": f"{clock.local(at):%Y-%m-%dT%H:%M}", "place": "调度中心会议室（示例）",
        "chair": "分管副市长", "units": units, "agenda": agenda.proposed(clerk),
    }  # fmt: skip
    return on.sim.begin(MEETING, "call", clerk, data)


def _meeting(on: Stage, home: Node) -> Part:
    """Held, minuted, three decisions, of which one is done by now."""
    starts = working(on.sim.travel.moment, 8)
    matter = _call(on, home, starts)
    yield working(starts, 1.5)
    clerk, units = _act(on, "centre", "shift_leader"), _units(home)
    on.sim.do(clerk, matter, "hold", present="市城管局副局长，市住建局副局长，街道办事处副主任")
    for unit, what, days, _done in DECISIONS:
        due = clock.today() + timedelta(days=days)
        on.sim.do(clerk, matter, "decide", what=what, unit=on.staff.units[units[unit]].pk, due_on=due.isoformat())
    on.sim.do(clerk, matter, "minute", minutes=MINUTES, number=f"〔{clock.today().year}〕第11期（示例）")
    asked = on.sim.do(clerk, matter, "issue").approval
    yield working(on.sim.travel.moment, 2)
    if asked is not None:
        on.sim.do(_act(on, "centre", "centre_director"), asked, "approve", note="同意印发")
    yield working(on.sim.travel.moment, 24)
    for unit, what, _days, done in DECISIONS:
        if done:
            decision = Matter.objects.get(parent=matter, kind="decision", title=what)
            on.sim.do(
                _act(on, units[unit], "department_handler"),
                decision,
                "report",
                result="已整治，两个时段各安排一组巡查。",
            )
            yield working(on.sim.travel.moment, 2)
            on.sim.do(_act(on, "centre", "shift_leader"), decision, "confirm", note="现场看过")


def _next_meeting(on: Stage, home: Node) -> Part:
    """Called for the day after tomorrow; its agenda begins with what the last one left open."""
    _call(on, home, on.sim.until + timedelta(days=2))
    yield from ()


def _survey(on: Stage) -> Part:
    """Sixty are drawn, most answer, counted, published."""
    keeper, today = _act(on, "centre", "shift_leader"), clock.today()
    data = {
        "title": "知晓率、满意率、安全感小样本调查（示例）", "frame_since": (today - timedelta(days=300)).isoformat(),
        "frame_until": today.isoformat(), "size": 60,
    }  # fmt: skip
    matter = on.sim.begin(SURVEY, "plan", keeper, data)
    on.sim.do(keeper, matter, "draw")
    yield working(on.sim.travel.moment, 2)
    survey = selectors.of(Matter.objects.get(pk=matter.pk))
    chance, caller = random.Random(survey.seed), _act(on, "centre", "call_backer")
    while (asked := selectors.next_one(survey)) is not None:
        if chance.random() < 0.08:
            services.not_answered(actor=caller, survey=survey, number=asked.number, refused=True)
            continue
        said = {code: chance.choices(codes, weights)[0] for code, (codes, weights) in ANSWERS.items()}
        form = AnswerForm(survey.questions, {"way": "paper" if chance.random() < 0.15 else "phone", **said})
        if form.is_valid():
            services.answer(actor=caller, survey=survey, number=asked.number, form=form)
    yield working(on.sim.travel.moment, 20)
    if survey.answers.count() < services.rules_of(survey).smallest_cell:
        return  # a small district has too few callers for a figure that hides everybody
    on.sim.do(keeper, matter, "count")
    yield working(on.sim.travel.moment, 4)
    on.sim.do(_act(on, "centre", "publisher"), matter, "publish", seen="on")
