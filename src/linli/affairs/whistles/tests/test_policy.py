"""The sets of whistles as they ship: five places, their levels and limits, and what a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import linli.profiles
from linli.affairs.objections.policy import DutyLists
from linli.affairs.whistles.policy import Scorecard, WhistleSets
from linli.kernel.policy import documents, files
from linli.kernel.worktime.units import Limit, Unit

PROFILES = Path(linli.profiles.__file__).parent


def shipped(shape: type[documents.D]) -> documents.D:
    found = files.shipped(shape.policy_name)
    assert isinstance(found, shape)
    return found


def names(place: str, level: str) -> list[str]:
    return [t.name for t in shipped(WhistleSets).sets[place].at(level)]


def test_the_sets_of_five_places_ship() -> None:
    assert set(shipped(WhistleSets).sets) == {"wuhua", "guandu", "beijing", "gulou", "mengzi"}
    assert shipped(WhistleSets).use == "wuhua"


def test_wuhua_has_three_district_whistles_and_community_ones_counted_apart() -> None:
    chosen = shipped(WhistleSets).sets["wuhua"]
    assert chosen.levels == ("community", "district")
    assert [t.code for t in chosen.types if t.counted_apart] == ["key", "regular", "emergency"]


def test_guandu_has_five_community_five_street_and_two_district_whistles() -> None:
    assert [len(names("guandu", level)) for level in ("community", "street", "district")] == [5, 5, 2]
    assert "兜底哨" in names("guandu", "street")


def test_beijing_has_three_and_gulou_two_street_whistles() -> None:
    assert names("beijing", "street") == ["日常哨", "攻坚哨", "应急哨"]
    assert names("gulou", "street") == ["工作推进哨", "攻坚克难哨"]


def test_mengzi_reaches_down_to_the_compound() -> None:
    chosen = shipped(WhistleSets).sets["mengzi"]
    assert chosen.levels == ("compound", "community", "district")
    assert (chosen.above("compound"), chosen.above("district")) == ("community", None)


def test_both_readings_of_a_whistles_days_ship_and_calendar_days_are_the_default() -> None:
    limits = shipped(WhistleSets).limits
    assert (limits["regular"].close, limits["regular_working"].close) == (
        Limit(7, Unit.CALENDAR_DAY), Limit(7, Unit.WORKING_DAY),
    )  # fmt: skip
    assert (limits["key"].close, limits["key_working"].close) == (
        Limit(15, Unit.CALENDAR_DAY), Limit(15, Unit.WORKING_DAY),
    )  # fmt: skip
    used = {kind.limits for one in shipped(WhistleSets).sets.values() for kind in one.types}
    assert used == {"regular", "key", "urgent", "community", "compound"}


def test_a_harder_whistle_may_have_the_longer_limit() -> None:
    limits = shipped(WhistleSets).limits
    assert limits["regular"].arrive == Limit(3, Unit.WORKING_DAY)
    assert limits["key"].arrive == Limit(5, Unit.WORKING_DAY)
    assert limits["key"].found["arrive"] == "R6"
    assert limits["urgent"].found == {"feedback": "R23"}


def test_every_urgent_whistle_is_approved_after_and_never_suspended_or_extended() -> None:
    urgent = [t for chosen in shipped(WhistleSets).sets.values() for t in chosen.types if t.acts_first]
    assert len(urgent) == 4
    assert all(t.ratify and t.approval and not t.suspension and t.extension is None for t in urgent)


def test_the_scorecard_has_six_parts_of_100_points() -> None:
    card = shipped(Scorecard)
    assert sum(p.points for p in card.parts.values()) == 100
    assert [card.quality_after(n) for n in (0, 1, 2, 9)] == [25, 15, 5, 5]


def test_the_lists_name_whose_an_item_is() -> None:
    lists = shipped(DutyLists)
    assert {i.kind for i in lists.items} == {"department", "street_basic", "street_assist", "taken_back"}


@pytest.mark.parametrize(("profile", "use"), [("mengzi", "mengzi"), ("wuhua", "wuhua"), ("siming", "wuhua")])
def test_each_profile_holds_together_and_chooses_its_set(profile: str, use: str) -> None:
    folder = files.read(PROFILES / profile)
    assert folder.problems == []
    sets = folder.documents["whistles.sets"]
    assert isinstance(sets, WhistleSets)
    assert sets.use == use


TYPE = "code: a, name: 甲, level: street, initiators: [b]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("use: nowhere", "use 应为 sets 中的一套"),
        (f"sets: {{wuhua: {{title: x, types: [{{{TYPE}, limits: none}}]}}}}", "应在 limits 中列出"),
        (f"sets: {{wuhua: {{title: x, types: [{{{TYPE}, limits: key, acts_first: true}}]}}}}", "先处置"),
    ],
)
def test_a_mistake_in_a_set_is_told_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "whistles.sets.yaml").write_text(f"extends: default\n{text}\n", encoding="utf-8")
    problems = files.check(folder)
    assert any(told in str(problem) for problem in problems)


def test_a_type_that_nobody_may_blow_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    kind = "{code: key, name: 重点哨, level: district, initiators: [nobody], limits: key}"
    text = f"sets: {{wuhua: {{title: x, types: [{kind}]}}}}\n"
    (folder / "whistles.sets.yaml").write_text(f"extends: default\n{text}\n", encoding="utf-8")
    assert any("posts.duties" in str(problem) for problem in files.check(folder))
