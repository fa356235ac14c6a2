"""The resident's own page: what is held, who looked, put right, delete; own data need a checked identity."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in, statements

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Fact, Offer, Residency, Tag
from linli.affairs.registry.tests.support import number
from linli.kernel import clock, privacy
from linli.kernel.posts.session import PERSON_KEY
from linli.kernel.privacy.models import ErasureRecord

pytestmark = pytest.mark.django_db
NUMBER = number(date(1952, 3, 4))


def browser_of(person) -> Client:
    client = Client()
    kept = client.session
    kept[PERSON_KEY] = str(person.pk)
    kept.save()
    return client


@pytest.fixture
def resident(keeper, house):
    found = services.register_resident(actor=keeper, name="李桂兰", house=house, id_number=NUMBER, phone="13800001111")
    services.put_tag(actor=keeper, resident=found, code="alone")
    services.put_tag(actor=keeper, resident=found, code="volunteer")
    services.set_fact(actor=keeper, resident=found, name="gas", value="瓶装气", how="seen")
    return found


def check(keeper, resident) -> None:
    answer = signed_in(keeper).post(
        f"/desk/registry/residents/{resident.pk}/check/", {"number": NUMBER, "how": "window"}
    )
    assert answer.status_code == 302


def test_a_phone_alone_does_not_open_the_record(resident) -> None:
    page = browser_of(resident.person).get("/mine/registry/").content.decode()
    assert "先核验身份" in page
    assert "瓶装气" not in page


def test_a_checked_resident_sees_everything_with_source_and_purpose(keeper, resident) -> None:
    check(keeper, resident)
    keeper.person.name = "周小敏"
    keeper.person.save()
    selectors.log_look(keeper, resident.pk, "走访核实")
    page = browser_of(resident.person).get("/mine/registry/").content.decode()
    for word in ("瓶装气", "独居", "定期走访", "见面核实", "走访核实", "登记卡", "天马路18号"):
        assert word in page, word
    assert keeper.person.name not in page
    assert NUMBER not in page


def test_ones_own_page_costs_the_same_whatever_the_history(world: World, keeper, resident) -> None:
    check(keeper, resident)
    browser = browser_of(resident.person)
    costs = []
    for rounds in (1, 12):
        for n in range(rounds):
            other = services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address=f"天马路{n + 40}号")
            services.move(actor=keeper, resident=resident, house=other, on=clock.today() + timedelta(days=n + rounds))
            services.verify(actor=keeper, resident=resident, outcome="right", how="seen")
            services.offer(actor=keeper, resident=resident, skill=f"第{n + rounds}样手艺")
            selectors.log_look(keeper, resident.pk, "走访核实")
            selectors.note_lookup(keeper, "走访核实", "words", 1, [resident.pk])
        browser.get("/mine/registry/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/mine/registry/").status_code == 200
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1], "\n".join(statements(captured))


def test_what_is_wrong_becomes_due_at_once(keeper, resident) -> None:
    check(keeper, resident)
    services.verify(actor=keeper, resident=resident, outcome="right", how="seen", facts=["residence"])
    browser = browser_of(resident.person)
    browser.post("/mine/registry/", {"do": "wrong", "facts": ["residence"]})
    assert Residency.objects.get(resident=resident).verified_how == ""
    assert "residence" in [due.fact for due in selectors.expiring(keeper)]
    assert browser.post("/mine/registry/", {"do": "wrong"}).status_code == 422


def test_what_may_be_deleted_is_deleted_with_proof_and_the_rest_is_not(keeper, resident) -> None:
    check(keeper, resident)
    browser = browser_of(resident.person)
    fact = Fact.objects.get(resident=resident, name="gas")
    assert browser.post("/mine/registry/", {"fact": str(fact.pk)}).status_code == 302
    assert not Fact.objects.filter(pk=fact.pk).exists()
    assert ErasureRecord.objects.get().rule == "registry.asked"
    phone = Fact.objects.get(resident=resident, name="phone")
    assert browser.post("/mine/registry/", {"fact": str(phone.pk)}).status_code == 422
    volunteer, alone = Tag.objects.get(code="volunteer"), Tag.objects.get(code="alone")
    assert browser.post("/mine/registry/", {"tag": str(volunteer.pk)}).status_code == 302
    assert browser.post("/mine/registry/", {"tag": str(alone.pk)}).status_code == 422


def test_an_offer_is_made_and_taken_back_by_oneself(keeper, resident) -> None:
    check(keeper, resident)
    browser = browser_of(resident.person)
    browser.post("/mine/registry/", {"do": "offer", "skill": "修电器"})
    offer = Offer.objects.get()
    browser.post("/mine/registry/", {"withdraw": str(offer.pk)})
    offer.refresh_from_db()
    assert offer.withdrawn_on is not None


def test_nobody_changes_anothers_record(keeper, house, resident) -> None:
    check(keeper, resident)
    other = services.register_resident(actor=keeper, name="王国庆", house=house)
    services.set_fact(actor=keeper, resident=other, name="gas", value="不用气")
    fact = Fact.objects.get(resident=other, name="gas")
    assert browser_of(resident.person).post("/mine/registry/", {"fact": str(fact.pk)}).status_code == 422
    assert Fact.objects.filter(pk=fact.pk).exists()


def test_the_impact_assessment_is_printed_from_the_policy(world: World) -> None:
    from linli.affairs.registry.cli import group

    text = CliRunner().invoke(group, ["assess"], catch_exceptions=False).output
    for word in ("走访核实", "高龄", "专柜", "registry.vault", "住建局"):
        assert word in text, word
    assert signed_in(world.actor("policy_officer")).get("/desk/registry/impact/").status_code == 200
    assert [rule.name for rule in privacy.rules() if rule.name == "registry.vault"]
