"""Units on the desk: renamed, and merged into another after a look at what goes over."""

from __future__ import annotations

import html
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.support.world import World

from linli.kernel.matters import sealing, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit
from linli.surfaces.desk.tests.conftest import SignIn, dispatch, file, report

BASIS = "机构改革方案〔2026〕3号"


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def a_task(world: World) -> Matter:
    matter = report()
    file(world, matter)
    return dispatch(world, matter)


def merge(client: Client, unit: Unit, into: Unit, **more: str) -> Any:
    sent = {"into": str(into.pk), "basis": BASIS, **more}
    return client.post(reverse("desk:unit-merge", args=[unit.pk]), sent)


def test_a_unit_is_merged_after_a_look_at_what_goes_over(world: World, desk: SignIn) -> None:
    task, heir = a_task(world), world.unit("housing", name="住建局")
    water, keeper = Unit.objects.get(code="water"), desk("system_admin")
    preview = merge(keeper, water, heir)
    assert preview.status_code == 200
    said = text_of(preview)
    assert "正在办的事项" in said
    assert "有效的权责清单事项" in said
    assert "合并后不能撤销" in said
    assert Unit.objects.get(code="water").active, "a look changes nothing"
    done = merge(keeper, water, heir, confirm="1")
    assert done.status_code == 302
    fresh = Matter.objects.get(pk=task.pk)
    assert fresh.held_unit == heir
    assert sealing.verify_trail(fresh) == []
    page = text_of(desk("community_secretary").get(reverse("desk:matter", args=[task.number])))
    assert "住建局" in page


def test_the_trail_of_what_went_over_says_from_whom_to_whom_and_by_which_document(world: World, desk: SignIn) -> None:
    task, heir = a_task(world), world.unit("housing", name="住建局")
    merge(desk("system_admin"), Unit.objects.get(code="water"), heir, confirm="1")
    last = selectors.timeline(Matter.objects.get(pk=task.pk))[-1]
    assert (last.entry.action, last.payload) == ("unit_merged", {"from": "water", "to": "住建局", "basis": BASIS})
    page = text_of(desk("community_secretary").get(reverse("desk:matter", args=[task.number])))
    assert "单位合并，由承接单位继续办" in page
    assert BASIS in page


def test_the_page_of_a_merged_unit_leads_to_its_successor_and_offers_no_more_changes(
    world: World, desk: SignIn
) -> None:
    water, heir, keeper = world.unit("water"), world.unit("housing", name="住建局"), desk("system_admin")
    merge(keeper, water, heir, confirm="1")
    page = text_of(keeper.get(reverse("desk:unit", args=[water.pk])))
    assert "并入了住建局" in page
    assert reverse("desk:unit", args=[heir.pk]) in page
    assert reverse("desk:unit-merge", args=[water.pk]) not in page
    assert keeper.get(reverse("desk:unit-merge", args=[water.pk])).status_code == 404
    assert merge(keeper, water, heir, confirm="1").status_code == 404


def test_a_merger_without_a_successor_or_a_document_or_into_itself_is_refused_and_what_was_typed_stays(
    world: World, desk: SignIn
) -> None:
    water, keeper = world.unit("water"), desk("system_admin")
    where = reverse("desk:unit-merge", args=[water.pk])
    answer = keeper.post(where, {"into": "", "basis": BASIS, "confirm": "1"})
    assert answer.status_code == 422
    assert BASIS in text_of(answer)
    assert keeper.post(where, {"into": str(world.unit("housing").pk), "basis": ""}).status_code == 422
    assert merge(keeper, water, water, confirm="1").status_code == 422
    assert Unit.objects.get(pk=water.pk).active


def test_who_does_not_keep_units_finds_neither_form(world: World, desk: SignIn) -> None:
    water, other = world.unit("water"), desk("community_secretary")
    page = text_of(other.get(reverse("desk:unit", args=[water.pk])))
    for name in ("desk:unit-merge", "desk:unit-rename"):
        assert reverse(name, args=[water.pk]) not in page
        assert other.get(reverse(name, args=[water.pk])).status_code == 404
        assert other.post(reverse(name, args=[water.pk]), {"name": "别的"}).status_code == 404


def test_a_unit_is_renamed_and_keeps_what_it_has_in_hand(world: World, desk: SignIn) -> None:
    task, keeper = a_task(world), desk("system_admin")
    water = Unit.objects.get(code="water")
    where = reverse("desk:unit-rename", args=[water.pk])
    assert keeper.post(where, {"name": " ", "short_name": ""}).status_code == 422
    done = keeper.post(where, {"name": "水务和湖泊管理局", "short_name": "水务局"})
    assert done.status_code == 302
    assert Matter.objects.get(pk=task.pk).held_unit == water
    assert "水务局" in text_of(desk("community_secretary").get(reverse("desk:matter", args=[task.number])))
