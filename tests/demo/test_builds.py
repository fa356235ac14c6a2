"""Building: the quotas, another seed, the other districts."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from linli.affairs.cases import recount
from linli.affairs.statistics import recount as oversight_recount
from linli.affairs.supervision.cli import group
from linli.demo import scales
from linli.kernel import clock
from linli.kernel.matters.models import Matter
from tests.demo.conftest import lives

pytestmark = pytest.mark.xdist_group("demo")

# The totals that docs/demo.md gives for the scale small.
SMALL = {"total": 99, "on_the_spot": 12, "filed": 87, "open": 47, "closed": 40, "reopened": 2, "duplicates": 2}


def test_quotas_are_shared_out_exactly() -> None:
    for scale, total in scales.FILED_TOTAL.items():
        assert sum(scales.share_out(total, scales.FILED).values()) == total
        assert set(scales.closed_stories(scale)) >= {"judged", "spot", "duplicate"}


def test_another_seed_lives_other_matters_with_the_same_totals(database: None) -> None:
    lived = []
    for seed in (2, 3):
        with clock.using(clock.at(date(2026, 11, 25), 10, 30)):
            world = lives("mengzi", seed)
        matters = set(Matter.objects.filter(kind="case").values_list("opened_at", "area_code"))
        # How many are overdue depends on the hours that a seed draws (docs/demo.md).
        totals = {name: count for name, count in world.totals.items() if name != "overdue"}
        lived.append((totals, matters))
    (first, some), (second, others) = lived
    assert first == second
    assert first.items() >= SMALL.items()
    assert len(some & others) < len(some) / 10


@pytest.mark.parametrize("profile", ["siming", "xishan", "shanghai"])
def test_the_other_districts_can_be_lived_in_too(profile: str, database: None) -> None:
    world = lives(profile)
    assert world.cut_short == 0
    assert world.totals["total"] == SMALL["total"]
    assert recount.differences() == []
    told = json.loads(CliRunner().invoke(group, ["supervision", "--json"], catch_exceptions=False).output)
    if profile == "siming":
        # Ten officers in five teams; problems mended and advice, counted apart (S4 M170 M171).
        source = {"teams": 5, "officers": 10, "problems": 226, "mended": 226, "advice": 180}
        assert source.items() <= told.items()
    else:
        assert 0 < told["mended"] == told["problems"] < 20
    assert oversight_recount.differences() == []
