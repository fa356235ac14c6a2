"""What is under way at the moment when the demo opens: something for every desk, due, due soon and overdue."""

from __future__ import annotations

from datetime import timedelta

from linli.demo.scene import Part, Scene
from linli.demo.stories.unusual import (
    approve,
    ask_for_time,
    ask_to_suspend,
    company_of,
    object_to,
    to_review,
    until_signed,
)
from linli.demo.stories.usual import call_back, judge, patrol, raise_up
from linli.demo.times import working
from linli.kernel import clock
from linli.kernel.posts.services import issue_link
from linli.surfaces.desk.views.links import PURPOSE


def to_file(s: Scene) -> Part:
    """Reported, and nobody has looked yet."""
    s.report()
    yield from ()


def to_dispatch(s: Scene, *, steps: int = 0) -> Part:
    """Filed, perhaps raised ``steps`` levels, and waiting for dispatch."""
    matter = s.report()
    yield from s.file(matter)
    for _ in range(steps):
        yield from raise_up(s, matter)


def to_sign(s: Scene, unit: str = "") -> Part:
    """Dispatched to ``unit`` (or the proposed one), which has not signed."""
    matter = s.report()
    yield from s.file(matter, 0.5)
    yield s.soon(0.1, 0.3)
    s.dispatch(matter, s.on.staff.units[unit] if unit else s.lead())


def in_hand(s: Scene, unit: str = "") -> Part:
    """Signed and being worked on by ``unit``."""
    matter = s.report()
    yield from s.file(matter)
    yield s.soon(0.1, 0.5)
    lead = s.on.staff.units[unit] if unit else s.lead()
    (task,) = s.dispatch(matter, lead)
    yield from s.sign(task, lead)


def patrol_in_hand(s: Scene) -> Part:
    """A patrol's case that a unit works on."""
    matter = patrol(s)
    yield s.soon(0.1, 0.5)
    lead = s.lead()
    (task,) = s.dispatch(matter, lead)
    yield from s.sign(task, lead, contact=False)


def due_today(s: Scene) -> Part:
    """An extension was granted until today's evening (or three hours from now, if that is later)."""
    yield from until_signed(s, s.report())
    evening = clock.at(clock.local(s.sim.until).date(), 17, 30)
    asked = ask_for_time(s, max(evening, s.sim.until + timedelta(hours=3)))
    yield from approve(s, asked, "street_leader")


def on_account(s: Scene) -> Part:
    """Suspended with approval until a date ahead."""
    yield from until_signed(s, s.report())
    yield from approve(s, ask_to_suspend(s, 40), "street_leader", "centre_director")


def extension_asked(s: Scene) -> Part:
    """The street's leader has an extension to decide."""
    yield from until_signed(s, s.report())
    ask_for_time(s, max(working(s.sim.travel.moment, 21), s.sim.until + timedelta(days=3)))


def suspension_endorsed(s: Scene) -> Part:
    """The street agreed; the district's step is open."""
    yield from until_signed(s, s.report())
    asked = ask_to_suspend(s, 60)
    assert asked is not None  # noqa: S101 - a suspension always needs approval
    yield working(s.sim.travel.moment, s.chance.uniform(0.3, 1.0))
    s.sim.do(s.act(s.at_street("street_leader")), asked, "endorse", note="情况属实，请中心审批")


def return_asked(s: Scene) -> Part:
    """A unit says it is not theirs; the ruling is open."""
    yield from until_signed(s, s.report())
    object_to(s)


def refusal_asked(s: Scene) -> Part:
    """The community would not file it; a second person has to agree."""
    matter = s.report()
    yield s.soon(0.2, 0.6)
    s.sim.do(s.act(s.filer()), matter, "refuse", reason="属同一事项已有计划，拟不另立", basis="立案条件")


def exclusion_asked(s: Scene) -> Part:
    """Ended, and the district has to say whether it leaves the adjusted rates."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield from judge(s, matter, "not_solved", "unsatisfied")
    yield s.soon(0.3, 1)
    s.sim.do(
        s.act(s.at_street("street_dispatcher")),
        matter,
        "exclude",
        code="E7",
        basis="重复反映同一已答复事项，无新情况",
    )


def to_verify(s: Scene, *, steps: int = 0, by_community: bool = False) -> Part:
    """The units have answered; somebody else must look."""
    matter = s.report()
    yield from s.file(matter)
    for _ in range(steps):
        yield from raise_up(s, matter)
    yield from s.handle(matter, lead=s.on.staff.units[f"community.{s.community.code}"] if by_community else None)


def to_call(s: Scene, *, steps: int = 0, by_community: bool = False) -> Part:
    """Verified; the reporter is to be called, and was tried once."""
    matter = s.report()
    yield from s.file(matter)
    for _ in range(steps):
        yield from raise_up(s, matter)
    yield from s.handle(matter, lead=s.on.staff.units[f"community.{s.community.code}"] if by_community else None)
    yield from s.verify(matter)
    yield working(s.sim.travel.moment, 0.3)
    s.sim.do(s.act(s.caller()), matter, "try_call", channel="phone", note="占线")


def in_review(s: Scene, *, steps: int = 0) -> Part:
    """Disputed; the level above looks once."""
    if not steps:
        yield from to_review(s)
        return
    matter = s.report()
    yield from s.file(matter)
    for _ in range(steps):
        yield from raise_up(s, matter)
    yield from s.handle(matter)
    yield from s.verify(matter)
    yield s.sim.after(minutes=20)
    s.sim.do(s.resident(matter), matter, "dispute", reason="只做了一半，另一侧没有处理。")


def following(s: Scene) -> Part:
    """Two reports of one thing, of which the main one is being worked on."""
    main = s.report()
    yield s.sim.after(minutes=s.chance.uniform(5, 20))
    other = s.report()
    yield s.soon(0.1, 0.3)
    s.sim.do(s.act(s.dispatcher()), other, "merge", parent=main.number, kind="duplicate")
    yield from until_signed(s, main)


def company_in_hand(s: Scene) -> Part:
    """A company without an account has a task; its one-time link was sent."""
    matter = s.report()
    yield from s.file(matter)
    yield s.soon(0.1, 0.5)
    company = company_of(s) or s.lead()
    (task,) = s.dispatch(matter, company)
    issue_link(actor=s.act(s.dispatcher()), unit=company, subject_id=task.pk, purpose=PURPOSE)


def back_again(s: Scene) -> Part:
    """Closed with a verdict, reopened by the resident, and waiting for dispatch."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield from call_back(s, matter, "solved", "satisfied")
    yield s.sim.after(hours=1)
    s.sim.do(s.resident(matter), matter, "reopen", reason="今天又出现了。")
