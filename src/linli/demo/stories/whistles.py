"""What becomes of a whistle: the usual, and each of the things that units do instead."""

from __future__ import annotations

from datetime import timedelta

from linli.affairs.objections.models import Objection
from linli.demo.blast import Blast
from linli.demo.scene import Part
from linli.demo.staff import Seat
from linli.demo.stories.unusual import approve
from linli.demo.times import working
from linli.kernel import clock
from linli.kernel.matters.models import Matter
from linli.kernel.posts.services import issue_link
from linli.surfaces.desk.views.links import PURPOSE

OVERRULED = "权责清单和部门三定方案明确由你单位承担"


# -- to the end ----------------------------------------------------------------------------------------------------


def usual(w: Blast) -> Part:
    """Called, signed, on site, answered, verified, evaluated."""
    yield from w.called()
    yield from w.sign()
    yield from w.arrive()
    yield from w.reply()
    yield from w.end(w.s.chance.choice(("good", "good", "good", "fair")), w.s.chance.choice(("good", "good", "fair")))


def urgent(w: Blast) -> Part:
    """应急: out at once, the approval made up for within a day."""
    yield from w.called()
    yield from w.sign()
    yield from w.arrive()
    approval = w.do(w.blower(), w.matter, "ratify").approval
    yield from approve(w.s, approval, "street_leader")
    yield from w.reply()
    yield from w.end()


def unsigned(w: Blast) -> Part:
    """Nobody signs in time: the shares go on as signed, and it is counted."""
    yield from w.called()
    yield w.later(1.3, 2)
    yield from w.arrive()
    yield from w.reply()
    yield from w.end("fair", "fair")


def reworked(w: Blast) -> Part:
    """The verifier finds it half done: the lead goes again."""
    yield from w.called()
    yield from w.sign()
    yield from w.arrive()
    yield from w.reply()
    yield w.later(0.3, 1.5)
    w.do(w.verifier(), w.matter, "rework", shares=[w.shares[0].pk], reason="只做了一半，另一侧没有处理")
    yield from w.reply(w.shares[:1], 1, 5)
    yield from w.end("fair", "fair")


def extended(w: Blast) -> Part:
    """The lead asks for more time before its limit, and the level above agrees."""
    yield from w.called()
    yield from w.sign()
    yield from w.arrive()
    yield w.later(0.2, 1)
    share = w.shares[0]
    due = share.clocks.get(clock="close").due_at
    later = working(due, 7)
    asked = w.do(
        w.handler(share), share, "extend", reason="joint", due=f"{clock.local(later):%Y-%m-%dT%H:%M}",
        note="需会同产权单位采购配件",
    )  # fmt: skip
    yield from approve(w.s, asked.approval, "street_leader" if w.kind.level == "community" else "centre_director")
    yield from w.reply()
    yield from w.end()


def suspended(w: Blast) -> Part:
    """On account with a planned date, on which it goes on by itself."""
    yield from w.called()
    yield from w.sign()
    yield from w.arrive()
    yield from w.reply(w.shares[1:], 1, 3)
    yield w.later(0.2, 1)
    yield from on_account(w, 9)
    yield w.s.in_office(clock.at(clock.local(w.s.sim.after(days=10)).date(), 8, 45))
    yield from w.reply(w.shares[:1], 1, 4)
    yield from w.end()


def on_account(w: Blast, days: int) -> Part:
    """Have the lead ask for 挂账 for so many days, and both levels agree."""
    asked = w.do(
        w.handler(w.shares[0]), w.shares[0], "suspend", pause_reason="engineering",
        planned_on=(clock.today() + timedelta(days=days)).isoformat(), meanwhile="已设围挡和警示，每日巡看",
    )  # fmt: skip
    yield from approve(w.s, asked.approval, "street_leader", "centre_director")


def overruled(w: Blast) -> Part:
    """A unit objects and is overruled; it does it all the same."""
    yield from w.called()
    yield from w.sign()
    yield from objection(w, w.shares[0], "housing")
    yield w.later(0.2, 0.8)
    ruling = _ruling(w)
    w.do(_ruler(w), ruling, "overrule", ruling=OVERRULED)
    yield from w.arrive()
    yield from w.reply()
    yield from w.end("fair")


