"""What happens now and then: more time, returns, disputes, nobody at home, another channel, back again."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta

from linli.affairs.cases.process import CASE
from linli.demo import texts
from linli.demo.scene import Part, Scene
from linli.demo.stories.usual import call_back, judge, judged
from linli.demo.times import awake, working
from linli.kernel import clock, worktime
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import link_actor, resident_actor
from linli.kernel.posts.models import Unit
from linli.kernel.posts.services import issue_link, use_link
from linli.surfaces.desk.views.links import PURPOSE


def approve(s: Scene, approval: Matter | None, *steps: str) -> Part:
    """Let the chain agree: each of ``steps`` is a post kind of the street or, for the last of two, the centre."""
    assert approval is not None  # noqa: S101 - the action was declared to need one
    for number, kind in enumerate(steps):
        yield working(s.sim.travel.moment, s.chance.uniform(0.3, 1.5))
        seat = s.at_street(kind) if kind.startswith("street") else s.at_centre(kind)
        last = number + 1 == len(steps)
        s.sim.do(s.act(seat), approval, "approve" if last else "endorse", note="情况属实，同意")


def until_signed(s: Scene, matter: Matter) -> Part:
    """File, dispatch and sign; the task is left in ``s.task``, its unit in ``s.unit``."""
    yield from s.file(matter)
    yield s.soon(0.1, 0.6)
    s.unit = s.lead()
    (s.task,) = s.dispatch(matter, s.unit)
    yield from s.sign(s.task, s.unit)


def answer_and_verify(s: Scene, matter: Matter) -> Part:
    """Have the task answered soon, and the case verified."""
    yield working(s.sim.travel.moment, s.chance.uniform(0.5, 1.2))
    s.feed_back(s.task, s.unit)
    yield from s.verify(matter)


def reworked(s: Scene) -> Part:
    """The verifier finds it half done; the same unit goes again."""
    matter = s.report()
    yield from s.file(matter)
    yield from s.handle(matter)
    yield s.soon(0.2, 0.8)
    s.sim.do(s.act(s.verifier()), matter, "rework", reason="边角还有，没有清干净", photos=s.picture())
    task = Matter.objects.select_related("task").get(parent=matter, kind="task", is_open=True)
    unit = s.on.staff.units[Unit.objects.values_list("code", flat=True).get(pk=task.task.unit_id)]
    done_at = s.handled_by(1)
    yield from s.sign(task, unit)
    yield max(done_at, s.sim.after(minutes=3))
    s.feed_back(task, unit)
    yield from s.verify(matter)
    yield from judge(s, matter)


def late(s: Scene) -> Part:
    """The unit is late; supervision begins by itself, and the case ends all the same."""
    matter = s.report()
    yield from until_signed(s, matter)
    yield s.handled_by(1, share=s.chance.uniform(1.3, 1.8))
    s.feed_back(s.task, s.unit)
    yield from s.verify(matter)
    yield from call_back(s, matter, "solved", s.chance.choice(("basically", "unsatisfied")))


def urged(s: Scene) -> Part:
    """The resident urges, and a supervising post remarks on it."""
    matter = s.report()
    yield from until_signed(s, matter)
    s.sim.do(s.resident(matter), matter, "urge", note="什么时候能好？")
    yield working(s.sim.travel.moment, 0.2)
    observer = s.on.staff.seat("discipline", "discipline_observer")
    s.sim.do(s.act(observer), matter, "remark", remark="请按承诺时限办理，做好沟通。")
    yield from answer_and_verify(s, matter)
    yield from judge(s, matter)


def answered(s: Scene) -> Part:
    """A question: answered by the community without a unit."""
    matter = s.report()
    yield s.soon(0.2, 0.9)
    s.sim.do(s.act(s.filer()), matter, "answer", answer="已电话答复办理条件和所需材料，可到社区窗口办理。")


def replied(s: Scene) -> Part:
    """Answered while the caller was there."""
    yield s.in_office(s.sim.travel.moment)
    name, number = s.a_caller()
    said = {"description": texts.said(s.code, s.spot, s.chance), "category": s.code, "channel": "window"}
    told = {"caller": name, "caller_phone": number, "answer": "已当面说明政策和办理时间，居民表示清楚。"}
    s.sim.begin(CASE, "reply", s.act(s.at_community("community_worker")), {**s.where(), **said, **told})


def refused(s: Scene) -> Part:
    """Not filed, with a reason that a second person agreed to."""
    matter = s.report()
    yield s.soon(0.2, 0.5)
    s.sim.do(s.act(s.at_community("community_worker", 1)), matter, "look", checked="unfounded", note="现场未发现")
    asked = s.sim.do(
        s.act(s.filer()),
        matter,
        "refuse",
        reason="两次到场均未发现，已电话说明",
        basis="立案条件：现场存在该问题",
    )
    yield from approve(s, asked.approval, "street_leader")


def redirected(s: Scene) -> Part:
    """The law has another way for it; the reporter is told which."""
    matter = s.report()
    yield s.soon(0.2, 0.9)
    s.sim.do(s.act(s.filer()), matter, "redirect", code="E6", note="社区人民调解室工作日可预约。")


def withdrawn(s: Scene) -> Part:
    """The resident takes it back."""
    matter = s.report()
    yield awake(s.sim.after(minutes=20), s.chance)
    s.sim.do(s.resident(matter), matter, "withdraw", reason="已经有人来清理了")


def extended(s: Scene) -> Part:
    """More time, asked for with a listed reason and granted by another."""
    matter = s.report()
    yield from until_signed(s, matter)
    due = working(s.sim.travel.moment, 14)
    asked = ask_for_time(s, due)
    yield from approve(s, asked, "street_leader")
    yield working(s.sim.travel.moment, s.chance.uniform(5, 9))
    s.feed_back(s.task, s.unit)
    yield from s.verify(matter)
    yield from judge(s, matter)


def ask_for_time(s: Scene, due: datetime) -> Matter | None:
    """Ask for an extension until ``due``; return the approval that decides it."""
    outcome = s.sim.do(
        s.act(s.on.staff.handler(s.unit)), s.task, "extend", reason="joint",
        due=f"{clock.local(due):%Y-%m-%dT%H:%M}", note="需与产权单位会商",
    )  # fmt: skip
    return outcome.approval


def ask_to_suspend(s: Scene, days: int) -> Matter | None:
    """Ask to put the task on account (挂账) for ``days``; return the approval."""
    planned = clock.local(s.sim.after(days=days)).date()
    outcome = s.sim.do(
        s.act(s.on.staff.handler(s.unit)), s.task, "suspend", pause_reason="engineering",
        planned_on=planned.isoformat(), meanwhile="已设围挡和警示，每日巡看",
    )  # fmt: skip
    return outcome.approval


def suspended(s: Scene) -> Part:
    """On account with a planned date; it goes on by itself when the date has come."""
    matter = s.report()
    yield from until_signed(s, matter)
    asked = ask_to_suspend(s, 5)
    yield from approve(s, asked, "street_leader", "centre_director")
    yield s.in_office(clock.at(clock.local(s.sim.after(days=6)).date(), 8, 40))
    s.feed_back(s.task, s.unit)
    yield from s.verify(matter)
    yield from judge(s, matter)


def object_to(s: Scene) -> Matter:
    """Have the unit object that it is not theirs; return the objection that is ruled on."""
    s.sim.do(
        s.act(s.on.staff.handler(s.unit)), s.task, "object", reason="该处设施产权不属本单位",
        basis="权责清单第12项", competent=s.lead(but=s.unit).pk,
    )  # fmt: skip
    return Matter.objects.get(parent=s.task, kind="objection", is_open=True)


def returned(s: Scene) -> Part:
    """An objection is sustained: dispatched anew, to the unit that was ruled."""
    matter = s.report()
    yield from until_signed(s, matter)
    objection, competent = object_to(s), s.lead(but=s.unit)
    yield working(s.sim.travel.moment, s.chance.uniform(0.3, 1.5))
    s.sim.do(
        s.act(s.ruler()), objection, "sustain", ruling="查权责清单，设施由该单位维护", unit=competent.pk, learn=True
    )
    fresh = Matter.objects.get(parent=matter, kind="task", is_open=True)
    yield from s.handle(matter, lead=competent, begun=fresh)
    yield from s.verify(matter)
    yield from call_back(s, matter)


def return_refused(s: Scene) -> Part:
    """An objection is overruled, and so is the wish for more time: the clock ran on meanwhile, and the unit does it."""
    matter = s.report()
    yield from until_signed(s, matter)
    objection = object_to(s)
    yield working(s.sim.travel.moment, 0.3)
    s.sim.do(s.act(s.ruler()), objection, "overrule", ruling="权责清单明确由你单位负责")
    asked = ask_for_time(s, working(s.sim.travel.moment, 14))
    assert asked is not None  # noqa: S101 - more time always needs approval
    yield working(s.sim.travel.moment, 0.3)
    s.sim.do(s.act(s.at_street("street_leader")), asked, "reject", reason="已裁定，请按原期限办理")
    yield from answer_and_verify(s, matter)
    yield from judge(s, matter)


def explained(s: Scene) -> Part:
    """It cannot be done; the reason is approved by a second person, and the resident is asked all the same."""
    matter = s.report()
    yield from until_signed(s, matter)
    yield working(s.sim.travel.moment, 1)
    s.feed_back(s.task, s.unit, result="cannot")
    yield s.soon(0.2, 0.5)
    asked = s.sim.do(
        s.act(s.dispatcher()), matter, "explain", basis="老旧小区改造计划（已列入下一年度）",
        tell="该处需整体改造，已列入明年计划，开工前会提前公示。",
    )  # fmt: skip
    yield from approve(s, asked.approval, "street_leader")
    yield from call_back(s, matter, "not_solved", "basically")


def unreachable(s: Scene) -> Part:
    """Three tries at different hours on three days reach nobody: closed, not confirmed."""
    matter = s.report()
    yield from s.to_verified(matter)
    day = clock.local(s.sim.travel.moment).date()
    for hour in (9, 15, 16):
        day = worktime.add_working_days(day, 1)
        yield clock.at(day, hour) + timedelta(minutes=s.chance.uniform(1, 25))
        s.sim.do(s.act(s.caller()), matter, "try_call", channel="phone", note="关机或无人接听")
    s.sim.do(s.act(s.caller()), matter, "give_up", reason="三天三个时段均未接通")


def anonymous(s: Scene) -> Part:
    """No name and no number: the secret link is all there is, and it is enough to judge by."""
    matter = s.sim.begin(CASE, "report", resident_actor(), s.told(named=False))
    yield from s.file(matter)
    yield from s.handle(matter, waits=False)
    yield from s.verify(matter)
    yield from judge(s, matter)


def disputed_upheld(s: Scene) -> Part:
    """The resident disputes; the street looks once, and ends it as not solved, explained."""
    matter = yield from to_review(s)
    yield working(s.sim.travel.moment, s.chance.uniform(2, 6))
    decision = "经现场复核，设施属小区共有部分，已指导召开业主会议使用维修资金。"
    s.sim.do(s.act(s.reviewer()), matter, "uphold", decision=decision)


def disputed_redone(s: Scene) -> Part:
    """On the telephone the resident disputes, and is right; done again from the level that reviewed."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield working(s.sim.travel.moment, s.chance.uniform(1, 3))
    s.sim.do(s.act(s.caller()), matter, "take_dispute", reason="电话里说只清了一半。")
    yield working(s.sim.travel.moment, s.chance.uniform(2, 6))
    s.sim.do(s.act(s.reviewer()), matter, "redo", decision="复核属实，处理不彻底，重新办理。")
    s.level = "street"
    yield from s.handle(matter)
    yield from s.verify(matter)
    yield from call_back(s, matter, "solved", "basically")


