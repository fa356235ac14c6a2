"""Five suggestions and proposals, each at another stage; the oldest is answered, rated and published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from linli.affairs.proposals.process import PROPOSAL
from linli.demo import names
from linli.demo.scene import Part, Stage
from linli.demo.times import hours_before, workdays_back, working
from linli.kernel import areas, clock, people
from linli.kernel.areas import Node
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

SESSIONS = {"congress": "市十六届人大五次会议", "cppcc": "市政协十四届五次会议"}
PAPERS: list[tuple[str, int, str, str, str]] = [
    (
        "congress",
        12,
        "关于在老旧小区加装照明和扶手的建议",
        "楼道没有灯，老人上下楼不便，建议分批加装。",
        "示例代表甲、示例代表乙",
    ),
    ("cppcc", 31, "关于规范临街店铺占道经营的提案", "上下学时段店铺占道，学生走到车道上，建议错时管理。", "示例委员甲"),
    ("congress", 45, "关于增设便民停车泊位的建议", "医院周边停车难，建议利用空闲地块设临时泊位。", "示例代表丙"),
    (
        "cppcc",
        58,
        "关于雨季前清疏排水沟渠的提案",
        "低洼路段逢雨积水，建议雨季前清疏并公布计划。",
        "示例委员乙、示例委员丙",
    ),
    ("congress", 66, "关于完善社区垃圾分类投放点的建议", "投放点离楼栋远，晚上无人清运，建议合理布点。", "示例代表丁"),
]
REPLY = """您提出的《{subject}》收悉，现答复如下：
一、基本情况
我局会同街道、社区到现场看过，建议反映的情况属实。
二、办理情况
（一）会办意见
{opinion}
（二）已做的事
{done}
三、下一步打算
纳入年度计划，按季度向提出人通报进展。
感谢您对我们工作的关心和支持，请继续提出宝贵意见。"""


def told(on: Stage, home: Node) -> Iterator[tuple[datetime, Part]]:
    """Yield the five with the moments at which they come."""
    today = clock.local(on.sim.until).date()
    stops = [(95, "published"), (45, "replied"), (24, "signing"), (4, "handling")]
    for number, (back, stop) in enumerate(stops):
        yield clock.at(workdays_back(today, back), 9, 10), _Paper(on, home, number).to(stop)
    yield hours_before(on.sim.until, 0.5), _Paper(on, home, 4).to("received")


class _Paper:
    """One paper being answered."""

    def __init__(self, on: Stage, home: Node, number: int) -> None:
        self.on, self.home, self.number = on, home, number
        self.street = areas.tree().ancestors(home)[0]
        self.kind, self.serial, self.subject, self.text, self.proposers = PAPERS[number]

    def act(self, unit: str, *kinds: str) -> Actor:
        return self.on.staff.actor(self.on.staff.seat(unit, *kinds))

    def do(self, actor: Actor, matter: Matter, action: str, **data: Any) -> Matter:
        outcome = self.on.sim.do(actor, matter, action, **data)
        return outcome.approval or outcome.matter

    def later(self, days: float) -> datetime:
        return working(self.on.sim.travel.moment, days * 8)

    def to(self, stop: str) -> Part:
        """Live the paper up to ``stop``."""
        matter = self.registered()
        if stop == "received":
            return
        yield self.later(0.5)
        self.assign(matter)
        yield self.later(1)
        self.say(matter, "housing", "我局已把该小区列入改造摸底名单。")
        if stop == "handling":
            yield self.later(0.5)
            self.whistle(matter)
            return
        yield self.later(1)
        self.say(matter, f"street.{self.street.code}", "街道已组织社区和物业看过现场，可以配合施工。")
        yield from self.answered(matter, sign=stop != "signing")
        if stop == "published":
            yield self.later(6)
            clerk = self.act("centre", "shift_leader")
            self.do(clerk, matter, "rate", grade="good", note="答复具体，有时间表。")
            yield self.later(1)
            self.do(self.act("centre", "publisher"), matter, "publish", seen="on")

    def registered(self) -> Matter:
        """The paper comes to the office that hands papers out."""
        phone = names.phone(8000 + self.number)
        people.ensure_by_phone(phone, demo=True)
        data = {
            "kind": self.kind, "session": SESSIONS[self.kind], "serial": f"第{self.serial:03}号",
            "subject": self.subject, "text": self.text, "proposers": self.proposers, "phone": phone,
            "received_on": clock.today().isoformat(),
        }  # fmt: skip
        return self.on.sim.begin(PROPOSAL, "register", self.act("centre", "shift_leader"), data)

    def assign(self, matter: Matter) -> None:
        """To the city's management bureau, with housing and the street beside it."""
        units = self.on.staff.units
        beside = [units["housing"].pk, units[f"street.{self.street.code}"].pk]
        clerk = self.act("centre", "shift_leader")
        self.do(clerk, matter, "assign", lead=units["urban"].pk, assistants=beside, note="请主动与提出人沟通")

    def say(self, matter: Matter, unit: str, opinion: str) -> None:
        """A co-handling unit says its part."""
        asked = Matter.objects.get(parent=matter, kind="proposal_opinion", held_unit__code=unit)
        self.do(self.act(unit, "department_handler", "street_dispatcher"), asked, "give", opinion=opinion)

    def whistle(self, matter: Matter) -> None:
        """The street writes a whistle order for it, and has not blown yet."""
        asked = Matter.objects.get(parent=matter, kind="proposal_opinion", held_unit__code=f"street.{self.street.code}")
        street = self.act(f"street.{self.street.code}", "street_dispatcher")
        form = PROPOSAL.action("whistle").form
        kinds = form(actor=street, matter=asked).fields["type"].choices if form else []  # type: ignore[attr-defined]
        self.do(
            street, asked, "whistle", type=next(code for code, _name in kinds if code), source="08",
            title=self.subject[:60], area=self.home.code, description=self.text,
            reason="涉及几个部门的审批，街道没有权限",
        )  # fmt: skip

    def answered(self, matter: Matter, *, sign: bool) -> Part:
        """Spoken with the proposer, drafted, sent for signature and perhaps signed."""
        yield self.later(3)
        handler = self.act("urban", "department_handler")
        self.do(handler, matter, "speak", way="visit", said="上门向提出人说明了办理思路，提出人认可。")
        closed = Matter.objects.filter(kind="case", stage="evaluated", restricted=False).order_by("-closed_at").first()
        if closed is not None:
            self.do(self.act("centre", "shift_leader"), matter, "link", numbers=closed.number)
        yield self.later(2)
        reply = REPLY.format(
            subject=self.subject, opinion="住建、街道均同意并已配合。", done="已完成两处整改，其余随年度计划实施。"
        )
        self.do(
            handler, matter, "draft", result="A" if self.number % 2 == 0 else "B", reply=reply, public="on",
            number=f"示例函〔{clock.today().year}〕{self.number + 1}号",
            answers_for_it=f"示例联系人 {names.phone(8100)}",
            copies="市政府办公室，市人大人事委" if self.kind == "congress" else "市政府办公室，市政协提案委",
        )  # fmt: skip
        yield self.later(0.5)
        asked = self.do(handler, matter, "sign", signed_by="分管副市长")
        if not sign:
            return
        yield self.later(0.5)
        self.do(self.act("urban", "department_head"), asked, "endorse", note="同意")
        yield self.later(1)
        self.do(self.act("centre", "district_leader"), asked, "approve", note="同意签发")
