"""The cases' policy as it ships: code tables, mapping, phases, routing, and what a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.affairs.cases.policy import (
    CallBack,
    Categories,
    Category,
    Exclusions,
    Guidance,
    Limits,
    Loops,
    Rates,
    Sources,
)
from linli.kernel.policy import documents, files
from linli.kernel.worktime.units import Limit, Unit


def shipped(shape: type[documents.D]) -> documents.D:
    found = files.shipped(shape.policy_name)
    assert isinstance(found, shape)
    return found


@pytest.fixture
def categories() -> Categories:
    return shipped(Categories)


def in_table(categories: Categories, kind: str, major: str) -> list[Category]:
    return [
        c for c in categories.categories if categories.kind(c) == kind and c.codes.get("cjt214", "").startswith(major)
    ]


@pytest.mark.parametrize(
    ("kind", "major", "count"),
    [
        ("component", "01", 38), ("component", "02", 17), ("component", "03", 10), ("component", "04", 10),
        ("component", "05", 3), ("component", "06", 6), ("event", "01", 19), ("event", "02", 5),
        ("event", "03", 6), ("event", "04", 10), ("event", "05", 14),
    ],
)  # fmt: skip
def test_the_table_of_2007_is_complete(categories: Categories, kind: str, major: str, count: int):
    assert len(in_table(categories, kind, major)) == count


@pytest.mark.parametrize(
    ("gb", "ours"),
    [
        ("0408", "E0512"),
        ("0409", "E0505"),
        ("0410", "E0506"),
        ("0501", "E0402"),
        ("0502", "E0403"),
        ("0503", "E0404"),
    ],
)
def test_what_is_known_of_the_table_of_2013_is_mapped(categories: Categories, gb: str, ours: str):
    found = categories.translated("gbt30428", "event", gb)
    assert found is not None
    assert found.code == ours


def test_what_is_not_known_of_the_mapping_is_absent_and_listed(categories: Categories):
    assert categories.translated("gbt30428", "component", "0101") is None
    assert sum("gbt30428" in c.codes for c in categories.categories) == 6
    assert any("对照" in gap for gap in categories.gaps)


def test_the_five_and_four_swap_places_between_the_tables(categories: Categories):
    assert categories.majors_by_code["E04"].codes == {"cjt214": "04", "gbt30428": "05"}
    assert categories.majors_by_code["E05"].codes == {"cjt214": "05", "gbt30428": "04"}


def test_a_burst_gas_pipe_is_fenced_repaired_and_restored_on_three_clocks(categories: Categories):
    phases = categories.phases(categories.by_code["E0403"])
    assert [phase.name for phase in phases] == ["围护", "修复", "恢复"]
    assert [phase.limit for phase in phases] == [
        Limit(3, Unit.URGENT_HOUR), Limit(2, Unit.URGENT_DAY), Limit(5, Unit.WORKING_DAY)
    ]  # fmt: skip
    assert {(phase.place, phase.evidence, phase.source) for phase in phases} == {("大英", "b", "R45")}


def test_every_category_has_a_limit_and_every_borrowed_limit_names_its_place(categories: Categories):
    for category in categories.categories:
        phases = categories.phases(category)
        assert phases, category.code
        for phase in phases:
            assert phase.evidence != "b" or phase.place, category.code


def test_components_go_to_their_owner_first_and_events_to_where_they_are(categories: Categories):
    lamp, stall = categories.by_code["C0118"], categories.by_code["E0501"]
    street = "532503001"
    assert categories.candidates(lamp, categories.phases(lamp)[0], street=street)[0] == "urban"
    assert categories.candidates(stall, categories.phases(stall)[0], street=street)[:2] == (
        f"urban.{street}", f"street.{street}",
    )  # fmt: skip


def test_a_cover_nobody_owns_has_somebody_who_acts_first(categories: Categories):
    cover = categories.by_code["C0114"]
    assert categories.candidates(cover, categories.phases(cover)[0], street="532503001")[-1] == "urban"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("楼下路灯不亮好几天了", "C0118"),
        ("门口有人摆摊，路都过不去", "E0501"),
        ("小区里有天然气味", "E0403"),
        ("邻居半夜广场舞太吵", "S0901"),
        ("井盖没了", "C0114"),
    ],
)
def test_a_few_words_guess_the_category(categories: Categories, text: str, code: str):
    assert code in [c.code for c in categories.guess(text)][:2]


def test_words_that_say_nothing_guess_nothing(categories: Categories):
    assert categories.guess("你好") == ()


def test_violence_minors_and_self_harm_are_restricted_urgent_and_put_a_phone_first(categories: Categories):
    for code in ("S0103", "S0402", "S0404"):
        category = categories.by_code[code]
        assert category.restricted
        assert category.priority == "urgent"
        assert "police" in category.phones
        assert not category.on_the_spot


def test_accusations_are_shown_the_lawful_channel_and_not_kept():
    guidance = shipped(Guidance)
    assert guidance.alerts_in("有人贪污公款") == ("accusation",)
    assert not guidance.alerts["accusation"].keep
    assert guidance.phones["discipline"].number == "12388"


def test_ten_sources_and_every_channel_belongs_to_one():
    sources = shipped(Sources)
    assert [s.code for s in sources.sources] == [f"{n:02d}" for n in range(1, 11)]
    assert not sources.channels["patrol"].verify_first
    assert sources.channels["snap"].verify_first


def test_loops_lead_upwards_to_the_city():
    loops = {loop.code: loop for loop in shipped(Loops).loops}
    path, here = [], "community"
    while here:
        path.append(loops[here].name)
        here = loops[here].raise_to
    assert path == ["社区微循环", "街道小循环", "区级中循环", "市级大循环"]


def test_unreachable_reporters_and_policy_limits_are_no_exclusion():
    excludes = {reason.code: reason.excludes for reason in shipped(Exclusions).reasons}
    assert list(excludes) == [f"E{n}" for n in range(1, 10)]
    assert [code for code, does in excludes.items() if not does] == ["E8", "E9"]


def test_an_explained_outcome_is_effective_but_not_solved_and_needs_a_second_person():
    outcomes = shipped(CallBack).outcomes
    assert (outcomes["explained"].effective, outcomes["explained"].solved) == (True, "no")
    assert outcomes["explained"].approval == "explained"
    assert not outcomes["not_confirmed"].effective


def test_rates_and_step_limits_answer():
    assert sum(shipped(Rates).weights.values()) == 100
    assert shipped(Limits).limit("urgent", "object") == Limit(30, Unit.MINUTE)
    assert shipped(Limits).limit("odd", "sign") == shipped(Limits).limit("normal", "sign")


def problem(tmp_path: Path, text: str, name: str = "cases.categories") -> files.Problem:
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    found = files.check(tmp_path)
    assert len(found) == 1, found
    return found[0]


def test_a_category_without_a_limit_is_told_so_at_its_line(tmp_path: Path):
    text = "extends: default\ncategories:\n  - {code: E2101, major: E21, name: 新事件}\n"
    found = problem(tmp_path, text)
    assert found.line == 3
    assert "E2101" in found.expected
    assert "时限" in found.expected


def test_a_number_that_is_not_listed_is_found_across_documents(tmp_path: Path):
    text = "extends: default\ncategories:\n  - {code: E0403, phones: [moon]}\n"
    found = problem(tmp_path, text)
    assert found.got == "moon"
    assert found.line == 3


def test_a_district_may_add_a_category_and_change_one_limit(tmp_path: Path):
    text = (
        "extends: default\ncategories:\n  - {code: E2101, major: E21, name: 过桥米线油污, phase_set: tidy}\n"
        "phase_sets:\n  tidy: [{order: 1, name: 清理, limit: 2 工作时}]\n"
    )
    (tmp_path / "cases.categories.yaml").write_text(text, encoding="utf-8")
    read = files.read(tmp_path)
    assert read.problems == []
    changed = read.documents["cases.categories"]
    assert isinstance(changed, Categories)
    assert changed.phases(changed.by_code["E2101"])[0].limit == Limit(2, Unit.WORKING_HOUR)
