"""The first tree of an instance, from the packaged table; how it is read."""

from __future__ import annotations

import timeit
from datetime import date

import pytest

from linli.kernel import areas
from linli.kernel.areas import cache, national
from linli.kernel.areas.naming import kind_of
from linli.kernel.areas.nodes import Node
from linli.kernel.errors import NotNow

pytestmark = pytest.mark.django_db
MENGZI = {
    "district": 1,
    "street": 13,
    "by_kind": {"street": 5, "town": 4, "township": 4, "zone": 0},
    "community": 109,
    "grid": 0,
    "committees": {"resident": 37, "villager": 72},
}


@pytest.fixture(scope="module")
def gazetteer():
    return national.gazetteer()


def test_mengzi_has_13_streets_and_109_communities_of_which_72_are_villages():
    areas.initialise("532503")
    assert areas.summary() == MENGZI


def test_the_functional_zone_of_wuhua_is_no_street():
    areas.initialise("530102")
    assert areas.summary()["street"] == 10
    assert areas.summary()["by_kind"] == {"street": 10, "town": 0, "township": 0, "zone": 1}
    assert areas.tree().by_code("530102401").kind == areas.Kind.ZONE


@pytest.mark.parametrize(("given", "streets"), [("4419", 32), ("442000", 24), ("460400", 17)])
def test_a_city_without_districts_is_a_district_itself(given, streets):
    tree = areas.initialise(given)
    assert areas.summary()["district"] == 1
    assert len(tree.children(tree.root)) >= streets - 5
    assert all(tree.children(street) for street in tree.children(tree.root))


def test_asking_again_changes_nothing_and_another_district_is_refused():
    first = areas.initialise("532503")
    assert areas.initialise("蒙自市").root.id == first.root.id
    with pytest.raises(NotNow, match="LINLI_HOME"):
        areas.initialise("530102")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("532513", "532503"),
        ("5325", "蒙自市"),
        ("532503001", "532503 云南省"),
        ("朝阳区", "220104"),
        ("53", "五华区"),
        ("蒙字市", "六位数字|可能是"),
        ("", "六位数字"),
    ],
)
def test_an_unknown_code_lists_what_could_have_been_meant(gazetteer, given, named):
    with pytest.raises(national.UnknownDistrict, match=named):
        gazetteer.resolve(given)


def test_the_table_holds_2978_districts_and_every_one_can_be_named(gazetteer):
    assert len(gazetteer.districts) == 2978
    assert all(gazetteer.resolve(code) == code for code in gazetteer.districts)


def test_every_division_of_china_has_a_kind_and_the_parent_its_code_names():
    known: set[str] = set()
    parents = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}
    count = 0
    for row in national.rows():
        count += 1
        assert not (upper := row.code[: parents[len(row.code)]]) or upper in known
        if len(row.code) < 12:
            known.add(row.code)
        if len(row.code) > 6:
            assert kind_of(row.code, row.name)
        assert len(row.name) <= 60
    assert count == 665_276


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("110105021", "南磨房地区", "street"),
        ("150102403", "东河街道", "street"),
        ("530102401", "昆明国家高新技术产业开发区", "zone"),
        ("152921200", "巴彦浩特苏木", "township"),
        ("532503201", "期路白苗族乡", "township"),
        ("532503001001", "天马社区", "resident"),
        ("532503001203", "东村村委会", "villager"),
        ("341321102001", "振兴社区村委会", "villager"),
        ("530802001401", "工业园社区", "resident"),
        ("230230500501", "第一生活区", "villager"),
        ("532503001001001", "第001网格", "grid"),
        ("532503001203Z001", "第一村民小组", "village_group"),
        ("532503001001001X01L002", "2栋", "building"),
    ],
)
def test_the_name_says_what_an_area_is_and_else_the_code(code, name, kind):
    assert kind_of(code, name) == kind


def test_a_cached_tree_costs_no_statement(django_assert_num_queries):
    areas.initialise("532503")
    areas.tree()
    with django_assert_num_queries(0):
        tree = areas.tree()
        tree.by_code("532503001001")
        areas.summary()
    assert timeit.timeit(areas.tree, number=200) / 200 < 0.001


def test_a_first_look_costs_three_statements(django_assert_num_queries):
    areas.initialise("532503")
    cache.clear()
    with django_assert_num_queries(3):
        areas.tree()
    with django_assert_num_queries(0):
        areas.tree(date(2030, 1, 1))


def test_another_process_change_is_seen_within_a_second(monkeypatch):
    areas.initialise("532503")
    before = areas.tree()
    areas.AreaVersion.objects.filter(code="532503001").update(name="新名街道")
    cache.AreaGeneration.objects.update(token=areas.tree().root.id)
    assert areas.tree() is before
    monkeypatch.setattr(cache, "CHECK_SECONDS", 0)
    assert areas.tree().by_code("532503001").name == "新名街道"


def test_areas_are_found_by_name_pinyin_initials_and_code():
    tree = areas.initialise("532503")

    def found(text: str) -> set[str]:
        return {node.name for node in tree.search(text)}

    assert "文澜街道" in found("文澜")
    assert "文澜街道" in found("wenlan")
    assert "文澜街道" in found("WLJD")
    assert "文澜街道" in found("532503001")
    assert found("不存在的地方") == set()
    with pytest.raises(areas.UnknownArea, match="文澜街道"):
        tree.by_code("53250301")


def test_paths_levels_and_prefixes_agree():
    tree = areas.initialise("532503")
    community = tree.by_code("532503001203")
    assert tree.label(community) == "文澜街道 东村村委会"
    street = tree.at_level(community, areas.Level.STREET)
    assert isinstance(street, Node)
    assert street.name == "文澜街道"
    assert tree.at_level(street, areas.Level.COMMUNITY) is None
    assert [node for node in tree.under(street.code) if node != street] == tree.children(street)
    assert areas.contains("532503", community.code)
    assert not areas.contains(community.code, "532503")


def test_village_matters_are_spoken_of_in_village_words():
    tree = areas.initialise("532503")
    assert areas.words(tree.by_code("532503001203"))["openness"] == "村务公开"
    assert areas.words(tree.by_code("532503001001"))["people"] == "居民"
    assert areas.words(tree.root)["openness"] == "居务公开"


def test_a_day_before_the_tree_says_so():
    areas.initialise("532503", date(2024, 1, 1))
    assert len(areas.tree(date(2023, 12, 31))) == 0
    with pytest.raises(areas.NoTree, match="linli init"):
        areas.tree(date(2023, 12, 31)).root  # noqa: B018 - the property raises