def to_review(s: Scene) -> Generator[datetime, None, Matter]:
    """Live a case up to the resident's dispute; return it."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield awake(s.sim.after(hours=5), s.chance)
    s.sim.do(s.resident(matter), matter, "dispute", reason="来看了一下就走了，问题还在。", photos=s.picture())
    return matter


def reopened(s: Scene) -> Part:
    """Closed and back within days: the same matter, the same resident's clock."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield from judge(s, matter, "solved", "satisfied")
    yield awake(s.sim.after(days=2), s.chance)
    s.sim.do(s.resident(matter), matter, "reopen", reason="才过两天又是老样子。", photos=s.picture())
    yield from s.handle(matter)
    yield from s.verify(matter)
    yield from judge(s, matter, "solved", "basically")


def excluded(s: Scene) -> Part:
    """Leaves the adjusted rates, with a reason and a second person; the raw rates keep it."""
    matter = s.report()
    yield from s.to_verified(matter)
    yield from judge(s, matter, "not_solved", "unsatisfied")
    yield s.soon(0.5, 2)
    asked = s.sim.do(
        s.act(s.at_street("street_dispatcher")),
        matter,
        "exclude",
        code="E6",
        basis="民事纠纷，已告知调解和诉讼途径",
    )
    yield from approve(s, asked.approval, "centre_director")


