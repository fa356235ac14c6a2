"""五华 as its source says: ten streets and a zone, 286 grids, seven kinds of member, 971 of them."""

from __future__ import annotations

import pytest
from django.db import transaction

from linli.affairs.cases.policy import Sources
from linli.affairs.whistles.policy import WhistleSets
from linli.kernel import areas, policy
from linli.kernel.areas import profiles
from linli.kernel.areas.models import Kind, Level
from linli.kernel.posts.models import Post, Unit
from linli.profiles import building

SEVEN = {
    "grid_worker": 286, "grid_inspector": 286, "urban_enforcer": 85, "sanitation_foreman": 101,
    "community_police": 101, "office_cadre": 101, "discipline_observer": 11,
}  # fmt: skip


@pytest.fixture(scope="module")
def _laid(django_db_setup, django_db_blocker):
    """Lay 五华 once for all tests of this file, in a transaction that is undone after the last."""
    policy.forget()
    areas.invalidate()
    with django_db_blocker.unblock(), transaction.atomic():
        folder = building.folder("wuhua")
        areas.initialise(profiles.read(folder).district)
        areas.apply_profile(folder)
        building.load_policy("wuhua")
        building.build_units()
        yield
        transaction.set_rollback(True)
    policy.forget()
    areas.invalidate()


@pytest.fixture
def wuhua(_laid, db):
    return areas.tree()


def test_it_has_ten_streets_one_zone_and_286_grids(wuhua):
    streets = wuhua.of_level(Level.STREET)
    assert [node.kind for node in streets].count(Kind.STREET) == 10
    assert [node.kind for node in streets].count(Kind.ZONE) == 1
    assert len(wuhua.of_level(Level.GRID)) == 286


def test_seven_kinds_of_member_make_971_posts_in_286_grids(wuhua):
    found = {kind: Post.objects.filter(kind=kind).count() for kind in SEVEN}
    assert found == SEVEN
    assert sum(found.values()) == 971
    for kind in ("grid_worker", "grid_inspector"):
        covered = Post.objects.filter(kind=kind, areas__level=Level.GRID).values("areas").distinct()
        assert covered.count() == 286


def test_one_and_x_stand_beside_the_seven_and_are_marked_as_a_sample(wuhua):
    assert Post.objects.filter(kind="grid_leader").count() == 101
    assert Post.objects.filter(kind="building_leader").count() == 101
    gaps = policy.get(policy.shape_of("profile.units")).gaps
    assert any("1+7+X" in gap for gap in gaps)
    assert any("971" in gap for gap in gaps)


def test_the_discipline_observer_looks_and_remarks_and_never_handles(wuhua):
    duties = policy.duties_of("discipline_observer")
    assert "commenter" in duties
    assert not duties & {"handler", "lead_handler", "verifier", "dispatcher"}
    assert Unit.objects.filter(code__startswith="discipline.", kind="department").count() == 10


def test_ten_sources_and_three_types_of_district_whistle_are_in_use(wuhua):
    assert len(policy.get(Sources).sources) == 10
    chosen = policy.get(WhistleSets).chosen
    assert [kind.name for kind in chosen.types if kind.counted_apart] == ["重点哨", "常规哨", "应急哨"]
