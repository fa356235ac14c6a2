"""Figures: what definitions make of counts, what they cover, and that nothing is ever a wrong number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, DISTRICT, OTHER_STREET, STREET, World
from tests.test_costs import statements

from linli.affairs.cases.process import CASE
from linli.affairs.cases.tests.test_figures import exclude, judge
from linli.affairs.cases.tests.test_filed import dispatch, file, report, to_verified
from linli.affairs.statistics import computing, scoring, selectors
from linli.affairs.statistics.policy import Indices, Scores
from linli.affairs.statistics.selectors import Scope
from linli.kernel import areas, clock, policy, tallies
from linli.kernel.matters import perform
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.posts.actors import system_actor
from linli.kernel.posts.models import Unit
from linli.kernel.posts.services import merge_unit

TUESDAY = clock.at(date(2026, 11, 24), 9)
DAY = TUESDAY.date()
MONTH = Scope(since=date(2026, 11, 1), until=date(2026, 11, 30))


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def count(metric: str, value: int = 1, on: date = DAY, **where: Any) -> None:
    """Write a count as an event would."""
    tallies.delta(metric, on, area_code=where.pop("area", COMMUNITY), value=value, **where).save(force_insert=True)


def tianmen(on: date = DAY, **where: Any) -> None:
    """1,054 received, 996 filed, 972 due, 911 closed, 737 on time (天门, R48)."""
    for metric, value in {
        "case.opened": 1054, "case.came": 1054, "case.came.filed": 996, "case.due": 972, "case.due.closed": 911,
        "case.due.on_time": 737,
    }.items():  # fmt: skip
        count(metric, value, on, **where)


def test_the_vector_of_tianmen_gives_its_published_rates(world: World, now: Any) -> None:
    tianmen()
    found = selectors.figures(MONTH, ["closed", "closed_on_time", "filed"])
    assert [found[code].text for code in ("closed", "closed_on_time", "filed")] == ["93.72%", "75.82%", "94.50%"]


def test_what_is_on_account_leaves_the_denominator_of_closing(world: World, now: Any) -> None:
    tianmen()
    count("case.due.deferred", 12)
    assert selectors.figure("closed", MONTH).value == Decimal("94.90")


def test_a_period_without_data_says_so_and_gives_no_number(world: World, now: Any) -> None:
    nothing = selectors.figure("closed", MONTH)
    assert (nothing.value, nothing.text) == (None, "无数据")
    tianmen()
    before = selectors.figures(Scope(since=date(2024, 1, 1), until=date(2024, 1, 31)))
    assert {figure.text for figure in before.values()} == {"无数据"}
    assert "没有数据" in before["volume"].notes[0]
    to_come = selectors.figure("volume", Scope(since=date(2027, 1, 1), until=date(2027, 1, 31)))
    assert to_come.text == "无数据"


def test_a_figure_says_from_when_it_has_data_and_until_when_it_speaks(world: World, now: Any) -> None:
    tianmen()
    notes = selectors.figure("closed", Scope(since=date(2026, 1, 1), until=date(2026, 12, 31))).notes
    assert any("2026-11-24 起有数据" in note for note in notes)
    assert any("截至 2026-11-24" in note for note in notes)


def in_force(on: date, change: Any) -> None:
    """Put a changed version of the definitions in force on a day."""
    document = policy.get(Indices)
    body = document.model_dump(mode="json")
    change(body)
    number = PolicyVersion.objects.filter(name=Indices.policy_name).count() + 1
    PolicyVersion.objects.create(
        name=Indices.policy_name, number=number, schema=1, body=body, state=PolicyVersion.State.IN_FORCE,
        valid_from=on, proposed_at=clock.now(), author="tests",
    )  # fmt: skip
    policy.forget()


def test_an_index_whose_definition_changed_half_way_is_never_mixed(world: World, now: Any) -> None:
    tianmen(on=date(2026, 11, 3))
    tianmen(on=date(2026, 11, 20))

    def change(body: dict[str, Any]) -> None:
        closed = next(one for one in body["indices"] if one["code"] == "closed")
        body["indices"].append({**closed, "valid_from": "2026-11-16", "denominator": {"case.came": 1}})

    in_force(date(2026, 11, 1), change)
    found = selectors.figure("closed", MONTH)
    assert (found.since, found.version, found.text) == (date(2026, 11, 16), 2, "86.43%")
    assert [(s.since, s.raw.value) for s in found.stretches] == [
        (date(2026, 11, 1), Decimal("93.72")),
        (date(2026, 11, 16), Decimal("86.43")),
    ]
    assert "2026-11-16" in found.notes[0]
    assert selectors.figure("filed", MONTH).value == Decimal("94.50")


def test_words_that_change_are_no_change_of_counting(world: World, now: Any) -> None:
    tianmen(on=date(2026, 11, 3))
    tianmen(on=date(2026, 11, 20))

    def change(body: dict[str, Any]) -> None:
        next(one for one in body["indices"] if one["code"] == "closed")["says"] = "换个说法"

    in_force(date(2026, 11, 10), change)
    found = selectors.figure("closed", MONTH)
    assert (found.since, found.stretches, found.text) == (date(2026, 11, 1), (), "93.72%")


def test_a_late_correction_counts_on_its_original_day(world: World, now: Any) -> None:
    tianmen(on=date(2026, 10, 30))
    count("case.due.on_time", -7, on=date(2026, 10, 30))
    october = Scope(since=date(2026, 10, 1), until=date(2026, 10, 31))
    assert selectors.figure("closed_on_time", october).value == Decimal("75.10")


def test_a_merged_unit_and_its_successor_say_what_they_cover(world: World, now: Any) -> None:
    old, new = world.unit("old", name="城管一队"), world.unit("new", name="城管局")
    tianmen(unit_id=old.pk)
    tianmen(unit_id=new.pk)
    document = policy.get(policy.shape_of("statistics.rules"))
    body = document.model_dump(mode="json") | {"mergers": [{"unit": "old", "into": "new", "on": "2026-11-20"}]}
    PolicyVersion.objects.create(
        name="statistics.rules", number=2, schema=1, body=body, state=PolicyVersion.State.IN_FORCE,
        valid_from=date(2026, 11, 1), proposed_at=clock.now(), author="tests",
    )  # fmt: skip
    policy.forget()
    lines = {line.label: line.figures["closed"] for line in selectors.split(MONTH, "unit", ["closed"])}
    assert "2026-11-20 并入城管局" in lines["城管一队"].notes[0]
    assert "此前的数另列" in lines["城管局"].notes[0]
    assert Unit.objects.count() == 2


def test_a_merger_on_record_is_told_in_one_statement_however_many_units_there_are(world: World, now: Any) -> None:
    old, new = world.unit("old", name="城管一队"), world.unit("new", name="城管局")
    costs = []
    for number in range(2):
        for unit in (old, new) if not number else [world.unit(f"u{n}", name=f"单位{n}") for n in range(9)]:
            tianmen(unit_id=unit.pk)
        if not number:
            merge_unit(actor=system_actor(), unit=old, into=new)
        selectors.split(MONTH, "unit", ["closed"])  # policy and areas are read once for a process
        with CaptureQueriesContext(connection) as captured:
            lines = {line.label: line.figures["closed"] for line in selectors.split(MONTH, "unit", ["closed"])}
        costs.append(len(statements(captured)))
        assert lines["城管一队"].notes == ("城管一队于 2026-11-24 并入城管局，本数只含并入以前",)
        assert lines["城管局"].notes == ("城管一队于 2026-11-24 并入，其此前的数另列在原单位名下",)
    assert costs[0] == costs[1]
    assert lines["单位3"].notes == ()
    alone = selectors.figure("closed", Scope(since=MONTH.since, until=MONTH.until, unit_id=old.pk))
    assert any("并入城管局" in note for note in alone.notes)


def test_an_area_that_was_merged_within_the_period_says_so(world: World, now: Any) -> None:
    gone, stays = "532503003001", COMMUNITY
    tianmen(on=date(2026, 11, 3), area=gone)
    merge = {"do": "merge", "areas": [stays, gone], "into": {"code": stays}}
    areas.redivide(by="测试岗", note="两个社区合并", changes=[merge], on=date(2026, 11, 10))
    whole = Scope(since=MONTH.since, until=MONTH.until, area=gone)
    found = selectors.figure("closed", whole)
    assert found.value == Decimal("93.72")
    assert any("撤并" in note for note in found.notes)
    (line,) = selectors.split(Scope(since=MONTH.since, until=MONTH.until, area=STREET), "area", ["closed"])
    assert "已撤并" in line.label


def test_the_adjusted_rate_leaves_out_only_what_was_excluded(world: World, now: Any) -> None:
    bad, good = report(), report(phone="13887300002")
    for matter, outcome, satisfied in ((bad, "not_solved", "unsatisfied"), (good, "solved", "satisfied")):
        to_verified(world, matter)
        judge(matter, outcome, satisfied)
    exclude(world, bad)
    found = selectors.figures(MONTH, ["solved", "composite", "closed"])
    assert (found["solved"].text, found["solved"].adjusted_text, found["solved"].left) == ("50.00%", "100.00%", 1)
    assert found["solved"].effective == Decimal("100.00")
    assert found["composite"].adjusted.value is not None
    assert (found["closed"].text, found["closed"].adjusted_text) == ("100.00%", "")


def test_a_case_counts_as_due_on_the_day_of_its_limit_and_as_closed_once_verified(world: World, now: Any) -> None:
    matter = report()
    file(world, matter)
    dispatch(world, matter)
    year = Scope(since=date(2026, 1, 1), until=date(2027, 12, 31))
    with clock.using(clock.at(date(2027, 12, 31), 9)):
        assert selectors.figure("closed", year).raw.denominator == 1
        assert selectors.figure("closed", year).value == Decimal("0.00")
    other = report(phone="13887300002")
    to_verified(world, other)
    with clock.using(clock.at(date(2027, 12, 31), 9)):
        assert selectors.figure("closed", year).value == Decimal("50.00")
        assert selectors.figure("hops", year).value == Decimal("1.00")


def test_figures_split_by_street_and_category_add_up(world: World, now: Any) -> None:
    tianmen(category="E0102")
    tianmen(area=OTHER_STREET, category="E0501")
    lines = selectors.split(MONTH, "area", ["volume"])
    assert {line.key: line.figures["volume"].value for line in lines} == {OTHER_STREET: 1054, STREET: 1054}
    kinds = selectors.split(MONTH, "category", ["volume"])
    assert {line.label: line.figures["volume"].value for line in kinds} == {"暴露垃圾": 1054, "无照经营游商": 1054}
    narrowed = Scope(since=MONTH.since, until=MONTH.until, area=OTHER_STREET, category="E0501")
    assert selectors.figure("volume", narrowed).value == 1054


def test_a_trend_has_every_step_and_no_number_for_an_empty_one(world: World, now: Any) -> None:
    tianmen(on=date(2026, 9, 10))
    tianmen()
    span = Scope(since=date(2026, 9, 1), until=date(2026, 11, 30))
    steps = selectors.trend(span, ["closed"])["closed"]
    assert [(day.month, figure.value if figure else 0) for day, figure in steps] == [
        (9, Decimal("93.72")), (10, None), (11, Decimal("93.72")),
    ]  # fmt: skip


def test_all_indices_cost_the_same_whatever_the_history(world: World, now: Any) -> None:
    costs = []
    for days in (1, 1, 40):
        for back in range(days):
            tianmen(on=DAY - timedelta(days=back), unit_id=world.unit("water").pk)
        tallies.fold()
        with CaptureQueriesContext(connection) as captured:
            selectors.figures(MONTH)
            selectors.split(MONTH, "unit")
        costs.append(len(statements(captured)))
    assert costs[1] == costs[2] <= 6  # at first the process also reads what it remembers of policy


def test_jinhua_scores_a_unit_by_its_rates_and_takes_points_for_conduct(world: World, now: Any) -> None:
    unit = world.unit("urban", name="城管局")
    tianmen(unit_id=unit.pk)
    count("case.concluded.reworked", 3, unit_id=unit.pk)
    (card,) = scoring.cards(policy.get(Scores).schemes["jinhua"], MONTH)
    assert [part.points for part in card.parts] == [50, 20, None, Decimal("4.1")]
    assert (card.total, card.full) == (Decimal("74.1"), 75)


def test_an_event_of_a_leaders_case_counts_twice_in_the_conduct(world: World, now: Any) -> None:
    unit = world.unit("urban", name="城管局")
    tianmen(unit_id=unit.pk)
    count("recheck.false", 1, unit_id=unit.pk, source="05")
    (card,) = scoring.cards(policy.get(Scores).schemes["jinhua"], MONTH)
    assert card.parts[-1].points == 3


@pytest.mark.parametrize(("value", "points"), [("70", "50"), ("75.82", "50"), ("60.5", "40.5"), ("10", "0")])
def test_points_fall_by_one_for_each_point_below_the_full_line(value: str, points: str) -> None:
    found = scoring.points_for(Decimal(value), Decimal(50), Decimal(70), Decimal(1))
    assert found == Decimal(points)


def test_every_shipped_definition_is_counted_by_something(world: World, now: Any) -> None:
    for definition in selectors.definitions(DAY):
        formula = computing.formula_on(definition.code, DAY)
        assert formula is not None
        assert computing.evaluate(formula, dict.fromkeys(formula.metrics, 0)).value in {None, 0}


def test_the_opening_of_a_case_is_its_volume(world: World, now: Any) -> None:
    perform(process=CASE, action="patrol", actor=world.actor("grid_worker"),
            data={"category": "E0102", "area": COMMUNITY, "description": "垃圾"})  # fmt: skip
    found = selectors.figures(Scope(since=DAY, until=DAY, area=DISTRICT), ["volume", "public_reports", "filed"])
    assert [figure.text for figure in found.values()] == ["1 件", "0.00%", "100.00%"]
