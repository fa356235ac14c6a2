"""Visits: whom to see next, a minute by thumb or a few words, and what the registry learns from them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.world import COMMUNITY, World

from linli.affairs.registry.models import Residency, Resident, Verification
from linli.affairs.visits import selectors, services
from linli.affairs.visits.forms import VisitForm
from linli.affairs.visits.models import Pairing, Promise, Visit
from linli.affairs.visits.process import PROMISE
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.policy.shapes.appraisal import forbidden
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy import retention
from linli.kernel.tallies.models import Delta

TODAY = date(2026, 11, 24)


def record(actor: Actor, *, key: str = "", at: Any = None, **typed: Any) -> services.Recorded:
    form = VisitForm(typed, actor=actor, matter=None)
    assert form.is_valid(), form.errors
    return services.record_visit(actor=actor, data=form.cleaned_data, key=key or str(uuid.uuid4()), at=at)  # noqa: TID251 - a name, not an id


def test_who_wants_to_be_seen_is_on_the_list_with_the_reason_and_the_address(worker: Actor, li: Resident) -> None:
    (row,) = selectors.next_visits(worker)
    assert (row.name, row.address) == ("李秀英", "天马路18号3幢2单元502室")
    assert "独居，还没见过面" in row.reasons
    assert "care" in row.why


def test_a_contact_that_checked_refreshes_what_was_due_and_ends_the_need(worker: Actor, li: Resident) -> None:
    Residency.objects.update(next_check_on=TODAY)
    record(worker, person=str(li.pk), outcome="seen", checked="on", words="身体好")
    home = Residency.objects.get(resident=li)
    assert (home.verified_how, home.verified_at) == ("seen", clock.now()) or home.verified_at is not None
    assert home.next_check_on > TODAY
    assert selectors.next_visits(worker) == []


def test_nobody_at_home_is_an_outcome_and_refreshes_nothing(worker: Actor, li: Resident, now: Any) -> None:
    Residency.objects.update(next_check_on=TODAY)
    record(worker, person=str(li.pk), words="家里没人", checked="on")
    visit = Visit.objects.get()
    assert (visit.outcome, visit.checked) == ("nobody", False)
    assert Residency.objects.get(resident=li).next_check_on == TODAY
    assert Verification.objects.get().outcome == "nobody"
    assert selectors.next_visits(worker) == [], "the same door is left alone for some days"
    now.to(clock.now() + timedelta(days=4))
    (row,) = selectors.next_visits(worker)
    assert any("周二上午" in reason and "换个时间去" in reason for reason in row.reasons)


def test_seen_without_checking_says_nothing_about_the_facts(worker: Actor, li: Resident) -> None:
    record(worker, person=str(li.pk), outcome="seen")
    assert not Verification.objects.exists()


def test_a_visit_sent_twice_is_written_once(worker: Actor, li: Resident) -> None:
    first = record(worker, key="k", person=str(li.pk), outcome="seen", words="周五再来送药")
    again = record(worker, key="k", person=str(li.pk), outcome="seen", words="周五再来送药")
    assert (first.repeated, again.repeated) == (False, True)
    assert Visit.objects.count() == Promise.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "outcome", "day"),
    [
        ("家里没人", "nobody", None),
        ("敲门不应，明天再来", "nobody", date(2026, 11, 25)),
        ("身体好，周五再来送药", "seen", date(2026, 11, 27)),
        ("打了电话，下周一回复低保的事", "phoned", date(2026, 11, 30)),
        ("已搬走", "moved", None),
        ("见到本人，12月3日再来看", "seen", date(2026, 12, 3)),
        ("聊了一会，3号再来", "seen", date(2026, 12, 3)),
        ("不让进", "declined", None),
        ("聊到周五赶集的事", "seen", None),
    ],
)
def test_a_few_words_are_enough(worker: Actor, li: Resident, words: str, outcome: str, day: date | None) -> None:
    form = VisitForm({"person": str(li.pk), "words": words}, actor=worker, matter=None)
    if not form.is_valid():
        pytest.fail(str(form.errors))
    assert (form.cleaned_data["outcome"], form.cleaned_data["promise_on"]) == (outcome, day)


def test_words_that_say_nothing_are_asked_about_and_kept(worker: Actor, li: Resident) -> None:
    form = VisitForm({"person": str(li.pk), "words": "院子里有只猫"}, actor=worker, matter=None)
    assert not form.is_valid()
    assert "请选一个结果" in str(form.errors["outcome"])


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"outcome": "seen"}, "place"),
        ({"outcome": "seen", "person": "x"}, "person"),
        ({"outcome": "seen", "place": "巷口", "promise": "修灯"}, "promise_on"),
        ({"outcome": "seen", "place": "巷口", "promise_on": "2026-11-01"}, "promise_on"),
        ({"outcome": "seen", "place": "巷口", "promise_on": "2028-11-01"}, "promise_on"),
        ({"outcome": "seen", "place": "巷口", "area": "999"}, "area"),
    ],
)
def test_what_is_missing_is_said_at_its_field(worker: Actor, typed: dict[str, str], where: str) -> None:
    form = VisitForm(typed, actor=worker, matter=None)
    assert not form.is_valid()
    assert where in form.errors


def test_a_promise_comes_back_first_and_is_kept_or_explained(worker: Actor, li: Resident, now: Any) -> None:
    done = record(worker, person=str(li.pk), words="身体好，周五再来送药")
    assert done.promise is not None
    assert "李秀英" not in done.promise.title
    now.to(clock.at(date(2026, 11, 27), 8))
    row = selectors.next_visits(worker)[0]
    assert row.pressing
    assert "11月27日答应的：身体好，周五再来送药" in row.reasons
    with pytest.raises(UserError):
        perform(actor=worker, matter=done.promise, action="cannot", data={"answer": "没药了"})
    perform(actor=worker, matter=done.promise, action="keep", data={"answer": "药送到了"})
    assert Matter.objects.get(kind=PROMISE.kind).stage == "kept"


def test_a_promise_belongs_to_the_post_that_made_it(worker: Actor, world: World, li: Resident) -> None:
    done = record(worker, person=str(li.pk), words="见到了，明天再来")
    other = world.actor("community_worker", who="2")
    with pytest.raises(NotHere):
        perform(actor=other, matter=done.promise, action="keep")


def test_the_discipline_observer_sees_and_comments_and_does_nothing_else(
    worker: Actor, world: World, li: Resident
) -> None:
    done = record(worker, person=str(li.pk), words="见到了，明天再来")
    observer = world.actor("discipline_observer")
    perform(actor=observer, matter=done.promise, action="remark", data={"remark": "请按期兑现"})
    with pytest.raises(NotHere):
        perform(actor=observer, matter=done.promise, action="keep")
    with pytest.raises(NotHere):
        services.record_visit(actor=observer, data={"outcome": "seen", "place": "巷口"}, key="o")


def test_somebody_out_of_reach_cannot_be_visited_unless_paired(world: World, li: Resident) -> None:
    stranger = world.actor("community_worker", area="532503001002")
    with pytest.raises(NotHere):
        record(stranger, person=str(li.pk), outcome="seen")
    secretary = world.actor("community_secretary")
    services.make_pairing(actor=secretary, post=stranger.post, person=li.pk, basis="独居老人", agreed=True)
    assert record(stranger, person=str(li.pk), outcome="seen").visit.area_id == li.area_id


def test_a_pairing_needs_consent_a_ground_and_is_made_once(world: World, worker: Actor, li: Resident) -> None:
    secretary = world.actor("community_secretary")
    for wrong, where in (({"agreed": False}, "agreed"), ({"basis": " "}, "basis")):
        with pytest.raises(UserError) as refused:
            services.make_pairing(
                actor=secretary, post=worker.post, person=li.pk, **({"basis": "独居", "agreed": True} | wrong)
            )
        assert refused.value.field == where
    row = services.make_pairing(actor=secretary, post=worker.post, person=li.pk, basis="独居", agreed=True)
    with pytest.raises(NotNow):
        services.make_pairing(actor=secretary, post=worker.post, person=li.pk, basis="独居", agreed=True)
    assert any("结对" in reason for reason in selectors.next_visits(worker)[0].reasons)
    services.end_pairing(actor=secretary, pairing_id=row.pk)
    assert Pairing.objects.get().valid_to == TODAY


def test_a_recorded_death_stops_visits_at_once(worker: Actor, li: Resident) -> None:
    li.person.deceased_on = TODAY
    li.person.save()
    assert selectors.next_visits(worker) == []
    with pytest.raises(NotNow):
        record(worker, person=str(li.pk), outcome="seen")


def test_a_round_asks_each_house_once_and_forgets_who_was_met(world: World, worker: Actor, li: Resident) -> None:
    secretary = world.actor("community_secretary")
    node = world.node(COMMUNITY)
    row = services.begin_round(
        actor=secretary, area=node, title="汛前遍访", purpose="告知转移路线", ends_on=TODAY + timedelta(days=20)
    )
    assert selectors.unmet(worker, row) == [li.pk]
    with pytest.raises(NotNow):
        services.begin_round(actor=secretary, area=node, title="再访", purpose="x", ends_on=TODAY + timedelta(days=5))
    record(worker, person=str(li.pk), words="没人")
    assert selectors.unmet(worker, row) == [li.pk]
    record(worker, person=str(li.pk), outcome="phoned")
    assert selectors.unmet(worker, row) == []
    services.end_round(actor=secretary, round_id=row.pk)
    assert list(selectors.rounds(worker)) == []


def test_the_list_costs_the_same_with_one_person_and_with_ten(
    worker: Actor, li: Resident, house: Any, django_assert_max_num_queries: Any
) -> None:
    from linli.affairs.registry import services as registry

    names = "一二三四五六七八九"
    for number in range(9):
        other = registry.register_resident(actor=worker, name=f"王{names[number]}", house=house)
        registry.put_tag(actor=worker, resident=other, code="alone", on=date(2026, 11, 1))
    selectors.next_visits(worker)
    with django_assert_max_num_queries(15):
        assert len(selectors.next_visits(worker)) == 10


def test_nothing_counts_visits(worker: Actor, li: Resident) -> None:
    record(worker, person=str(li.pk), outcome="seen")
    assert not Delta.objects.filter(metric__contains="visit").exists()
    assert forbidden("走访次数") == "走访次数"


def test_the_words_go_when_their_time_is_over_and_the_contact_stays(worker: Actor, li: Resident, now: Any) -> None:
    record(worker, person=str(li.pk), outcome="seen", words="血压有点高")
    rule = next(r for r in retention.rules() if r.name == "visits.words")
    assert list(rule.due(clock.now())) == []
    now.to(clock.now() + timedelta(days=731))
    retention.erase_now(rule.name, [row.pk for row in rule.due(clock.now())], "保存期满")
    visit = Visit.objects.get()
    assert (visit.words, visit.outcome) == ("", "seen")
