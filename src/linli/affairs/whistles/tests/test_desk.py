"""Whistles on the desk: the order, each page on the way, the queues and registers, the month."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE
from linli.affairs.whistles.tests.support import WORDS, again, answer, blow, come, dispatch, evaluate, handler, verify
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Account
from linli.kernel.posts.actors import Actor


def client_of(actor: Actor) -> Client:
    client = Client()
    account = Account.objects.filter(person=actor.person).first()
    client.force_login(
        account or Account.objects.create_user(str(actor.post_id), "x", person=actor.person),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def page(actor: Actor, matter: Matter) -> str:
    response = client_of(actor).get(reverse("desk:matter", args=[matter.number]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_street_registers_a_whistle_and_sees_its_page(world: World, now: Any) -> None:
    street = client_of(world.actor("street_dispatcher"))
    shown = street.get(reverse("whistles:new")).content.decode()
    assert "为什么本级办不了" in shown
    assert reverse("whistles:new") in shown, "the door stands in the column"
    refused = street.post(reverse("whistles:new"), {**WORDS, "type": "regular", "reason": "", "key": "a"})
    assert refused.status_code == 422
    assert "河道污水外溢" in refused.content.decode(), "what was typed is kept"
    done = street.post(reverse("whistles:new"), {**WORDS, "type": "regular", "key": "b"})
    matter = Matter.objects.get(kind="whistle")
    assert done.headers["Location"] == reverse("desk:matter", args=[matter.number])
    shown = page(world.actor("street_dispatcher"), matter)
    assert "管网归排水公司" in shown
    assert "常规哨" in shown


def test_who_may_not_blow_finds_no_order(world: World, now: Any) -> None:
    water = client_of(world.actor("department_handler", unit="water"))
    assert water.get(reverse("whistles:new")).status_code == 404


def test_every_page_on_the_way_opens_for_whoever_it_waits_for(world: World, now: Any) -> None:
    matter = blow(world, category="E0102")
    assert "受理派哨" in page(world.actor("centre_dispatcher"), matter)
    (share,) = dispatch(world, matter)
    unit = handler(world, share)
    assert "签收" in page(unit, share)
    come(world, share)
    assert "盘龙江桥头" in page(unit, share)
    data = {"reason": "不归我管", "basis": "条例第三条", "competent": world.unit("housing").pk}
    perform(actor=unit, matter=share, action="object", data=data)
    objection = Matter.objects.get(kind="objection")
    assert "条例第三条" in page(world.actor("shift_leader"), objection)
    answer(world, share)
    assert "核实通过" in page(world.actor("street_inspector"), matter)
    verify(world, matter)
    evaluate(world, matter)
    assert "100.0 分" in page(world.actor("street_leader"), matter)
    assert "一哨一考核" in page(world.actor("centre_dispatcher"), again(share))


def test_each_step_has_its_queue_and_each_kind_its_register(world: World, now: Any) -> None:
    matter = blow(world)
    centre = client_of(world.actor("centre_dispatcher"))
    assert matter.number in centre.get(reverse("desk:queue", args=["whistle-dispatch"])).content.decode()
    (share,) = dispatch(world, matter)
    unit = client_of(handler(world, share))
    assert share.number in unit.get(reverse("desk:queue", args=["report-in"])).content.decode()
    for key in ("whistles", "report-ins", "remainders", "objections"):
        assert centre.get(reverse("desk:list", args=[key])).status_code == 200
    found = centre.get(reverse("desk:list", args=["whistles"]), {"level": "community"}).content.decode()
    assert matter.number not in found


def test_a_step_is_done_with_the_form_of_the_page(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    street = client_of(world.actor("street_leader"))
    where = reverse("desk:act", args=[matter.number, "rate_units"])
    assert "water" in street.get(where).content.decode()
    done = street.post(where, {"good": [str(share.pk)], "version": again(matter).version, "key": "k"})
    assert done.status_code == 302
    assert again(share).report_in.street_grade == "good"
    shown = page(world.actor("street_leader"), matter)
    assert "满意的单位" in shown
    assert str(share.pk) not in shown, "the trail names the unit, not its key"


def test_a_street_chooses_the_type_itself_and_the_place_is_not_called_optional(world: World, now: Any) -> None:
    street = client_of(world.actor("street_dispatcher"))
    shown = street.get(reverse("whistles:new")).content.decode()
    assert "选填" not in shown[shown.index("所在社区或网格") : shown.index("地点")]
    refused = street.post(reverse("whistles:new"), {**WORDS, "key": "a"})
    assert refused.status_code == 422
    assert WORDS["reason"] in refused.content.decode(), "what was typed is kept"


def test_the_months_publication_ranks_units_and_names_nobody(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter)
    shown = client_of(world.actor("centre_director")).get(reverse("whistles:month", args=[2026, 11])).content.decode()
    assert "water" in shown
    assert handler(world, share).person.name not in shown


@pytest.mark.parametrize(("year", "month"), [(2026, 12), (2026, 13), (1999, 1)])
def test_a_month_that_has_not_been_is_not_there(world: World, now: Any, year: int, month: int) -> None:
    director = client_of(world.actor("centre_director"))
    assert director.get(reverse("whistles:month", args=[year, month])).status_code == 404


def test_a_case_leads_to_the_order_that_knows_already_what_the_case_says(world: World, now: Any) -> None:
    case = perform(
        process=CASE, action="register", actor=world.actor("street_dispatcher"),
        data={"description": "桥下污水外溢", "area": COMMUNITY, "channel": "phone", "category": "E0102"},
    ).matter  # fmt: skip
    street = world.actor("street_dispatcher")
    shown = page(street, case)
    link = f"{reverse('whistles:new')}?cases={case.number}"
    assert link in shown
    order = client_of(street).get(link).content.decode()
    assert "桥下污水外溢" in order
    assert case.number in order
    assert link not in page(world.actor("call_backer"), case), "who may not blow is not led there"
