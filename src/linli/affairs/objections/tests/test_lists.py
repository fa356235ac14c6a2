"""The duty lists on the desk: read by staff, kept by the keeper, dated, never overwritten."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from tests.support.world import World

from linli.affairs.objections.models import DutyItem
from linli.affairs.objections.tests.test_registers import put
from linli.affairs.whistles.tests.test_desk import client_of

ITEMS, NEW = reverse("objections:items"), reverse("objections:put")
ITEM = {
    "code": "D-7",
    "kind": "department",
    "title": "供水监管",
    "basis": "《城市供水条例》",
    "valid_from": "2026-11-24",
}


def keeper(world: World) -> Any:
    return client_of(world.actor("policy_officer"))


def test_every_member_of_staff_reads_the_lists_and_only_the_keeper_is_led_to_the_form(world: World, now: Any) -> None:
    put(world, category="E0102")
    shown = client_of(world.actor("community_worker")).get(ITEMS).content.decode()
    assert "S-0900" in shown
    assert NEW not in shown
    assert NEW in keeper(world).get(ITEMS).content.decode()
    assert client_of(world.actor("community_worker")).get(NEW).status_code == 404


def test_an_item_is_entered_with_its_unit_and_category(world: World, now: Any) -> None:
    data = {**ITEM, "unit": world.unit("water").pk, "category": "E0102"}
    assert keeper(world).post(NEW, data).status_code == 302
    item = DutyItem.objects.get(code="D-7")
    assert (item.unit.code, item.category) == ("water", "E0102")


def test_a_departments_item_needs_its_department_and_what_was_typed_is_kept(world: World, now: Any) -> None:
    refused = keeper(world).post(NEW, ITEM)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "请选由哪个单位承担" in shown
    assert "《城市供水条例》" in shown


def test_a_successor_begins_with_what_the_earlier_item_said_and_ends_it_on_its_day(world: World, now: Any) -> None:
    item = put(world)
    browser = keeper(world)
    begun = browser.get(NEW, {"code": item.code}).content.decode()
    assert "违法建设查处" in begun
    data = {**ITEM, "code": item.code, "kind": "taken_back", "title": "违法建设查处（修订）", "unit": item.unit_id}
    assert browser.post(NEW, data).status_code == 302
    assert [(i.title, i.valid_to is None) for i in DutyItem.objects.order_by("valid_from")] == [
        ("违法建设查处", False), ("违法建设查处（修订）", True),
    ]  # fmt: skip
    same_day = browser.post(NEW, data)
    assert same_day.status_code == 422
    assert "要晚于它" in same_day.content.decode()


def test_an_item_ceases_on_a_day_and_is_still_found_among_all(world: World, now: Any) -> None:
    item = put(world)
    browser = keeper(world)
    where = reverse("objections:end", args=[item.pk])
    assert browser.get(where).status_code == 200
    assert browser.post(where, {"on": "2025-01-01"}).status_code == 422
    assert browser.post(where, {"on": "2026-11-24"}).status_code == 302
    assert "已停用" in browser.get(ITEMS).content.decode(), "told once"
    assert item.code not in browser.get(ITEMS).content.decode()
    assert item.code in browser.get(ITEMS, {"all": "1"}).content.decode()


def test_the_lists_are_narrowed_by_kind_and_by_unit(world: World, now: Any) -> None:
    put(world)
    browser = keeper(world)
    assert "S-0900" not in browser.get(ITEMS, {"kind": "street_basic"}).content.decode()
    assert "S-0900" in browser.get(ITEMS, {"unit": "urban"}).content.decode()
