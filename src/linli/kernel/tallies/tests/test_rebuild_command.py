"""``linli stats rebuild`` mends what doctor found, and says what it did not do."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from linli.kernel.storage.together import Together
from linli.kernel.tallies import checking, cli, folding, rebuilding, services

DAY = date(2026, 3, 2)


@pytest.fixture
def spoiled(committed: None) -> None:
    """Two metrics with a spoiled figure each."""
    together = Together()
    together.add(*(services.delta(name, DAY, area_code="530102001") for name in ("case.opened", "case.closed")))
    together.flush()
    folding.fold()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tallies_folded SET value = 99 WHERE level = 0")
    assert {one.metric for one in checking.verify()} == {"case.opened", "case.closed"}


def rebuild(*metrics: str) -> Result:
    return CliRunner().invoke(cli.group, ["rebuild", *metrics])


@pytest.mark.usefixtures("spoiled")
def test_the_metric_that_is_named_is_mended_and_no_other() -> None:
    done = rebuild("case.opened")
    assert done.exit_code == 0, done.output
    assert {one.metric for one in checking.verify()} == {"case.closed"}


@pytest.mark.usefixtures("spoiled")
def test_without_a_name_everything_is_mended() -> None:
    assert rebuild().exit_code == 0
    assert checking.verify() == []


@pytest.mark.usefixtures("spoiled")
def test_a_metric_that_does_not_exist_is_refused_before_anything_is_done() -> None:
    done = rebuild("case.closed", "case.opend")
    assert done.exit_code == 2
    assert "case.opend" in done.output
    assert {one.metric for one in checking.verify()} == {"case.opened", "case.closed"}


@pytest.mark.usefixtures("spoiled")
def test_while_a_worker_folds_it_says_that_nothing_was_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "alone", lambda _cursor: False)
    done = rebuild()
    assert done.exit_code == 1
    assert "再运行一次" in done.output
    assert checking.verify()
