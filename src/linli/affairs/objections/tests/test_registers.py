"""Duty lists: dated, cited, and what was taken back is never given to a street."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.world import STREET, World

from linli.affairs.objections import registers
from linli.affairs.objections.models import DutyItem
from linli.affairs.whistles.tests.support import blow, dispatch, handler
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor

ITEM = {"code": "S-0900", "kind": "taken_back", "title": "违法建设查处", "basis": "上级收回事项清单"}


def put(world: World, **extra: Any) -> DutyItem:
    data = {**ITEM, "valid_from": date(2026, 1, 1), "unit": world.unit("urban"), **extra}
    return registers.put_item(actor=world.actor("policy_officer"), **data)


def test_an_item_that_was_taken_back_is_not_dispatched_to_a_street(world: World, now: Any) -> None:
    put(world, category="E0102")
    matter = blow(world, category="E0102")
    street = world.unit(f"street.{STREET}", kind="street_office", area=STREET)
    centre = world.actor("centre_dispatcher")
    with pytest.raises(Invalid) as refused:
        perform(actor=centre, matter=matter, action="dispatch", data={"lead": street.pk})
    assert "上级收回" in refused.value.errors["lead"][0]
    assert dispatch(world, matter, "urban")


def test_an_item_binds_from_its_day_until_its_end(world: World, now: Any) -> None:
    item = put(world, category="E0102", valid_from=date(2026, 12, 1))
    street = world.unit(f"street.{STREET}", kind="street_office", area=STREET)
    assert not registers.refusal("E0102", [street], date(2026, 11, 30))
    assert registers.refusal("E0102", [street], date(2026, 12, 1))
    registers.end_item(actor=world.actor("policy_officer"), item=item, on=date(2027, 1, 1))
    assert not registers.refusal("E0102", [street], date(2027, 1, 1))


def test_a_new_item_of_a_code_ends_the_earlier_one(world: World, now: Any) -> None:
    put(world)
    put(world, valid_from=date(2026, 6, 1), title="违法建设查处（修订）")
    assert [str(i) for i in registers.in_force(date(2026, 5, 31))] == ["S-0900 违法建设查处"]
    assert [i.title for i in registers.in_force(date(2026, 6, 1))] == ["违法建设查处（修订）"]
    with pytest.raises(UserError):
        put(world, valid_from=date(2026, 6, 1))


def test_only_who_keeps_the_registers_writes_them(world: World, now: Any) -> None:
    with pytest.raises(NotHere):
        registers.put_item(actor=world.actor("street_dispatcher"), **ITEM, valid_from=date(2026, 1, 1))


def test_policy_seeds_the_lists_once(world: World, now: Any) -> None:
    for code in ("water_affairs", "housing", "urban"):
        world.unit(code)
    assert registers.seed(actor=system_actor()) == 15
    assert registers.seed(actor=system_actor()) == 0


def test_an_objection_cites_an_item_in_force(world: World, now: Any) -> None:
    item = put(world)
    matter = blow(world)
    (share,) = dispatch(world, matter)
    data = {"reason": "属城管", "item": item.pk, "competent": world.unit("urban").pk}
    perform(actor=handler(world, share), matter=share, action="object", data=data)
    assert Matter.objects.get(kind="objection").objection.item == item


def test_the_lists_are_seeded_by_a_command(world: World, now: Any) -> None:
    from click.testing import CliRunner

    from linli.affairs.objections.cli import group

    world.unit("housing")
    assert CliRunner().invoke(group, ["seed"]).output == "新登记 9 条\n"
