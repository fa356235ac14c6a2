"""The five profiles' trees come out as their sources have them, on the sources' dates."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import linli.profiles
from linli.kernel import areas
from linli.kernel.areas import profiles, yamlmarks
from linli.kernel.areas.cli import group
from linli.kernel.areas.models import Redivision
from linli.kernel.errors import NotNow, UserError

pytestmark = pytest.mark.django_db
FOLDER = Path(linli.profiles.__file__).parent


def lay(name, **extra):
    areas.initialise(profiles.read(FOLDER / name).district)
    return areas.apply_profile(FOLDER / name, **extra)


def run(*arguments):
    done = CliRunner().invoke(group, arguments)
    if done.exception and not isinstance(done.exception, SystemExit | UserError):
        raise done.exception
    return done


def test_mengzi_is_as_its_source_says_in_2021_and_as_the_code_table_says_in_2023():
    tree = lay("mengzi")
    source = areas.summary(date(2021, 8, 30))
    assert source["by_kind"] == {"street": 4, "town": 5, "township": 4, "zone": 0}
    assert (source["street"], source["community"], source["grid"]) == (13, 109, 160)
    assert source["committees"] == {"resident": 37, "villager": 72}
    assert areas.summary()["by_kind"] == {"street": 5, "town": 4, "township": 4, "zone": 0}
    assert areas.tree(date(2021, 8, 30)).by_code("532503103").name == "新安所镇"
    assert tree.by_code("532503005").name == "新安所街道"
    assert {grid.code[:9] for grid in tree.of_level("grid")} == {"532503001", "532503003", "532503004"}
    assert all(grid.boundary is None for grid in tree.of_level("grid"))


def test_wenlan_was_one_street_before_2020_and_its_communities_keep_their_ids():
    lay("mengzi")
    before, after = areas.tree(date(2020, 1, 1)), areas.tree(date(2021, 1, 1))
    assert "532503003" not in before
    assert len(before.children(before.by_code("532503001"))) == 18 + 12 + 8
    moved = after.by_code("532503003001")
    assert before.by_id(moved.id).code.startswith("532503001")
    heirs = areas.became("532503001", date(2020, 1, 1), date(2021, 1, 1))
    assert [node.name for node in heirs] == ["文澜街道", "观澜街道", "文萃街道"]


def test_siming_has_5_streets_and_98_communities_when_its_source_was_written():
    lay("siming")
    before, then = areas.summary(date(2021, 6, 1)), areas.summary(date(2022, 12, 31))
    assert (before["street"], before["community"]) == (10, 99)
    assert (then["street"], then["community"], then["grid"]) == (5, 98, 1197)
    assert {change.tag for change in Redivision.objects.all()} == {"c"}


def test_wuhua_has_10_streets_a_zone_and_286_grids():
    lay("wuhua")
    then = areas.summary(date(2019, 5, 27))
    assert (then["street"], then["by_kind"]["zone"], then["grid"]) == (10, 1, 286)


@pytest.mark.parametrize("name", ["xishan", "shanghai"])
def test_the_other_profiles_hold_and_say_what_is_not_known(name):
    lay(name)
    assert areas.summary()["grid"] == 0
    assert profiles.read(FOLDER / name).notes


def test_a_demo_has_sketched_grids_in_which_every_point_is_found():
    tree = lay("mengzi", demo=True)
    grids = tree.of_level("grid")
    assert len(grids) == 160
    assert all(grid.sketch and tree.locate(grid.lon, grid.lat) == grid for grid in grids)
    assert not tree.root.sketch


def test_applying_a_profile_again_changes_nothing():
    before = lay("mengzi")
    again = areas.apply_profile(FOLDER / "mengzi")
    assert [node.id for node in again] == [node.id for node in before]
    assert Redivision.objects.count() == 3


def test_a_profile_of_another_district_is_refused():
    areas.initialise("530102")
    with pytest.raises(NotNow, match="532503"):
        areas.apply_profile(FOLDER / "mengzi")


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("district: '532503'\nbegins: gestern\n", 2),
        ("district: '532503'\nbegins: 2019-01-01\nchnages: []\n", 3),
        ("district: '532503'\nbegins: 2019-01-01\ngrids:\n  day: 2020-01-01\n  total: viele\n", 5),
        ("district: '532503'\n  begins: [\n", 2),
        ("district: 12\nbegins: 2019-01-01\n", 1),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path, written, line):
    (tmp_path / "areas.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(yamlmarks.BadProfile) as refused:
        profiles.read(tmp_path)
    assert any(f"areas.yaml:{line}" in place for place in refused.value.errors)
    assert f"areas.yaml:{line}" in str(refused.value)


def test_figures_that_do_not_come_out_are_refused_whole(tmp_path):
    areas.initialise("532503")
    text = "district: '532503'\nbegins: 2019-01-01\nexpected:\n"
    text += "  - {day: 2020-01-01, source: 某报告, tag: a, figures: {community: 110}}\n"
    (tmp_path / "areas.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(NotNow, match=r"某报告.*110.*109"):
        areas.apply_profile(tmp_path)
    areas.invalidate()
    assert len(areas.tree(date(2020, 1, 1))) == 0


@pytest.mark.parametrize(("total", "weights"), [(160, [3] * 24 + [1] * 14), (5, [1, 1, 9]), (3, [1, 1, 1])])
def test_grids_are_shared_out_without_remainder_and_nobody_is_left_out(total, weights):
    shares = profiles.share_out(total, weights)
    assert sum(shares) == total
    assert min(shares) >= 1


def test_the_command_line_answers_for_machines_and_for_people(tmp_path):
    lay("mengzi")
    counted = json.loads(run("summary", "--on", "2021-08-30", "--json").output)
    assert counted["by_kind"] == {"street": 4, "town": 5, "township": 4, "zone": 0}
    assert "村民委员会 72" in run("summary").output
    assert "文澜街道" in run("find", "wlj").output
    assert "新安所镇" in run("show", "532503005").output
    assert len(json.loads(run("list", "--level", "grid", "--json").output)) == 160
    assert "析置" in run("changes").output
    assert "2021-08-30" in run("summary", "--on", "tomorrow").output
    assert run("show", "532503999").exception.code == "unknown_area"


def test_a_change_is_previewed_and_applied_from_a_file(tmp_path):
    areas.initialise("532503")
    file = tmp_path / "change.yaml"
    file.write_text(
        "day: 2025-01-01\nnote: 草坝镇更名\nsteps:\n  - {do: rename, area: 532503102, name: 新草坝镇}\n",
        encoding="utf-8",
    )
    assert "预览" in run("preview", str(file)).output
    assert not Redivision.objects.exists()
    told = json.loads(run("apply", str(file), "--json").output)
    assert told["moves"][0]["after"][0]["name"] == "新草坝镇"
    file.write_text("day: 2025-02-01\nnote: x\nsteps:\n  - {do: close, area: 532503102, to: 532503105}\n")
    refused = run("preview", str(file))
    assert refused.exit_code == 1
    assert "上级区域" in refused.output