def sustained(w: Blast) -> Part:
    """An objection holds: the unit that was ruled takes the part, and the catalogue learns."""
    yield from w.called()
    yield from w.sign()
    first = w.shares[0]
    yield from objection(w, first, "urban" if w.call.lead != "urban" else "transport")
    yield w.later(0.2, 0.8)
    ruling = _ruling(w)
    competent = Objection.objects.values_list("competent_id", flat=True).get(pk=ruling.pk)
    w.do(_ruler(w), ruling, "sustain", ruling="该处设施经查属被提出单位管理", unit=competent, learn=True)
    w.look()
    yield from w.sign([share for share in w.shares if share.stage == "called_in"])
    yield from w.arrive()
    yield from w.reply()
    yield from w.end()


def jointly(w: Blast) -> Part:
    """Two units object: the second goes to the joint meeting, whose word is final."""
    yield from w.called()
    yield from w.sign()
    yield from objection(w, w.shares[0], "housing")
    yield w.later(0.2, 0.6)
    w.do(_ruler(w), _ruling(w), "overrule", ruling=OVERRULED)
    yield from objection(w, w.shares[1], "housing")
    yield w.later(1, 3)
    w.do(
        w.s.at_centre("centre_director"), _ruling(w), "overrule_jointly", ruling="联席会议认定由该单位承担，一锤定音",
        establishment_says="三定方案第六条明确由该单位承担", justice_says="适用该条例，职责清楚",
    )  # fmt: skip
    yield from w.arrive()
    yield from w.reply()
    yield from w.end()


def objection(w: Blast, share: Matter, competent: str) -> Part:
    """Have a unit object to its share within its time."""
    yield w.later(0.1, 0.4)
    unit = w.s.on.staff.units[competent]
    if unit.pk == share.held_unit_id:
        unit = w.s.on.staff.units["resources"]
    w.do(
        w.handler(share), share, "object", reason="该处设施产权不属本单位", basis="《城市道路管理条例》第二十三条",
        competent=unit.pk,
    )  # fmt: skip


def _ruling(w: Blast) -> Matter:
    return Matter.objects.get(objection__about=w.matter, kind="objection", is_open=True)


def _ruler(w: Blast) -> Seat:
    return w.s.at_street("street_leader") if w.kind.level == "community" else w.s.at_centre("shift_leader")


# -- under way -----------------------------------------------------------------------------------------------------


def collected(w: Blast) -> Part:
    """Written down, not blown yet."""
    w.collect()
    yield from ()


def asked(w: Blast) -> Part:
    """The street's leader has it to approve."""
    w.collect()
    yield w.later(0.1, 0.3)
    w.do(w.blower(), w.matter, "blow")


def blown(w: Blast) -> Part:
    """Blown; the units are to be called."""
    w.collect()
    yield from w.blow()


def to_sign(w: Blast) -> Part:
    """Called; nobody has signed yet."""
    yield from w.called()


def on_site(w: Blast) -> Part:
    """Every unit is there."""
    yield from w.called()
    yield from w.sign()
    yield from w.arrive()


def half_answered(w: Blast) -> Part:
    """The assistants have answered, the lead is on account with a date ahead."""
    yield from on_site(w)
    yield from w.reply(w.shares[1:], 1, 3)
    yield w.later(0.2, 1)
    yield from on_account(w, 30)


def disputed(w: Blast) -> Part:
    """The lead has objected; the ruling is open."""
    yield from w.called()
    yield from objection(w, w.shares[0], "housing")


def to_verify(w: Blast) -> Part:
    """Every unit has answered; somebody must look."""
    yield from on_site(w)
    yield from w.reply(low=0.5, high=2)


def to_rate(w: Blast) -> Part:
    """Verified; the street is to rate the units."""
    yield from to_verify(w)
    yield from w.verify()


def to_judge(w: Blast) -> Part:
    """The units are rated; the community is to judge the whole."""
    yield from to_rate(w)
    yield from w.rate()


def by_link(w: Blast) -> Part:
    """A firm without an account was called in a compound; its one-time link was sent."""
    yield from w.called()
    issue_link(actor=w.s.act(w.caller()), unit=w.unit(w.call.lead), subject_id=w.shares[0].pk, purpose=PURPOSE)
