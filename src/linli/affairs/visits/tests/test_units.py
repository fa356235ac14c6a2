"""A round of the units of a place (走访辖区单位): on the walk list, met once, verified by the contact."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.support.lively import account
from tests.support.world import COMMUNITY, World

from linli.affairs.registry import services as registry
from linli.affairs.registry.models import House, OrganisationRecord, Resident
from linli.affairs.visits import field, selectors, services
from linli.affairs.visits.forms import VisitForm
from linli.affairs.visits.models import Round, Visit
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow
from linli.kernel.posts.actors import Actor

TODAY = date(2026, 11, 24)


@pytest.fixture
def shop(worker: Actor, house: House) -> OrganisationRecord:
    return registry.register_organisation(actor=worker, name="银河便利店", category="shop", house=house)


@pytest.fixture
def choir(worker: Actor, house: House) -> OrganisationRecord:
    return registry.register_organisation(actor=worker, name="夕阳红合唱队", category="team", house=house)


@pytest.fixture
def of_units(world: World, shop: OrganisationRecord, choir: OrganisationRecord) -> Round:
    return services.begin_round(
        actor=world.actor("community_secretary"), area=world.node(COMMUNITY), title="消防通道遍访",
        purpose="看安全出口", ends_on=TODAY + timedelta(days=20), whom="bodies",
    )  # fmt: skip


def record(actor: Actor, *, at: Any = None, **typed: Any) -> services.Recorded:
    form = VisitForm(typed, actor=actor, matter=None)
    assert form.is_valid(), form.errors
    return services.record_visit(actor=actor, data=form.cleaned_data, key=str(uuid.uuid4()), at=at)  # noqa: TID251 - a name, not an id


def test_a_round_of_units_brings_shops_and_firms_but_no_teams_and_no_homes(
    worker: Actor, of_units: Round, shop: OrganisationRecord, li: Resident
) -> None:
    assert selectors.unmet(worker, of_units) == [shop.pk]
    rows = {row.name: row for row in selectors.next_visits(worker)}
    found = rows["银河便利店"]
    assert found.body
    assert (found.address, found.lon, found.lat) == ("天马路18号3幢2单元502室", 103.38, 23.36)
    assert any("消防通道遍访" in reason for reason in found.reasons)
    assert "夕阳红合唱队" not in rows


def test_a_unit_that_was_met_leaves_the_list_and_its_record_is_fresh(
    worker: Actor, of_units: Round, shop: OrganisationRecord
) -> None:
    OrganisationRecord.objects.update(next_check_on=TODAY)
    record(worker, organisation=str(shop.pk), words="没人")
    assert selectors.unmet(worker, of_units) == [shop.pk]
    assert selectors.next_visits(worker) == [], "the same door is left alone for some days"
    assert OrganisationRecord.objects.get(pk=shop.pk).next_check_on == TODAY
    done = record(worker, organisation=str(shop.pk), outcome="seen", checked="on")
    assert (done.visit.place, done.visit.person, done.visit.area_id) == ("银河便利店", None, shop.area_id)
    assert selectors.unmet(worker, of_units) == []
    fresh = OrganisationRecord.objects.get(pk=shop.pk)
    assert (fresh.verified_how, fresh.verified_by) == ("seen", worker.post_id)
    assert fresh.next_check_on > TODAY


def test_a_unit_said_to_be_gone_is_due_at_once_and_not_closed(worker: Actor, shop: OrganisationRecord) -> None:
    record(worker, organisation=str(shop.pk), outcome="moved")
    doubted = OrganisationRecord.objects.get(pk=shop.pk)
    assert (doubted.next_check_on, doubted.closed_on) == (TODAY, None)


def test_what_was_promised_to_a_unit_comes_back_first(worker: Actor, shop: OrganisationRecord, now: Any) -> None:
    record(worker, organisation=str(shop.pk), words="见到老板，周五再来看灭火器")
    now.to(clock.at(date(2026, 11, 27), 8))
    row = selectors.next_visits(worker)[0]
    assert (row.name, row.body, row.pressing) == ("银河便利店", True, True)


def test_a_closed_unit_and_one_out_of_reach_are_not_visited(
    world: World, worker: Actor, shop: OrganisationRecord
) -> None:
    stranger = world.actor("community_worker", area="532503001002")
    with pytest.raises(NotHere):
        record(stranger, organisation=str(shop.pk), outcome="seen")
    registry.close_organisation(actor=worker, record=shop)
    with pytest.raises(NotNow):
        record(worker, organisation=str(shop.pk), outcome="seen")
    assert not Visit.objects.exists()


def test_an_unknown_unit_is_said_at_its_field(worker: Actor) -> None:
    form = VisitForm({"organisation": "x", "outcome": "seen"}, actor=worker, matter=None)
    assert not form.is_valid()
    assert "没有这个单位" in str(form.errors["organisation"])


def test_a_round_of_homes_and_one_of_units_run_side_by_side(world: World, of_units: Round, li: Resident) -> None:
    secretary, node, end = world.actor("community_secretary"), world.node(COMMUNITY), TODAY + timedelta(days=9)
    services.begin_round(actor=secretary, area=node, title="汛前遍访", purpose="告知转移路线", ends_on=end)
    with pytest.raises(NotNow):
        services.begin_round(actor=secretary, area=node, title="再访", purpose="再问", ends_on=end, whom="bodies")
    assert {row.whom for row in selectors.rounds(secretary)} == {"homes", "bodies"}


def test_the_phone_carries_the_unit_and_the_page_records_the_visit(
    worker: Actor, of_units: Round, shop: OrganisationRecord, client: Client
) -> None:
    (call,) = field.calls(worker)
    assert (call.title, call.fill) == ("银河便利店", {"organisation": str(shop.pk)})
    client.force_login(account(worker))
    assert f"organisation={shop.pk}" in client.get("/field/visits/").content.decode()
    page = client.get("/field/visits/new/", {"organisation": str(shop.pk)}).content.decode()
    assert "银河便利店" in page
    sent = client.post("/field/visits/new/", {"organisation": str(shop.pk), "outcome": "seen", "key": "k1"})
    assert sent.status_code == 302
    visit = Visit.objects.get()
    assert (visit.organisation_id, visit.outcome) == (shop.pk, "seen")
    card = client.get(f"/desk/registry/organisations/{shop.pk}/?purpose=visit").content.decode()
    assert "见到了" in card


def test_the_secretary_begins_a_round_of_units_at_the_desk(
    world: World, shop: OrganisationRecord, client: Client
) -> None:
    client.force_login(account(world.actor("community_secretary")))
    form = {
        "title": "消防通道遍访", "purpose": "看安全出口", "whom": "bodies", "area": COMMUNITY,
        "ends_on": (TODAY + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert client.post("/desk/visits/rounds/", form).status_code == 302
    page = client.get("/desk/visits/pairings/").content.decode()
    assert "还有 1 家单位没见到" in page
