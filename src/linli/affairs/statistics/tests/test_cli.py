"""The command line: printed, as JSON, as files, and what it says to wrong options."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook
from tests.support.world import World

from linli.affairs.statistics.cli import group
from linli.affairs.statistics.tests.test_figures import tianmen
from linli.kernel import clock

MONTH = ("--since", "2026-10-01", "--until", "2026-10-31")


@pytest.fixture
def now(world: World) -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        tianmen(on=date(2026, 10, 12), unit_id=world.unit("urban", name="城管局").pk)
        yield travel


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments, catch_exceptions=False)


def test_the_last_month_is_printed_with_what_it_was_divided_from(now: Any) -> None:
    lines = run("indices").output.splitlines()
    assert lines[0] == "2026-10-01 至 2026-10-31"
    assert any(line.startswith("结案率：93.72%（911 / 972）") for line in lines)
    assert any(line.startswith("满意率：无数据") for line in lines)


def test_json_has_numbers_and_null_for_no_data(now: Any) -> None:
    found = json.loads(run("indices", "--json", "--index", "closed", "--index", "solved", *MONTH).output)
    assert (found["closed"]["value"], found["closed"]["denominator"]) == (93.72, 972)
    assert found["solved"]["value"] is None


def test_a_split_by_unit_names_the_units(now: Any) -> None:
    assert "城管局：结案率 93.72%" in run("indices", "--by", "unit", "--index", "closed").output
    (line,) = json.loads(run("indices", "--by", "unit", "--json", "--index", "closed").output).values()
    assert line["closed"]["value"] == 93.72


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_figures_are_written_to_a_file(now: Any, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"figures.{form}"
    assert "已写入" in run("indices", "--output", str(target), "--index", "closed").output
    if form == "csv":
        (row,) = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
        assert (row["指标"], row["值"], row["分母"]) == ("结案率", "93.72%", "972")
    elif form == "json":
        assert json.loads(target.read_text())["rows"][0]["value"] == "93.72%"
    else:
        sheet = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
        assert sheet[1][1:4] == ["结案率", "城市管理与网格案件", "93.72%"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--index", "nothing"), "没有指标 nothing"),
        (("--unit", "nobody"), "没有代码为 nobody 的单位"),
        (("--network", "party"), "没有业务网络 party"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "早于"),
        (("--output", "figures.doc"), ".csv"),
    ],
)
def test_a_wrong_option_is_told_what_to_do(now: Any, arguments: tuple[str, ...], words: str) -> None:
    result = run("indices", *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_events_are_listed_for_whoever_writes_a_definition() -> None:
    assert "case.due.on_time\t应结案中按期结案" in run("events").output
