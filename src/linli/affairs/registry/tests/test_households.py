"""Households over time, who has a house, the vault's page, a place drawn on the map: over HTTP, as a clerk works."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in, statements

from linli.affairs.registry import services
from linli.affairs.registry.models import (
    Home,
    House,
    HouseMerge,
    Lookup,
    PendingChange,
    Residency,
    Resident,
    Tenure,
    Vault,
)
from linli.affairs.registry.tests.support import number
from linli.kernel import areas, clock, privacy
from linli.kernel.areas.models import Kind, Level
from linli.kernel.errors import UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Household, Membership
from linli.kernel.privacy.models import Consent

pytestmark = pytest.mark.django_db
Members = dict[str, Resident]


@pytest.fixture
def people(keeper, house) -> Members:
    named = {"head": "李建国", "wife": "王秀英", "son": "李小军", "aunt": "李桂芳"}
    return {
        key: services.register_resident(actor=keeper, name=name, house=house, id_number=number(date(1960 + at, 3, 4)))
        for at, (key, name) in enumerate(named.items())
    }


@pytest.fixture
def household(keeper, house, people: Members) -> Household:
    relations = {people["head"].pk: "head", people["wife"].pk: "spouse", people["son"].pk: "child"}
    return services.form_household(actor=keeper, house=house, members=relations, number="H7", on=date(2025, 5, 1))


@pytest.fixture
def clerk(keeper) -> Client:
    browser = signed_in(keeper)
    browser.get("/desk/registry/?purpose=visit")
    return browser


def present(household: Household) -> dict[str, str]:
    rows = Membership.objects.filter(household=household, valid_to=None).select_related("person")
    return {row.person.name: row.relation for row in rows}


def test_a_household_is_founded_from_who_lives_in_a_house(clerk: Client, house, people: Members) -> None:
    page = clerk.get(f"/desk/registry/houses/{house.pk}/household/").content.decode()
    assert "李桂芳" in page
    keys = [str(people["head"].pk), str(people["wife"].pk)]
    form = {"members": keys, "head": str(people["aunt"].pk), "on": "2026-01-05", "number": "H9"}
    refused = clerk.post(f"/desk/registry/houses/{house.pk}/household/", form)
    assert refused.status_code == 422
    assert "成员里选" in refused.content.decode()
    done = clerk.post(f"/desk/registry/houses/{house.pk}/household/", form | {"head": keys[0]})
    made = Household.objects.get()
    assert done.headers["Location"].endswith(f"/households/{made.pk}/")
    assert present(made) == {"李建国": "head", "王秀英": "other"}
    assert Home.objects.get(household=made).number == "H9"


def test_a_households_card_shows_members_over_time_and_a_fixed_number_of_statements(
    clerk: Client, keeper, household: Household, people: Members
) -> None:
    address = f"/desk/registry/households/{household.pk}/"
    clerk.get(address)
    with CaptureQueriesContext(connection) as captured:
        first = clerk.get(address).content.decode()
    before = len(statements(captured))
    assert {"李建国", "H7"} <= set(first.replace("<", " ").replace(">", " ").split())
    member = Membership.objects.get(household=household, person=people["son"].pk)
    services.leave(actor=keeper, membership=member, on=date(2026, 2, 1))
    services.join(actor=keeper, household=household, resident=people["aunt"], relation="sibling", on=date(2026, 2, 3))
    with CaptureQueriesContext(connection) as captured:
        page = clerk.get(address).content.decode()
    assert "以前的成员" in page
    assert "2026-02-01" in page
    assert len(statements(captured)) == before
    assert Lookup.objects.filter(by="household").count() == 3


def test_somebody_joins_by_phone_and_leaves_where_they_were(clerk: Client, keeper, household, people: Members) -> None:
    services.set_phone(actor=keeper, resident=people["aunt"], phone="13800007777")
    other = services.form_household(
        actor=keeper, house=household.homes.get().house, members={people["aunt"].pk: "head"}, on=date(2025, 5, 1)
    )
    address = f"/desk/registry/households/{household.pk}/join/"
    form = {"who": "", "other": "13800007777", "relation": "sibling", "on": "2026-02-03"}
    assert clerk.post(address, form | {"other": "13900000000"}).status_code == 422
    assert clerk.post(address, form).status_code == 302
    assert present(household)["李桂芳"] == "sibling"
    other.refresh_from_db()
    assert other.valid_to == date(2026, 2, 3), "a household ends with its last member"


def test_a_head_changes_only_when_a_second_person_agrees(
    clerk: Client, world: World, household: Household, people: Members
) -> None:
    address = f"/desk/registry/households/{household.pk}/head/"
    form = {"who": str(people["wife"].pk), "evidence": "户口簿变更页"}
    assert clerk.post(address, form).status_code == 302
    assert present(household)["李建国"] == "head"
    assert "正在等第二人核对" in clerk.get(f"/desk/registry/households/{household.pk}/").content.decode()
    agree(world)
    assert present(household) == {"李建国": "other", "王秀英": "head", "李小军": "child"}


def agree(world: World) -> None:
    matter = Matter.objects.get(kind="change")
    part = Matter.objects.filter(root=matter.root, is_open=True).exclude(pk=matter.pk).first() or matter
    perform(actor=world.actor("community_secretary"), matter=part, action="approve", data={"reason": "核对过户口簿"})


def test_a_split_leaves_the_head_and_a_joining_waits_for_a_second_person(
    clerk: Client, world: World, keeper, household: Household, people: Members
) -> None:
    where = services.register_house(actor=keeper, area=household.area_id, address="天马路20号1幢101室")
    address = f"/desk/registry/households/{household.pk}/split/"
    son = str(people["son"].pk)
    form = {"members": [son], "head": son, "address": "天马路20号1幢101", "number": "H8", "on": "2026-02-01"}
    refused = clerk.post(address, form | {"address": "天上路1号"})
    assert refused.status_code == 422
    assert "登记房屋" in refused.content.decode()
    done = clerk.post(address, form)
    assert done.status_code == 302, done.content.decode()
    made = Household.objects.exclude(pk=household.pk).get()
    assert present(made) == {"李小军": "head"}
    assert present(household) == {"李建国": "head", "王秀英": "spouse"}
    assert Home.objects.get(household=made).house_id == where.pk
    with pytest.raises(UserError, match="户主留在原户"):
        services.split(actor=keeper, household=household, members={people["head"].pk: "head"}, house=where)

    joining = {"into": str(household.pk), "evidence": "双方签字"}
    assert clerk.post(f"/desk/registry/households/{made.pk}/absorb/", joining).status_code == 302
    assert present(made) == {"李小军": "head"}, "nothing changes before somebody else agrees"
    agree(world)
    made.refresh_from_db()
    assert made.valid_to is not None, "the household that joined has ended"
    assert present(household) == {"李建国": "head", "王秀英": "spouse", "李小军": "other"}
    assert PendingChange.objects.get().state == "done"
    late = {"who": "", "other": number(date(1963, 3, 4)), "relation": "other", "on": "2026-03-01"}
    assert clerk.post(f"/desk/registry/households/{made.pk}/join/", late).status_code == 422


def test_a_head_does_not_leave_others_behind(keeper, household: Household) -> None:
    head = Membership.objects.get(household=household, relation="head")
    with pytest.raises(UserError, match="申请改由另一位"):
        services.leave(actor=keeper, membership=head)


def test_owners_and_tenants_have_their_time(clerk: Client, house, people: Members) -> None:
    address = f"/desk/registry/houses/{house.pk}"
    base = {"role": "owner", "who": str(people["head"].pk), "other": "", "body": "", "source": "visit", "how": "paper"}
    assert clerk.post(f"{address}/tenure/", base | {"on": "2020-01-01"}).status_code == 302
    assert clerk.post(f"{address}/tenure/", base | {"on": "2021-01-01"}).status_code == 422, "said twice"
    both = clerk.post(f"{address}/tenure/", base | {"other": "李桂芳", "on": "2021-01-01"})
    assert "只填一样" in both.content.decode()
    assert (
        clerk.post(f"{address}/tenure/", base | {"who": str(people["aunt"].pk), "on": "2022-01-01"}).status_code == 302
    )
    tenant = base | {"role": "tenant", "who": str(people["son"].pk), "on": "2022-06-01"}
    assert clerk.post(f"{address}/tenure/", tenant).status_code == 302
    owners = list(Tenure.objects.filter(role="owner").order_by("valid_from").values_list("valid_from", "valid_to"))
    assert owners == [(date(2020, 1, 1), date(2022, 1, 1)), (date(2022, 1, 1), None)]
    house.refresh_from_db()
    assert house.use == House.Use.LET
    lease = Tenure.objects.get(role="tenant")
    early = clerk.post(f"{address}/end/", {"tenure": str(lease.pk), "on": "2022-05-01"})
    assert early.status_code == 422
    assert clerk.post(f"{address}/end/", {"tenure": str(lease.pk), "on": "2023-01-01"}).status_code == 302
    page = clerk.get(f"{address}/").content.decode()
    assert "2020-01-01" in page
    assert "2023-01-01" in page
    assert '<svg viewBox="0 0 640' in page, "who was here when is drawn as well"


def a_village() -> areas.Node:
    return next(n for n in areas.tree() if n.level == Level.COMMUNITY and n.kind == Kind.VILLAGER)


def test_a_village_house_has_a_name_and_a_household_several_of_them(world: World) -> None:
    village = a_village()
    worker = world.actor("community_worker", area=village.code)
    browser = signed_in(worker)
    browser.get("/desk/registry/?purpose=visit")
    form = {"area": village.code, "address": "", "place": "水塘自然村", "head": "", "use": "own"}
    assert "地名和户主" in browser.post("/desk/registry/new/house/", form).content.decode()
    for place in ("水塘自然村", "老寨"):
        assert browser.post("/desk/registry/new/house/", form | {"place": place, "head": "刀·玉罕"}).status_code == 302
    first, second = House.objects.order_by("pk")
    assert first.label == "水塘自然村 刀·玉罕家"
    member = services.register_resident(actor=worker, name="刀·玉罕", house=first)
    household = services.form_household(actor=worker, house=first, members={member.pk: "head"})
    both = {"kept": [str(first.pk)], "more": second.label, "on": clock.today().isoformat()}
    assert browser.post(f"/desk/registry/households/{household.pk}/homes/", both).status_code == 302
    assert Home.objects.filter(household=household, valid_to=None).count() == 2


def test_in_a_town_a_household_has_one_house_and_a_house_a_number(clerk: Client, keeper, household: Household) -> None:
    assert 'name="head"' not in clerk.get("/desk/registry/new/house/").content.decode()
    services.register_house(actor=keeper, area=household.area_id, address="天马路20号1幢101室")
    kept = [str(key) for key in Home.objects.values_list("house_id", flat=True)]
    form = {"kept": kept, "more": "天马路20号1幢101室", "on": "2026-02-01"}
    refused = clerk.post(f"/desk/registry/households/{household.pk}/homes/", form)
    assert refused.status_code == 422
    assert "只有村里" in refused.content.decode()


def test_the_vault_takes_nothing_without_consent_and_forgets_it_with_the_consent(world: World, people: Members) -> None:
    secretary = world.actor("community_secretary")
    browser = signed_in(secretary)
    browser.get("/desk/registry/?purpose=visit")
    who = people["aunt"]
    address = f"/desk/registry/residents/{who.pk}/vault/"
    form = {"group": "health", "text": "糖尿病，需送药上门", "purpose": "送药", "agreed": "", "guardian": ""}
    refused = browser.post(f"{address}keep/", form)
    assert refused.status_code == 422
    assert "单独同意" in refused.content.decode()
    assert not Consent.objects.exists()
    assert browser.post(f"{address}keep/", form | {"agreed": "paper"}).status_code == 302
    page = browser.get(address).content.decode()
    assert "糖尿病" not in page, "the page shows no content"
    assert "还没有人打开过" in page
    opened = browser.post(f"/desk/registry/residents/{who.pk}/open/", {"group": "health", "reason": "今天去送药"})
    assert "糖尿病" in opened.content.decode()
    page = browser.get(address).content.decode()
    assert "今天去送药" in page
    worker = signed_in(world.actor("community_worker"))
    assert worker.get(address).status_code == 404
    consent = Consent.objects.get()
    assert "健康" in consent.notice
    privacy.withdraw_consent(actor=secretary, consent=consent)
    assert not Vault.objects.exists()


def test_a_place_drawn_on_the_map_gives_counts_and_names_only_for_a_stated_task(
    world: World, clerk: Client, house, people: Members
) -> None:
    secretary = world.actor("community_secretary")
    services.locate_buildings(actor=secretary, points={house.building_id: (103.38, 23.37)})
    square = {
        "type": "Polygon",
        "coordinates": [[[103.3, 23.3], [103.4, 23.3], [103.4, 23.4], [103.3, 23.4], [103.3, 23.3]]],
    }
    page = clerk.get("/desk/registry/map/", {"area": COMMUNITY, "shape": json.dumps(square)}).content.decode()
    assert "圈出的范围里有" in page
    assert "李建国" not in page
    Lookup.objects.all().delete()
    form = {"area": COMMUNITY, "shape": json.dumps(square), "task": ""}
    refused = clerk.post("/desk/registry/map/", form)
    assert refused.status_code == 422
    assert "哪项任务" in refused.content.decode()
    assert not Lookup.objects.exists()
    named = clerk.post("/desk/registry/map/", form | {"task": "台风前转移老人"}).content.decode()
    assert "李建国" in named
    note = Lookup.objects.get()
    assert "台风前转移老人" in note.purpose
    assert len(note.listed) == 4
    elsewhere = clerk.get("/desk/registry/map/", {"area": "532503001"})
    assert elsewhere.status_code == 404


def test_with_the_keyboard_buildings_are_ticked_instead(clerk: Client, house, people: Members) -> None:
    page = clerk.get("/desk/registry/map/", {"area": COMMUNITY}).content.decode()
    assert f'value="{house.building_id}"' in page
    form = {"area": COMMUNITY, "building": [str(house.building_id)], "task": "核对燃气软管"}
    assert "王秀英" in clerk.post("/desk/registry/map/", form).content.decode()
    broken = clerk.get("/desk/registry/map/", {"area": COMMUNITY, "shape": '{"type": "Polygon", "coordinates": []}'})
    assert broken.status_code == 422
    assert "至少三个点" in broken.content.decode()


def test_a_whole_community_is_not_listed_without_drawing(clerk: Client, people: Members) -> None:
    refused = clerk.post("/desk/registry/map/", {"area": COMMUNITY, "task": "全员核对信息"})
    assert refused.status_code == 422
    assert "先圈出范围" in refused.content.decode()
    assert "李建国" not in refused.content.decode()


def test_a_house_registered_twice_is_merged_and_given_back_exactly(
    world: World, keeper, house, household: Household, people: Members
) -> None:
    double = services.register_house(actor=keeper, area=house.area_id, address="天马路18号3幢2单元502后门")
    services.move(actor=keeper, resident=people["aunt"], house=double)
    services.set_tenure(actor=keeper, house=double, role="tenant", person=people["aunt"].person)

    def hung() -> list[object]:
        return [list(model.objects.order_by("pk").values()) for model in (Residency, Home, Tenure, House)]

    before = hung()
    checker = signed_in(world.actor("community_secretary"))
    checker.get("/desk/registry/?purpose=visit")
    address = f"/desk/registry/houses/{house.pk}/same/"
    missing = checker.post(address, {"other": "天上路1号", "reason": "上门看过"})
    assert missing.status_code == 422
    assert checker.post(address, {"other": double.label, "reason": "上门看过"}).status_code == 302
    assert {r.house_id for r in Residency.objects.filter(valid_to=None)} == {house.pk}
    page = checker.get(f"/desk/registry/houses/{double.pk}/").content.decode()
    assert f"<h1>{house.label}</h1>" in page, "who opens the other one comes to the house that stands"
    again = checker.post(address, {"other": double.label, "reason": "上门看过"})
    assert again.status_code == 422
    merge = HouseMerge.objects.get()
    assert checker.post(f"/desk/registry/houses/{house.pk}/apart/", {"merge": str(merge.pk)}).status_code == 302
    assert hung() == before
