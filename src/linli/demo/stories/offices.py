"""What offices do beside cases: last month's report is sent, yesterday's is being written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.affairs.briefings.guards import TO_FILL_IN
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.process import BRIEFING
from linli.demo.scene import Part, Stage
from linli.demo.times import hours_before, working
from linli.kernel import clock, worktime
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

TOLD = "接报后社区当天核实，责任单位到场处理，回访反映人满意（示例）。"
NEXT = "继续盯住集中反映的事，按时限办结在办事项（示例）。"


def told(on: Stage) -> Iterator[tuple[datetime, Part]]:
    """Yield the stories with the moments at which they begin."""
    today = clock.local(on.sim.until).date()
    first = today.replace(day=1)
    while not worktime.is_workday(first):
        first += timedelta(days=1)
    if first < today:
        yield clock.at(first, 9, 20), _monthly(on)
    yield hours_before(on.sim.until, 0.4), _daily(on)


def _act(on: Stage, kind: str) -> Actor:
    return on.staff.actor(on.staff.seat("centre", kind))


def _draft(on: Stage, kind: str, back: int) -> Matter:
    day = clock.today() - timedelta(days=back)
    data = {"kind": kind, "day": day.isoformat()}
    return on.sim.begin(BRIEFING, "draft", _act(on, "centre_dispatcher"), data)


def _monthly(on: Stage) -> Part:
    """Drafted on the first working day of the month, finished by people, agreed, sent."""
    matter = _draft(on, "month", clock.today().day)
    yield working(on.sim.travel.moment, 1)
    briefing = Briefing.objects.get(pk=matter.pk)
    month = f"{briefing.since.month}"
    editor = _act(on, "centre_dispatcher")
    *cases, last = briefing.text.split(TO_FILL_IN)
    text = NEXT.join([TOLD.join(cases), last])
    on.sim.do(
        editor, matter, "edit", title=briefing.title, text=text,
        number=f"示例简报〔{briefing.since.year}〕第{month}期", signed=briefing.signed,
        copies="各街道（乡镇），市级各部门",
    )  # fmt: skip
    asked = on.sim.do(editor, matter, "send").approval
    yield working(on.sim.travel.moment, 1)
    if asked is not None:
        on.sim.do(_act(on, "centre_director"), asked, "approve", note="同意印发")


def _daily(on: Stage) -> Part:
    """Yesterday's, drafted this morning."""
    _draft(on, "day", 1)
    yield from ()