def company_of(s: Scene) -> Unit | None:
    """Return a unit without accounts: by preference one that serves this community."""
    without = [unit for unit in s.on.staff.units.values() if not unit.has_accounts]
    here = [unit for unit in without if unit.area_id == s.community.id]
    return next(iter(here or sorted(without, key=lambda unit: unit.code)), None)


def linked(s: Scene) -> Part:
    """A company without an account signs and answers by a one-time link."""
    company = company_of(s)
    if company is None:
        yield from judged(s)
        return
    matter = s.report()
    yield from s.file(matter)
    yield s.soon(0.1, 0.6)
    (task,) = s.dispatch(matter, company)
    issued = issue_link(actor=s.act(s.dispatcher()), unit=company, subject_id=task.pk, purpose=PURPOSE)
    for action, data in (("sign", {}), ("contact", {"channel": "phone"}), ("feed_back", None)):
        yield s.soon(0.1, 0.3)
        told = {"result": "done", "reply": "已派维修人员处理并与住户确认。"} if data is None else data
        s.sim.do(link_actor(issued.token), task, action, **told)
    use_link(token=issued.token, subject_id=task.pk, purpose=PURPOSE)
    yield from s.verify(matter)
    yield from judge(s, matter)


def by_call(s: Scene) -> Part:
    """A unit that cannot sign is telephoned; the dispatcher writes down who said what, marked as such."""
    matter = s.report()
    yield from s.file(matter)
    yield s.soon(0.1, 0.6)
    unit = company_of(s) or s.lead()
    (task,) = s.dispatch(matter, unit)
    call = {"spoke_with": "值班经理", "number": "13800009999"}
    yield s.soon(0.1, 0.3)
    s.sim.do(s.act(s.dispatcher()), task, "sign_for", **call)
    yield working(s.sim.travel.moment, s.chance.uniform(1, 1.8))
    s.sim.do(s.act(s.dispatcher()), task, "feed_back_for", result="done", reply="电话反馈已处理完毕。", **call)
    yield from s.verify(matter)
    yield from judge(s, matter)


