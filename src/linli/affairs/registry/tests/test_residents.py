"""Residents: registered once, verified by contact, moved with their history; identity needs a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.support.world import COMMUNITY, OTHER_STREET, World

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Fact, Home, Residency, Resident, Vault
from linli.affairs.registry.services.guards import Elsewhere
from linli.affairs.registry.services.residents import Known
from linli.affairs.registry.tests.support import number
from linli.kernel import clock, people
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.people.models import Household, Membership

pytestmark = pytest.mark.django_db


def register(keeper, house, name="李桂兰", **more) -> Resident:
    return services.register_resident(actor=keeper, name=name, house=house, **more)


def test_a_resident_is_one_kernel_person_and_lives_in_a_house(keeper, house) -> None:
    found = register(keeper, house, id_number=number(date(1952, 3, 4)), phone="13800001111", how="paper")
    assert found.person.name == "李桂兰"
    assert found.born_on == date(1952, 3, 4)
    assert people.find_by_phone("13800001111") == found.person
    card = selectors.card(keeper, found)
    assert card.residencies[0].house_id == house.pk
    assert card.id_number.startswith("532")
    assert "19520304" not in card.id_number


def test_a_number_that_is_registered_is_not_registered_twice(keeper, house) -> None:
    first = register(keeper, house, id_number=number(date(1952, 3, 4)))
    with pytest.raises(Known) as refused:
        register(keeper, house, name="李桂花", id_number=number(date(1952, 3, 4)))
    assert refused.value.resident == first


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("532503195203049931", "校验位"),
        (number(date(2019, 2, 28))[:12] + "30" + "9930", "校验位"),
        ("99999919520304993X", ""),
    ],
)
def test_a_wrong_number_is_refused_at_its_field(keeper, house, given: str, says: str) -> None:
    with pytest.raises(UserError) as refused:
        register(keeper, house, id_number=given)
    assert refused.value.field == "number"
    assert says in str(refused.value)


def test_an_impossible_birth_date_is_refused(keeper, house) -> None:
    with pytest.raises(UserError) as refused:
        register(keeper, house, born_on=date(1850, 1, 1))
    assert refused.value.field == "born_on"


@pytest.mark.parametrize("name", ["㐁", "买买提·吐尔逊", "阿卜杜热西提·阿卜杜热合曼·艾则孜·买买提明江"])
def test_rare_and_long_names_are_kept_and_found(keeper, house, name: str) -> None:
    from linli.affairs.registry.search import box

    found = register(keeper, house, name=name)
    assert [hit.id for hit in box.find(keeper, name).rows] == [found.pk]


def test_a_childs_number_lies_in_the_vault_only(world: World, keeper, house) -> None:
    born = clock.today() - timedelta(days=365 * 6)
    child = register(keeper, house, name="小明", id_number=number(born))
    assert child.id_number == ""
    assert Vault.objects.get(resident=child).group == "minor"
    with pytest.raises(NotHere):
        services.open_safe(actor=keeper, resident=child, group="minor", reason="核对学籍信息")
    secretary = world.actor("community_secretary")
    assert services.open_safe(actor=secretary, resident=child, group="minor", reason="核对学籍信息") == number(born)
    assert selectors.card(keeper, child).name == "小*"
    assert selectors.card(secretary, child).name == "小明"


def test_health_needs_a_separate_consent(world: World, keeper, house) -> None:
    from linli.kernel import privacy

    resident = register(keeper, house)
    secretary = world.actor("community_secretary")
    with pytest.raises(UserError, match="同意"):
        services.keep_safe(actor=secretary, resident=resident, group="health", text="需透析", purpose="接送")
    privacy.give_consent(
        actor=secretary, person=resident.person, purpose="registry.vault.health", notice="只用于接送", how="paper"
    )
    services.keep_safe(actor=secretary, resident=resident, group="health", text="需透析", purpose="接送")
    assert services.open_safe(actor=secretary, resident=resident, group="health", reason="安排接送") == "需透析"
    assert [look.what for look in privacy.log_for(resident.person)] == ["健康专柜"]


def test_nobody_at_home_refreshes_nothing(keeper, house) -> None:
    resident = register(keeper, house)
    services.verify(actor=keeper, resident=resident, outcome="nobody")
    assert Residency.objects.get(resident=resident).verified_how == ""
    services.verify(actor=keeper, resident=resident, outcome="right", how="seen")
    lived = Residency.objects.get(resident=resident)
    assert lived.verified_how == "seen"
    assert lived.next_check_on == clock.today() + timedelta(days=180)


def test_right_without_a_contact_is_not_verified(keeper, house) -> None:
    resident = register(keeper, house)
    with pytest.raises(UserError) as refused:
        services.verify(actor=keeper, resident=resident, outcome="right")
    assert refused.value.field == "how"


def test_where_somebody_lived_on_a_day_stays_answerable(world: World, keeper, house) -> None:
    from linli.affairs.registry.selectors.people import lived_on

    other = services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address="天马路20号101室")
    today = clock.today()
    resident = register(keeper, house, on=today - timedelta(days=100))
    services.set_registration(actor=keeper, resident=resident, house=house, on=today - timedelta(days=100))
    services.move(actor=keeper, resident=resident, house=other, on=today - timedelta(days=10))
    assert [r.house_id for r in lived_on(resident, today - timedelta(days=50)) if r.kind == "lives"] == [house.pk]
    assert [r.house_id for r in lived_on(resident, today) if r.kind == "lives"] == [other.pk]
    assert selectors.card(keeper, resident).apart


def test_moving_out_before_moving_in_is_refused(world: World, keeper, house) -> None:
    other = services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address="天马路20号101室")
    resident = register(keeper, house)
    with pytest.raises(UserError) as refused:
        services.move(actor=keeper, resident=resident, house=other, on=clock.today() - timedelta(days=5))
    assert refused.value.field == "on"


def test_another_communitys_post_may_not_write_here(world: World, house) -> None:
    stranger = world.actor("community_worker", area=OTHER_STREET, unit="elsewhere")
    with pytest.raises(Elsewhere):
        register(stranger, house)


def test_a_new_name_needs_a_second_person(world: World, keeper, house) -> None:
    resident = register(keeper, house)
    matter = services.ask_change(
        actor=keeper, resident=resident, field="name", value="李桂花", evidence="户口簿", reason="登记时写错"
    )
    resident.person.refresh_from_db()
    assert resident.person.name == "李桂兰"
    with pytest.raises(UserError):
        perform(actor=keeper, matter=matter, action="approve", data={})
    perform(actor=world.actor("community_secretary"), matter=matter, action="approve", data={"note": "已核对"})
    resident.person.refresh_from_db()
    assert resident.person.name == "李桂花"
    from linli.affairs.registry.search import box

    assert [hit.label for hit in box.find(keeper, "李桂花").rows] == ["李桂花"]
    assert box.find(keeper, "李桂兰").total == 0


def test_the_same_change_cannot_wait_twice(keeper, house) -> None:
    resident = register(keeper, house)
    ask = {"actor": keeper, "resident": resident, "field": "name", "evidence": "户口簿"}
    services.ask_change(value="李桂花", **ask)
    with pytest.raises(NotNow):
        services.ask_change(value="李桂华", **ask)


def test_an_agreed_death_stops_everything_at_once(world: World, keeper, house) -> None:
    resident = register(keeper, house, phone="13800001111")
    services.put_tag(actor=keeper, resident=resident, code="alone")
    matter = services.ask_change(
        actor=keeper, resident=resident, field="death", value=clock.today().isoformat(), evidence="医学死亡证明"
    )
    perform(actor=world.actor("community_secretary"), matter=matter, action="approve", data={"note": ""})
    resident.refresh_from_db()
    assert resident.state == Resident.State.DIED
    assert not people.may_be_messaged(resident.person)
    assert selectors.wanted(keeper) == []
    with pytest.raises(NotNow):
        services.put_tag(actor=keeper, resident=resident, code="alone")


def test_a_household_has_one_head_who_changes_with_a_second_person(world: World, keeper, house) -> None:
    wife, husband = register(keeper, house), register(keeper, house, name="王国庆")
    home = services.form_household(actor=keeper, house=house, members={husband.pk: "head", wife.pk: "spouse"})
    matter = services.ask_change(actor=keeper, resident=wife, field="head", value=str(home.pk), evidence="户口簿")
    perform(actor=world.actor("community_secretary"), matter=matter, action="approve", data={"note": ""})
    heads = Membership.objects.filter(household=home, relation="head", valid_to=None)
    assert [m.person_id for m in heads] == [wife.pk]


def test_a_tag_comes_from_the_dictionary_and_ends(world: World, keeper, house) -> None:
    resident = register(keeper, house)
    with pytest.raises(UserError, match="字典"):
        services.put_tag(actor=keeper, resident=resident, code="troublemaker")
    with pytest.raises(UserError) as refused:
        services.put_tag(actor=keeper, resident=resident, code="alone", until=clock.today() + timedelta(days=400))
    assert refused.value.field == "until"
    tag = services.put_tag(actor=keeper, resident=resident, code="alone")
    assert tag.holder_id == keeper.post_id
    assert tag.expires_on == clock.today() + timedelta(days=180)


def test_whom_to_see_next_follows_the_tag_and_the_last_contact(keeper, house, linli_clock) -> None:
    resident = register(keeper, house)
    services.put_tag(actor=keeper, resident=resident, code="alone")
    assert selectors.wanted(keeper) == []
    later = clock.today() + timedelta(days=8)
    assert [w.tag for w in selectors.wanted(keeper, on=later)] == ["alone"]
    services.verify(actor=keeper, resident=resident, outcome="nobody")
    assert [w.tag for w in selectors.wanted(keeper, on=later)] == ["alone"]


def test_what_a_bureau_owns_is_not_collected(keeper, house) -> None:
    resident = register(keeper, house)
    with pytest.raises(UserError, match="医保局"):
        services.set_fact(actor=keeper, resident=resident, name="medical_cover", value="职工")
    services.set_fact(actor=keeper, resident=resident, name="gas", value="瓶装气", how="seen")
    assert Fact.objects.get(resident=resident).value == "瓶装气"


def test_villages_name_houses_by_place_and_head(world: World, keeper) -> None:
    with pytest.raises(UserError, match="门牌"):
        services.register_village_house(actor=keeper, area=world.node(COMMUNITY).id, place="大屯", head="王建国")
    from linli.kernel import areas

    village = next(n for n in areas.tree() if n.kind == "villager")
    worker = world.actor("community_worker", area=village.code)
    first = services.register_village_house(actor=worker, area=village.id, place="大屯", head="王建国")
    second = services.register_village_house(actor=worker, area=village.id, place="大屯", head="王建军")
    head = services.register_resident(actor=worker, name="王建国", house=first)
    home = services.form_household(actor=worker, house=first, members={head.pk: "head"})
    services.set_homes(actor=worker, household=Household.objects.get(pk=home.pk), houses=[first, second])
    assert {h.house_id for h in selectors.card(worker, head).homes} == {first.pk, second.pk}
    services.go_away(actor=worker, resident=head, until=clock.today() + timedelta(days=90))
    head.refresh_from_db()
    assert head.state == Resident.State.AWAY


def test_an_address_that_matches_two_houses_is_not_guessed(world: World, keeper, house) -> None:
    from linli.affairs.registry.services.places import Ambiguous, find_house

    other = world.node(COMMUNITY).code[:9]
    sister = next(
        n
        for n in __import__("linli.kernel.areas", fromlist=["tree"]).tree().under(other)
        if n.level == "community" and n.code != COMMUNITY
    )
    there = world.actor("community_worker", area=sister.code)
    services.register_house(actor=there, area=sister.id, address="天马路18号三栋二单元502")
    with pytest.raises(Ambiguous) as refused:
        find_house("天马路18号3幢2单元502室")
    assert refused.value.field == "address"


def test_a_large_place_is_added_up_from_what_was_counted_by_building(
    world: World, keeper, house, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.affairs.registry.selectors import places
    from linli.affairs.registry.services import headcounts

    head = services.register_resident(actor=keeper, name="张大爷", house=house)
    services.register_resident(actor=keeper, name="住在外面的人", area=world.node(COMMUNITY).id)
    other = services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address="天马路20号1幢101室")
    household = services.form_household(actor=keeper, house=house, members={head.pk: "head"})
    Home.objects.create(household_id=household.pk, house=other, valid_from=clock.today())
    services.set_use(actor=keeper, house=other, use="empty")
    services.register_organisation(actor=keeper, name="银河便利店", category="shop", house=house)
    headcounts.recount()
    drawn = {"buildings": [house.building_id, other.building_id]}
    live = [selectors.counts(keeper), selectors.counts(keeper, **drawn)]
    monkeypatch.setattr(places, "LARGE", 0)
    monkeypatch.setattr(places, "MANY", 0)
    kept = [selectors.counts(keeper), selectors.counts(keeper, **drawn)]
    assert all(one.at is None for one in live)
    assert all(one.at is not None for one in kept)
    assert [replace(one, at=None) for one in kept] == live
