"""The calendar on the command line, and what doctor says about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.kernel import clock, worktime
from linli.kernel.storage.doctor import State
from linli.kernel.worktime import cli, probes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    worktime.invalidate()
    yield
    worktime.invalidate()


def run(*arguments: str) -> str:
    return CliRunner().invoke(cli.group, list(arguments)).output


def test_the_year_is_shown_by_its_exceptions() -> None:
    shown = run("show", "2026")
    assert "2026-10-01 周四 节假日" in shown
    assert "2026-10-10 周六 工作日" in shown
    assert "2026-03-05" not in shown


def test_a_day_is_changed_and_a_year_imported(tmp_path: Path) -> None:
    assert "已修改" in run("set", "2026-03-06", "holiday", "--because", "区政府通知")
    assert not worktime.is_workday(date(2026, 3, 6))
    file = tmp_path / "2027.csv"
    file.write_text("日期,类别,名称\n2027-02-05,放假,春节\n", encoding="utf-8")
    assert "1 天与原来不同" in run("import", "2027", str(file), "--because", "国办发明电")


def test_an_import_with_problems_prints_them_all(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("日期,类别\n2026-02-05,放假\nx,放假\n", encoding="utf-8")
    printed = run("import", "2027", str(file), "--because", "国办发明电")
    assert "第 2 行" in printed
    assert "第 3 行" in printed


def test_a_year_on_weekends_only_is_bad_and_the_next_is_missed_in_december() -> None:
    with clock.using(clock.at(date(2026, 11, 22), 10)) as time:
        assert [finding.state for finding in probes.calendar()] == [State.OK]
        time.to(clock.at(date(2026, 12, 22), 10))
        assert [finding.state for finding in probes.calendar()] == [State.WARN, State.OK]
        time.to(clock.at(date(2027, 1, 2), 10))
        assert [finding.state for finding in probes.calendar()] == [State.BAD]