def about_unit(s: Scene) -> Part:
    """A complaint about the committee itself: it never sees it, the street does what the committee would."""
    committee = s.on.staff.units[f"community.{s.community.code}"]
    matter = s.report(about_unit=committee.pk)
    s.level = "street"
    yield from s.to_verified(matter)
    yield from call_back(s, matter)


def instructed(s: Scene) -> Part:
    """A leader's instruction adds urgency and skips no verification."""
    matter = s.report()
    yield from until_signed(s, matter)
    leader = s.act(s.at_street("street_leader"))
    s.sim.do(leader, matter, "instruct", leader="分管副市长", text="请抓紧办理，举一反三排查同类问题。")
    s.sim.do(leader, matter, "supervise", demand="本周内办结，并向居民当面反馈。")
    yield from answer_and_verify(s, matter)
    said = Matter.objects.get(parent=matter, kind="instruction")
    s.sim.do(s.act(s.filer()), said, "answer", reply="已办结并当面反馈，同类点位已排查一遍。")
    yield from judge(s, matter, "solved", "satisfied")


def duplicate(s: Scene) -> Part:
    """A second resident reports the same thing; each keeps a clock and gives a verdict."""
    main = s.report()
    yield awake(s.sim.after(minutes=s.chance.uniform(10, 40)), s.chance)
    other = s.report()
    yield s.soon(0.1, 0.3)
    s.sim.do(s.act(s.dispatcher()), other, "merge", parent=main.number, kind="duplicate")
    yield from s.to_verified(main)
    yield from judge(s, main)
    yield from judge(s, other)


def common_cause(s: Scene, followers: int) -> Part:
    """One cause, many calls: one case is worked on, all are told, each is asked."""
    main = s.report()
    others = []
    for _ in range(followers):
        yield s.sim.after(minutes=s.chance.uniform(2, 9))
        others.append(s.register(s.at_community("community_worker"), "phone"))
    yield from s.file(main)
    for other in others:
        yield s.sim.after(minutes=s.chance.uniform(0.5, 1.5))
        s.sim.do(s.act(s.dispatcher()), other, "merge", parent=main.number, kind="cause")
    yield from s.handle(main)
    yield from s.verify(main)
    yield from judge(s, main)
    for other in others:
        yield from call_back(s, other)
