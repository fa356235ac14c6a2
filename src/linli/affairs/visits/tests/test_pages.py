"""The pages of visits, and a visit that comes from a phone without a network."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.lively import account
from tests.support.world import COMMUNITY, World
from tests.test_costs import statements

from linli.affairs.registry import services as registry
from linli.affairs.registry.models import House, Resident, Twins
from linli.affairs.visits import members, selectors, services
from linli.affairs.visits.forms import VisitForm
from linli.affairs.visits.models import Pairing, Round, Visit
from linli.affairs.visits.policy import GridMembers
from linli.kernel import clock, ids, policy
from linli.kernel.posts.actors import Actor


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def phone(worker: Actor) -> Client:
    return signed_in(worker)


def test_the_walk_shows_whom_why_and_where_and_a_visit_is_one_screen(phone: Client, li: Resident) -> None:
    page = phone.get("/field/visits/").content.decode()
    assert "李秀英" in page
    assert "独居" in page
    assert "data-lon" in page
    assert "在图上" in page
    page = phone.get(f"/field/visits/new/?person={li.pk}").content.decode()
    assert "李秀英" in page
    answer = phone.post(
        "/field/visits/new/", {"key": "1", "person": li.pk, "words": "身体好，周五再来送药"}, follow=True
    )
    assert "到日子会提醒您" in answer.content.decode()
    assert Visit.objects.get().outcome == "seen"


def test_a_visit_without_a_result_keeps_what_was_typed(phone: Client, li: Resident) -> None:
    answer = phone.post("/field/visits/new/", {"key": "1", "person": li.pk, "words": "院子里有只猫"})
    assert answer.status_code == 422
    assert "院子里有只猫" in answer.content.decode()


def test_the_phone_takes_todays_people_along_and_sends_the_visit_later(
    phone: Client, worker: Actor, li: Resident, now: Any
) -> None:
    pack = phone.get("/field/pack/").json()
    (call,) = pack["calls"]
    assert (call["title"], call["filing"], call["fill"]) == ("李秀英", "visit", {"person": str(li.pk)})
    made = clock.now()
    now.to(made + timedelta(days=3))
    item = {"key": str(ids.uuid7()), "post": str(worker.post_id), "made_at": made.isoformat(), "filing": "visit"}
    body = {"_item": json.dumps(item), "_photos": "[]", "person": str(li.pk), "words": "身体好，明天再来"}
    for state in ("accepted", "repeated"):
        assert phone.post("/field/sync/", body).json()["state"] == state
    visit = Visit.objects.get()
    assert visit.at == made
    assert visit.received_at - made >= timedelta(days=3)
    assert visit.promise.due_on == date(2026, 11, 25), "tomorrow as seen from the day of the visit"
    bad = body | {"words": "", "_item": json.dumps(item | {"key": str(ids.uuid7())})}
    assert phone.post("/field/sync/", bad).json()["errors"] == {"怎么样": ["请选一个结果，或写几个字，如“家里没人”。"]}


def test_the_seven_members_are_shown_by_grid_with_the_gaps(world: World, worker: Actor) -> None:
    page = signed_in(world.actor("discipline_observer")).get("/desk/visits/members/").content.decode()
    assert "纪委监督员" in page
    assert "任务清单" in page
    (team, *_rest) = members.teams(world.node(COMMUNITY))
    assert [seat.name for seat in team.seats["community"]] == ["社区工作者1"]
    assert team.missing == len(policy.get(GridMembers).members) - 2


def test_an_observer_that_could_act_is_refused_by_the_policy_check(world: World) -> None:
    from linli.affairs.visits.policy import members_are_posts_and_observers_do_nothing
    from linli.kernel.policy.shapes import Duties

    duties = policy.get(Duties)
    table = policy.get(GridMembers)
    assert list(members_are_posts_and_observers_do_nothing({GridMembers: table, Duties: duties})) == []
    wrong = table.model_copy(
        update={"members": tuple(m.model_copy(update={"handles": False}) for m in table.members[:1])}
    )
    found = list(members_are_posts_and_observers_do_nothing({GridMembers: wrong, Duties: duties}))
    assert len(found) == len(table.members[0].posts)


def test_pairings_and_rounds_are_arranged_at_the_desk(world: World, worker: Actor, li: Resident) -> None:
    desk = signed_in(world.actor("community_secretary"))
    assert "李秀英" in desk.get("/desk/visits/pairings/").content.decode()
    typed = {"post": worker.post_id, "person": li.pk, "basis": "独居老人", "every_days": 14}
    assert desk.post("/desk/visits/pairings/", typed).status_code == 422
    desk.post("/desk/visits/pairings/", typed | {"agreed": "on"})
    row = Pairing.objects.get()
    desk.post(f"/desk/visits/pairings/{row.pk}/end/")
    assert list(selectors.pairings(worker)) == []
    round_typed = {"title": "汛前遍访", "purpose": "告知转移路线", "area": COMMUNITY, "ends_on": "2026-12-10"}
    assert desk.post("/desk/visits/rounds/", round_typed).status_code == 422, "homes or units"
    round_typed["whom"] = "homes"
    assert desk.post("/desk/visits/rounds/", round_typed | {"ends_on": "2030-01-01"}).status_code == 400
    desk.post("/desk/visits/rounds/", round_typed)
    assert "还有 1 户没见到" in desk.get("/desk/visits/pairings/").content.decode()
    desk.post(f"/desk/visits/rounds/{Round.objects.get().pk}/end/")
    assert "现在没有遍访" in desk.get("/desk/visits/pairings/").content.decode()


def test_a_residents_card_shows_when_they_were_seen_and_the_words_only_to_the_post_that_saw_them(
    world: World, worker: Actor, phone: Client, li: Resident
) -> None:
    def visit(key: str, outcome: str, words: str = "") -> None:
        form = VisitForm({"person": str(li.pk), "outcome": outcome, "words": words}, actor=worker, matter=None)
        assert form.is_valid(), form.errors
        services.record_visit(actor=worker, data=form.cleaned_data, key=key)

    visit("v1", "seen", "想要一份送餐单")
    phone.get("/desk/registry/?purpose=visit")
    address = f"/desk/registry/residents/{li.pk}/"
    own = phone.get(address).content.decode()
    assert "见到了" in own
    assert "想要一份送餐单" in own
    with CaptureQueriesContext(connection) as captured:
        phone.get(address)
    before = len(statements(captured))
    for turn in range(5):
        visit(f"again{turn}", "nobody")
    with CaptureQueriesContext(connection) as captured:
        phone.get(address)
    assert len(statements(captured)) == before, "a fixed number, whatever the history"
    other = signed_in(world.actor("community_secretary"))
    other.get("/desk/registry/?purpose=visit")
    theirs = other.get(address).content.decode()
    assert "见到了" in theirs
    assert "想要一份送餐单" not in theirs


def test_a_phone_that_comes_back_after_three_days_finds_house_and_person_merged_meanwhile(
    world: World, worker: Actor, phone: Client, li: Resident, house: House, now: Any
) -> None:
    item = {"key": str(ids.uuid7()), "post": str(worker.post_id), "made_at": clock.now().isoformat(), "filing": "visit"}
    body = {"_item": json.dumps(item), "_photos": "[]", "person": str(li.pk), "outcome": "seen", "words": "都好"}
    now.forward(days=3)
    secretary = world.actor("community_secretary")
    other = registry.register_house(actor=worker, area=house.area_id, address="天马路18号3幢2单元502甲")
    registry.merge_houses(actor=secretary, keep=other, drop=house, reason="上门核对为同一处")
    same = registry.register_resident(actor=worker, name="李秀英", house=other, born_on=li.born_on)
    registry.find_twins(actor=secretary, area=world.node(COMMUNITY).id)
    registry.merge_twins(actor=secretary, twins=Twins.objects.get(), keep=same.pk, reason="核对身份证为同一人")
    for state in ("accepted", "repeated"):
        answer = phone.post("/field/sync/", body).json()
        assert answer["state"] == state, answer
    assert Visit.objects.get().person_id == same.pk, "the visit lies with whoever stands for both"
