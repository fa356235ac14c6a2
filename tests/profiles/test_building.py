"""Units and posts grow from the profile's templates over the area tree."""

from __future__ import annotations

import pytest
from django.db import transaction

from linli.affairs.cases.policy import Categories
from linli.kernel import areas, policy
from linli.kernel.areas import profiles
from linli.kernel.policy.shapes import Units
from linli.kernel.posts.models import Post, Unit
from linli.profiles import building


@pytest.fixture(autouse=True)
def _fresh():
    policy.forget()
    areas.invalidate()
    yield
    policy.forget()
    areas.invalidate()


@pytest.fixture(scope="module")
def _laid(django_db_setup, django_db_blocker):
    """Lay Mengzi once for all tests of this file, in a transaction that is undone after the last."""
    # Before the fixture of each test runs: what an earlier module remembers is of another database.
    policy.forget()
    areas.invalidate()
    with django_db_blocker.unblock(), transaction.atomic():
        folder = building.folder("mengzi")
        areas.initialise(profiles.read(folder).district)
        areas.apply_profile(folder)
        building.load_policy("mengzi")
        building.build_units()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def mengzi(_laid, db):
    return areas.tree()


def test_mengzi_gets_its_centre_its_streets_and_a_worker_for_each_of_160_grids(mengzi):
    assert Unit.objects.get(code="centre").name == "蒙自市调度中心"
    assert Unit.objects.filter(kind="street_office").count() == 13
    assert Unit.objects.filter(kind="community").count() == 109
    workers = Post.objects.filter(kind="grid_worker", areas__level="grid")
    assert workers.count() == 160
    assert workers.values("areas").distinct().count() == 160


def test_building_twice_makes_nothing_twice(mengzi):
    assert Post.objects.count() > 600
    again = building.build_units()
    assert (again.units, again.posts, again.skipped) == (0, 0, [])


def test_names_follow_what_an_area_is(mengzi):
    names = set(Unit.objects.values_list("name", flat=True))
    assert {
        "文澜街道办事处",
        "草坝镇人民政府",
        "天马社区居民委员会",
        "碧云村民委员会",
        "文澜街道综合执法队",
    } <= names
    assert not [name for name in names if "委会村民委员会" in name or "{" in name]


def test_stations_stand_in_the_three_central_streets_under_their_office(mengzi):
    stations = Unit.objects.filter(kind="station")
    assert stations.count() == 3 * 8
    assert {s.parent.code for s in stations.select_related("parent")} == {
        "street.532503001", "street.532503003", "street.532503004",
    }  # fmt: skip
    titles = Post.objects.filter(unit__code="street.532503003", kind="street_dispatcher").values_list(
        "title", flat=True
    )
    assert "观澜街道调度中心调度员" in titles


def test_a_village_without_grids_has_one_worker_for_all_of_it(mengzi):
    village = next(n for n in mengzi.of_level("community") if n.kind == "villager" and not mengzi.children(n))
    posts = Post.objects.filter(unit__code=f"community.{village.code}", kind="grid_worker")
    assert [post.areas.count() for post in posts] == [0]


def test_property_firms_have_no_accounts(mengzi):
    firms = Unit.objects.filter(code__startswith="property.")
    assert firms.count() == 5
    assert not firms.filter(has_accounts=True).exists()


def test_dispatch_finds_a_unit_for_every_category_in_every_street(mengzi):
    codes = set(Unit.objects.values_list("code", flat=True))
    categories = policy.get(Categories)
    for street in mengzi.of_level("street"):
        for category in categories.categories:
            for phase in categories.phases(category):
                proposed = categories.candidates(category, phase, street=street.code)
                assert [code for code in proposed if code in codes], (street.name, category.code)


def test_an_unknown_profile_is_answered_with_the_known_ones():
    with pytest.raises(LookupError, match="mengzi"):
        building.folder("atlantis")


def test_every_profile_has_units_for_its_categories():
    for name in building.names():
        assert policy.check(building.folder(name)) == []


def test_posts_of_the_profile_are_all_known_to_policy(mengzi):
    kinds = policy.get(Units).post_kinds()
    assert kinds
    assert all(policy.duties_of(kind) for kind in kinds)
