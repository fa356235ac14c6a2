"""The one box: from every side, within reach, at the same number of statements however many there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, OTHER_STREET, World

from linli.affairs.registry import selectors, services
from linli.affairs.registry.search import addresses, box
from linli.affairs.registry.tests.support import number
from linli.kernel import clock
from linli.kernel.errors import UserError

pytestmark = pytest.mark.django_db
NUMBER = number(date(1952, 3, 4))


@pytest.fixture
def filled(world: World, keeper, house):
    resident = services.register_resident(
        actor=keeper, name="张晓明", house=house, id_number=NUMBER, phone="13800001234"
    )
    services.put_tag(actor=keeper, resident=resident, code="alone")
    shop = services.register_organisation(
        actor=keeper, name="银河便利店", category="shop", house=house, uscc="91350100M000100Y43", phone="0873-3712345"
    )
    return {"resident": resident.pk, "house": house.pk, "organisation": shop.pk}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("张晓", "resident"), ("晓明", "resident"), ("张晓明", "resident"), ("zhangxiaoming", "resident"),
        ("zxm", "resident"), ("zhangxiaom", "resident"), ("xiaoming", "resident"), ("ZXM", "resident"),
        (NUMBER, "resident"), ("13800001234", "resident"), ("138 0000 1234", "resident"), ("1234", "resident"),
        (NUMBER[-4:], "resident"), ("独居", "resident"), ("张晓 独居", "resident"),
        ("天马路18号", "house"), ("天马路18号3栋502", "house"), ("天马路 502", "house"), ("三幢二单元502室", "house"),
        ("银河便利", "organisation"), ("91350100M000100Y43", "organisation"), ("yhbl", "organisation"),
        ("0873-3712345", "organisation"), ("青云社区 张晓", "resident"), ("青云 张晓", "resident"),
    ],
)  # fmt: skip
def test_it_is_found_from_every_side(keeper, filled, text: str, kind: str) -> None:
    assert filled[kind] in [hit.id for hit in box.find(keeper, text).rows]


@pytest.mark.parametrize("text", ["", " ", "z"])
def test_too_little_is_refused_with_what_to_type(keeper, text: str) -> None:
    with pytest.raises(UserError) as refused:
        box.find(keeper, text)
    assert refused.value.field == "q"


def test_nothing_outside_the_posts_areas_is_found(world: World, filled) -> None:
    stranger = world.actor("community_worker", area=OTHER_STREET, unit="elsewhere")
    assert box.find(stranger, "张晓明").total == 0
    assert box.find(world.actor("street_dispatcher"), "张晓明").total == 1


def test_who_left_is_found_no_more(keeper, filled) -> None:
    services.move_out(actor=keeper, resident=filled["resident"])
    assert box.find(keeper, "张晓明").total == 0


def test_the_box_costs_one_statement(keeper, filled, house) -> None:
    box.find(keeper, "张晓明")
    costs = []
    for round_ in range(2):
        for n in range(1, 12):
            if round_:
                services.register_resident(actor=keeper, name=f"张晓{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", house=house)
        with CaptureQueriesContext(connection) as captured:
            box.find(keeper, "张晓")
        costs.append(len(captured))
    assert costs == [1, 1]


def _as_listed(actor) -> bool:
    """Return whether a list from the index says of everybody what the registry's own tables say."""
    found = box.find(actor, "青云社区").rows
    people = [hit.id for hit in found if hit.kind == "resident"]
    return bool(people) and selectors.told(actor, found) == selectors.lines(actor, people)


def test_a_list_says_what_the_registry_says_after_every_act(world: World, keeper, house, filled) -> None:
    secretary = world.actor("community_secretary")
    resident, area = filled["resident"], world.node(COMMUNITY).id
    other = services.register_house(actor=keeper, area=area, address="天马路20号1幢101室")
    twin = services.register_house(actor=keeper, area=area, address="天马路20号甲101室")
    child = services.register_resident(actor=keeper, name="张小宝", house=twin, born_on=clock.today() - timedelta(900))
    merges = []
    acts: list[Callable[[], object]] = [
        lambda: None,
        lambda: services.go_away(actor=keeper, resident=resident, until=clock.today() + timedelta(days=30)),
        lambda: services.go_away(actor=keeper, resident=resident, until=None),
        lambda: services.move(actor=keeper, resident=resident, house=other),
        lambda: merges.append(services.merge_houses(actor=secretary, keep=other, drop=twin, reason="同一处")),
        lambda: services.unmerge_houses(actor=secretary, merge=merges[0]),
        lambda: services.move_out(actor=keeper, resident=resident),
    ]
    for act in acts:
        act()
        assert _as_listed(keeper)
    assert selectors.told(keeper, box.find(keeper, "张小").rows)[child.pk].name == "张**"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("天马路18号3幢2单元502室", "天马路１８号三栋二单元５０２"),
        ("天马路18号 3-2-502", "天马路18号3号楼2单元502房"),
        ("锦绣家园12栋301", "锦绣家园十二幢三〇一室"),
    ],
)
def test_two_writings_of_one_address_meet(one: str, other: str) -> None:
    assert addresses.plain(one) == addresses.plain(other)
