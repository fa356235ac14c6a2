"""A SIGKILL at any moment loses nothing that was acknowledged and does nothing twice; more in ``make faults``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.config import embedded
from tests.resilience import faults
from tests.resilience.load import Crew, Gateway
from tests.resilience.site import command

pytestmark = [pytest.mark.xdist_group("resilience"), pytest.mark.interop]


@pytest.fixture(scope="module")
def ground() -> Iterator[faults.Ground]:
    """A data folder with a district in it and the default policy, and a gateway beside it."""
    gateway = Gateway()
    with tempfile.TemporaryDirectory(prefix="linli-killed-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        done = command(home, "init", "532503")
        assert done.returncode == 0, done.stderr
        yield faults.Ground(home, gateway, strikes=1)
        embedded.forget(home)
    gateway.close()


def test_kills_and_lost_connections_under_load_lose_nothing_and_do_nothing_twice(ground: faults.Ground) -> None:
    crews: list[Crew] = []

    def strike(ground: faults.Ground, crew: Crew, result: faults.Result) -> None:
        crews.append(crew)
        faults.everything_killed(ground, crew, result)
        faults.connections_lost(ground, crew, result)

    result = faults.at_work(ground, "kills", strike)
    assert result.wrong == []
    assert result.struck == 4
    assert result.acknowledged > 4, "somebody was answered after each of them"
    assert result.entries > 0
    assert result.sent > 0, "the reporters were told"
    assert faults.kept_once(ground, crews[0], before=0) == []
