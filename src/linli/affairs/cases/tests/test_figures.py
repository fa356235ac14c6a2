"""The figures of cases: what each counts, and that they equal the rows whatever happens to the cases."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction
from tests.support.world import COMMUNITY, OTHER_STREET, STREET, World

from linli.affairs.cases import cli, rates, recount, stats
from linli.affairs.cases.process import CASE, SPOT
from linli.affairs.cases.tests.test_filed import again, answer, dispatch, file, report, to_verified
from linli.kernel import clock, tallies
from linli.kernel.errors import UserError
from linli.kernel.matters import perform, selectors, sweeping
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor

TUESDAY = clock.at(date(2026, 11, 24), 9)
DAY = TUESDAY.date()


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def judge(matter: Matter, outcome: str = "solved", satisfied: str = "satisfied") -> None:
    perform(
        actor=resident_actor(secret_for=matter.pk), matter=matter, action="judge",
        data={"outcome": outcome, "satisfied": satisfied},
    )  # fmt: skip


def exclude(world: World, matter: Matter) -> None:
    dispatcher = world.actor("street_dispatcher")
    asked = perform(actor=dispatcher, matter=matter, action="exclude", data={"code": "E2", "basis": "已起诉"})
    approve(world, asked.approval)


def approve(world: World, approval: Matter | None) -> None:
    """Let whoever the chain names agree, to its end."""
    assert approval is not None
    for kind in ("street_leader", "centre_director", "district_leader"):
        approval.refresh_from_db()
        actor = world.actor(kind)
        for offer in selectors.offers(actor, approval):
            if offer.now and offer.action.name in {"approve", "endorse"}:
                perform(actor=actor, matter=approval, action=offer.action.name, data={})
                break


def test_total_is_what_was_settled_and_filed_and_filed_is_open_and_closed(world: World, now: Any) -> None:
    first, _second = report(), report(phone="13887300002")
    to_verified(world, first)
    judge(first)
    settle = {"category": "E0102", "area": COMMUNITY}
    perform(process=SPOT, action="settle", actor=world.actor("grid_worker"), data=settle)
    found = stats.cases()
    assert (found.total, found.on_the_spot, found.filed, found.open, found.closed) == (3, 1, 2, 1, 1)
    assert stats.cases(area=STREET).total == 3
    assert stats.cases(area=OTHER_STREET).total == 0
    assert stats.cases(since=DAY + timedelta(days=1)).total == 0


def test_a_response_is_a_signature_and_a_contact_within_their_limits(world: World, now: Any) -> None:
    quick, slow = report(), report(phone="13887300002")
    for matter in (quick, slow):
        file(world, matter)
        (task,) = dispatch(world, matter)
        handler = world.actor("department_handler", unit="water")
        perform(actor=handler, matter=task, action="sign")
        if matter is slow:
            now.forward(days=10)
        perform(actor=handler, matter=task, action="contact", data={"channel": "phone"})
    response = rates.rates().response
    assert (response.raw, response.denominator, response.exclusions) == (0.5, 2, 0)


def test_every_reporter_of_the_same_thing_counts_in_the_response(world: World, now: Any) -> None:
    main, second = report(), report(phone="13887300002")
    data = {"parent": main.number, "kind": "duplicate"}
    perform(actor=world.actor("community_secretary"), matter=second, action="merge", data=data)
    to_verified(world, main)
    assert rates.rates().response.denominator == 2
    assert stats.cases().duplicates == 1
    judge(second, "not_solved", "unsatisfied")
    judge(main)
    solved = rates.rates().solved
    assert (solved.raw, solved.denominator) == (0.5, 2)


def test_a_verdict_after_a_reopening_replaces_the_former_on_its_day(world: World, now: Any) -> None:
    matter = report()
    to_verified(world, matter)
    judge(matter, "not_solved", "unsatisfied")
    now.forward(days=1)
    reporter = resident_actor(matter.reporter)
    perform(actor=reporter, matter=matter, action="reopen", data={"reason": "又松了"})
    assert rates.rates(until=DAY).solved.denominator == 1
    for task in dispatch(world, matter):
        answer(world, task)
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})
    judge(matter)
    assert rates.rates(until=DAY).solved.denominator == 0
    assert rates.rates().solved.raw == 1.0
    assert stats.cases().reopened == 1


def test_an_exclusion_leaves_the_adjusted_rates_only_on_the_original_day(world: World, now: Any) -> None:
    bad, good = report(), report(phone="13887300002")
    for matter, outcome, satisfied in ((bad, "not_solved", "unsatisfied"), (good, "solved", "satisfied")):
        to_verified(world, matter)
        judge(matter, outcome, satisfied)
    now.forward(days=3)
    exclude(world, bad)
    found = rates.rates(until=DAY)
    assert (found.solved.raw, found.solved.adjusted, found.solved.denominator, found.solved.exclusions) == (
        0.5, 1.0, 2, 1,
    )  # fmt: skip
    assert (found.satisfied.raw, found.satisfied.adjusted) == (0.5, 1.0)
    assert found.response.exclusions == 1


def test_explained_stays_in_the_raw_rate_as_not_solved_and_leaves_the_adjusted_one(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    for task in dispatch(world, matter):
        answer(world, task)
    data = {"basis": "尚未列入改造计划", "tell": "明年改造"}
    asked = perform(actor=world.actor("street_dispatcher"), matter=matter, action="explain", data=data)
    approve(world, asked.approval)
    judge(again(matter), "not_solved", "basically")
    found = rates.rates()
    assert (found.solved.raw, found.solved.adjusted, found.solved.exclusions) == (0.0, None, 1)
    assert found.response.exclusions == 0


def test_not_confirmed_is_no_effective_call_back_and_no_exclusion(world: World, now: Any) -> None:
    lost, found_one = report(), report(phone="13887300002")
    for matter in (lost, found_one):
        to_verified(world, matter)
    judge(found_one)
    caller = world.actor("community_worker", who="2")
    for day in range(3):
        now.to(TUESDAY + timedelta(days=day, hours=day + 1))
        perform(actor=caller, matter=lost, action="try_call", data={"channel": "phone"})
    perform(actor=caller, matter=lost, action="give_up", data={})
    found = rates.rates()
    assert found.effective_call_backs == 0.5
    assert (found.solved.denominator, found.solved.exclusions) == (1, 0)


def test_what_is_settled_on_the_spot_is_in_no_rate(world: World, now: Any) -> None:
    settle = {"category": "E0102", "area": COMMUNITY}
    perform(process=SPOT, action="settle", actor=world.actor("grid_worker"), data=settle)
    found = rates.rates()
    assert [r.denominator for r in (found.response, found.solved, found.satisfied)] == [0, 0, 0]
    assert found.solved.raw is None


def test_a_clock_that_ran_out_counts_once_and_for_good(world: World, now: Any) -> None:
    matter = report()
    now.forward(days=60)
    sweeping.sweep()
    sweeping.sweep()
    assert stats.cases().overdue == 1
    assert stats.cases(since=DAY, until=DAY).overdue == 1
    file(world, matter)
    assert stats.cases().overdue == 1


def test_the_doctor_finds_a_figure_that_the_cases_do_not_bear_out(world: World, now: Any) -> None:
    report()
    assert recount.differences() == []
    tallies.delta("case.verdict.solved", DAY, area_code=COMMUNITY).save(force_insert=True)
    (found,) = recount.differences()
    assert (found.metric, found.figure, found.expected) == ("case.verdict.solved", 1, 0)


def test_the_command_prints_what_scripts_rely_on(world: World, now: Any) -> None:
    report()
    counted = json.loads(CliRunner().invoke(cli.group, ["cases", "--json"]).output)
    assert list(counted) == ["total", "on_the_spot", "filed", "open", "overdue", "closed", "reopened", "duplicates"]
    assert counted["total"] == 1
    three = json.loads(CliRunner().invoke(cli.group, ["rates", "--json", "--area", STREET]).output)
    assert list(three) == ["response", "solved", "satisfied", "effective_call_backs"]
    assert list(three["solved"]) == ["raw", "adjusted", "denominator", "exclusions"]
    assert CliRunner().invoke(cli.group, ["cases", "--area", "nowhere"]).exit_code != 0


DATA: dict[str, dict[str, Any]] = {
    "answer": {"answer": "已答复"},
    "refuse": {"reason": "不属于受理范围", "basis": "条例"},
    "redirect": {"code": "E2"},
    "file": {"category": "E0102"},
    "unmerge": {"reason": "不是一回事"},
    "raise_up": {"reason": "办不了"},
    "contact": {"channel": "phone"},
    "feed_back": {"result": "done", "reply": "已修好"},
    "object": {"reason": "不归我管", "basis": "清单"},
    "overrule": {"ruling": "职责明确"},
    "sustain": {"ruling": "职责不在该单位"},
    "overrule_jointly": {"ruling": "职责明确", "establishment_says": "在供水", "justice_says": "依据充分"},
    "sustain_jointly": {"ruling": "职责不在该单位", "establishment_says": "在供电", "justice_says": "依据充分"},
    "verify": {"way": "on_site"},
    "rework": {"reason": "没修好"},
    "explain": {"basis": "政策", "tell": "说明"},
    "try_call": {"channel": "phone"},
    "dispute": {"reason": "没修"},
    "take_dispute": {"reason": "没修"},
    "uphold": {"decision": "已说明"},
    "redo": {"decision": "属实"},
    "reopen": {"reason": "又来了"},
    "exclude": {"code": "E2", "basis": "已起诉"},
    "reject": {"reason": "不同意"},
    "look": {"checked": "real"},
}
NEVER = {"release", "instruct", "remark", "supervise", "extend", "extend_again", "suspend", "sign_for", "feed_back_for"}


class Life:
    """Lives of cases, drawn at random: whoever may act does something that is offered, until the steps run out."""

    def __init__(self, world: World, now: Any, seed: int) -> None:
        self.world, self.now, self.draw = world, now, Random(seed)
        kinds = ("community_secretary", "community_worker", "street_dispatcher", "street_leader", "centre_director")
        self.actors = [world.actor(kind) for kind in kinds] + [
            world.actor("community_worker", who="2"),
            world.actor("street_inspector"),
            world.actor("department_handler", unit="water"),
            world.actor("department_handler", unit="power"),
        ]
        self.done: set[str] = set()

    def step(self) -> None:
        if self.draw.random() < 0.05:
            self.now.forward(hours=self.draw.choice([1, 5, 30, 100]))
            sweeping.sweep()
        if self.draw.random() < 0.12 or not Matter.objects.exists():
            self._begin()
            return
        wanted = Matter.objects.filter(is_open=True) if self.draw.random() < 0.8 else Matter.objects.all()
        matter = self.draw.choice(list(wanted.select_related("reporter").order_by("pk")) or [None])
        if matter is None:
            return
        who = [*self.actors, resident_actor(matter.reporter, secret_for=matter.pk)]
        offers = [
            (actor, offer.action)
            for actor in who
            for offer in selectors.offers(actor, matter)
            if offer.now and offer.action.name not in NEVER
        ]
        expected = [(actor, action) for actor, action in offers if action.expected]
        if not offers:
            return
        actor, action = self.draw.choice(expected if expected and self.draw.random() < 0.6 else offers)
        try:
            with transaction.atomic():
                perform(actor=actor, matter=matter, action=action.name, data=self._data(action.name, matter))
            self.done.add(action.name)
        except UserError:
            pass

    def _begin(self) -> None:
        if self.draw.random() < 0.3:
            data = {"category": "E0102", "area": COMMUNITY}
            actor = self.world.actor("grid_worker")
            process = self.draw.choice([CASE, SPOT])
            perform(process=process, action="patrol" if process is CASE else "settle", actor=actor, data=data)
        else:
            phone = self.draw.choice([None, f"138873{self.draw.randrange(10**5):05d}"])
            data = {"description": "垃圾没人收", "area": COMMUNITY, "phone": phone}
            perform(process=CASE, action="report", actor=resident_actor(), data=data)

    def _data(self, name: str, matter: Matter) -> dict[str, Any]:
        outcome = self.draw.choice(["solved", "partly", "not_solved"])
        satisfied = self.draw.choice(["satisfied", "basically", "unsatisfied"])
        if name == "dispatch":
            return {"lead": self.world.unit(self.draw.choice(["water", "power"])).pk}
        if name == "add_unit":
            return {"unit": self.world.unit("power").pk}
        if name == "object":
            return DATA[name] | {"competent": self.world.unit("power").pk}
        if name.startswith("sustain"):
            return DATA[name] | {"unit": self.world.unit(self.draw.choice(["water", "power"])).pk}
        if name == "merge":
            others = list(Matter.objects.filter(kind="case").exclude(pk=matter.pk).order_by("pk"))
            kind = self.draw.choice(["duplicate", "duplicate", "cause"])
            return {"parent": self.draw.choice(others).number if others else "", "kind": kind}
        if name == "send_down":
            return {"area": COMMUNITY}
        if name == "judge":
            return {"outcome": outcome, "satisfied": satisfied}
        if name == "take_verdict":
            return {"outcome": outcome, "satisfied": self.draw.choice([satisfied, "unrated"]), "channel": "phone"}
        return DATA.get(name, {})


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_figures_equal_the_rows(world: World, now: Any, seed: int) -> None:
    life = Life(world, now, seed)
    for _ in range(220):
        life.step()
    assert {"file", "dispatch", "sign", "feed_back", "verify"} <= life.done
    assert life.done & {"judge", "take_verdict"}
    assert recount.differences() == []
    tallies.fold()
    assert recount.differences() == []
    found = stats.cases()
    cases = Matter.objects.filter(kind="case")
    assert (found.filed, found.open) == (cases.count(), cases.filter(is_open=True).count())
    assert found.closed == found.filed - found.open
