"""The toy process, from the first word to the end: every feature of a declaration at work."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.support.world import COMMUNITY, OTHER_STREET, World

from linli.kernel import clock, ids
from linli.kernel.errors import Invalid, NotHere, NotNow, Stale, UserError
from linli.kernel.matters import perform, sealing, selectors, sweeping
from linli.kernel.matters.models import ClockRun, Matter, TrailEntry, TrailPayload
from linli.kernel.matters.tests.toy import LADDER
from linli.kernel.matters.transition import Transition
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import resident_actor
from linli.kernel.tallies.models import Delta

TUESDAY = clock.at(date(2026, 11, 24), 9)


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def ask(actor: Any, **options: Any) -> Matter:
    data = {"title": "借一把梯子", "area": COMMUNITY, "phone": "13800000000"}
    return perform(process=LADDER, action="ask", actor=actor, data=data, **options).matter


def resident() -> Any:
    return resident_actor(Person.objects.create(name="赵", created_at=clock.now()))


def spread(world: World, matter: Matter) -> list[Matter]:
    units = [world.unit("water"), world.unit("power")]
    dispatcher = world.actor("street_dispatcher")
    perform(actor=dispatcher, matter=matter, action="spread", data={"units": [u.pk for u in units]})
    return list(Matter.objects.filter(parent=matter, kind="toy_share").order_by("pk"))


def lend(world: World, share: Matter) -> None:
    handler = world.actor("department_handler", unit=share.held_unit.code)
    perform(actor=handler, matter=share, action="sign")
    perform(actor=handler, matter=share, action="lend", data={"days": "3"})


def test_a_matter_runs_from_its_first_word_to_its_confirmed_end(world: World, now: Any) -> None:
    matter = ask(resident())
    assert matter.stage == "asked"
    assert matter.number.startswith("TY-20261124-")
    for share in spread(world, matter):
        lend(world, share)
    matter.refresh_from_db()
    assert matter.stage == "back", "the last share to close moves the whole on by itself"
    verifier = world.actor("street_inspector")
    perform(actor=verifier, matter=matter, action="verify", data={"note": "看过了"})
    matter.refresh_from_db()
    assert (matter.stage, matter.is_open, matter.due_at) == ("done", False, None)
    assert not matter.clocks.exclude(state="stopped").exists()
    titles = [step.title for step in selectors.timeline(matter)]
    assert titles == ["提出", "分派", "汇总", "核实"]


def test_what_the_form_calls_unrecorded_is_not_in_the_trail(world: World, now: Any) -> None:
    matter = ask(resident())
    payload = TrailPayload.objects.get(matter_id=matter.pk).payload
    assert payload == {"title": "借一把梯子", "area": COMMUNITY}


def test_the_same_submission_twice_is_done_once_and_answered_twice(world: World, now: Any) -> None:
    first = perform(process=LADDER, action="ask", actor=resident(), data={"title": "a", "area": COMMUNITY}, key="k-1")
    again = perform(process=LADDER, action="ask", actor=resident(), data={"title": "a", "area": COMMUNITY}, key="k-1")
    assert again.repeated
    assert again.matter.pk == first.matter.pk
    assert again.secret == first.secret
    assert Matter.objects.filter(kind="toy").count() == 1


def test_an_action_repeated_after_it_moved_the_stage_is_answered_with_the_first_outcome(world: World, now: Any) -> None:
    matter = ask(resident())
    data = {"units": [world.unit("water").pk]}
    dispatcher = world.actor("street_dispatcher")
    perform(actor=dispatcher, matter=matter, action="spread", data=data, key="k-2")
    assert perform(actor=dispatcher, matter=matter, action="spread", data=data, key="k-2").repeated
    assert Matter.objects.filter(parent=matter).count() == 1


def test_who_may_not_act_finds_nothing_there(world: World, now: Any) -> None:
    matter = ask(resident())
    with pytest.raises(NotHere):
        perform(actor=world.actor("street_dispatcher", area=OTHER_STREET), matter=matter, action="spread", data={})
    with pytest.raises(NotHere):
        selectors.access_matter(world.actor("street_dispatcher", area=OTHER_STREET), matter.number)


def test_an_action_of_another_stage_is_refused_with_a_reason(world: World, now: Any) -> None:
    matter = ask(resident())
    with pytest.raises(NotNow, match="已提出"):
        perform(actor=world.actor("street_inspector"), matter=matter, action="verify", data={})


def test_bad_data_is_refused_field_by_field_and_nothing_is_written(world: World, now: Any) -> None:
    with pytest.raises(Invalid) as refused:
        perform(process=LADDER, action="ask", actor=resident(), data={"area": COMMUNITY})
    assert list(refused.value.errors) == ["title"]
    assert not Matter.objects.exists()


def test_a_page_that_somebody_overtook_is_stale(world: World, now: Any) -> None:
    matter = ask(resident())
    spread(world, matter)
    with pytest.raises(Stale):
        perform(actor=world.actor("street_dispatcher"), matter=matter, action="pause", data={}, version=1)


def test_who_handled_never_verifies(world: World, now: Any) -> None:
    matter = ask(resident())
    for share in spread(world, matter):
        lend(world, share)
    verifier = world.actor("street_inspector")
    Matter.objects.filter(pk=matter.pk).update(handler_ids=[verifier.person_id])
    matter.refresh_from_db()
    with pytest.raises(NotHere):
        perform(actor=verifier, matter=matter, action="verify", data={})
    assert "verify" not in [o.action.name for o in selectors.offers(verifier, matter)]


def test_a_clock_signs_by_itself_when_nobody_does(world: World, now: Any) -> None:
    matter = ask(resident())
    share, _other = spread(world, matter)
    now.forward(hours=1, minutes=1)
    sweeping.sweep()
    share.refresh_from_db()
    assert share.stage == "signed"
    assert share.overdue
    assert TrailEntry.objects.get(matter_id=share.pk, action="sign_itself").actor_kind == "system"


def test_clocks_warn_then_escalate_once(world: World, now: Any) -> None:
    matter = ask(resident())
    now.to(matter.due_at - timedelta(hours=1))
    sweeping.sweep()
    sweeping.sweep()
    now.to(matter.due_at + timedelta(minutes=1))
    sweeping.sweep()
    sweeping.sweep()
    actions = list(TrailEntry.objects.filter(matter_id=matter.pk).order_by("seq").values_list("action", flat=True))
    assert actions == ["ask", "remind", "escalate"]
    matter.refresh_from_db()
    assert matter.priority == 1


def test_an_extension_waits_for_two_others_and_dates_back_to_the_request(world: World, now: Any) -> None:
    matter = ask(resident())
    dispatcher = world.actor("street_dispatcher")
    wanted = clock.at(date(2026, 12, 1), 17)
    before = ClockRun.objects.get(matter=matter, clock="close").due_at
    asked = perform(actor=dispatcher, matter=matter, action="extend", data={"due": wanted.isoformat()})
    assert asked.approval is not None
    assert ClockRun.objects.get(matter=matter, clock="close").due_at == before, "the clock runs meanwhile"
    with pytest.raises(NotNow):
        perform(actor=dispatcher, matter=matter, action="extend", data={"due": wanted.isoformat()})
    street = world.actor("street_leader")
    assert asked.approval in selectors.inbox(street)
    with pytest.raises(NotNow, match="上报"):
        perform(actor=street, matter=asked.approval, action="approve", data={})
    perform(actor=street, matter=asked.approval, action="endorse", data={})
    now.forward(hours=3)
    perform(actor=world.actor("centre_director"), matter=asked.approval, action="approve", data={})
    assert ClockRun.objects.get(matter=matter, clock="close").due_at == wanted
    entry = TrailEntry.objects.get(matter_id=matter.pk, action="extend")
    assert entry.effective_at < entry.at - timedelta(hours=2)


def test_nobody_approves_their_own_request(world: World, now: Any) -> None:
    matter = ask(resident())
    asked = perform(
        actor=world.actor("street_dispatcher"),
        matter=matter,
        action="extend",
        data={"due": clock.at(date(2026, 12, 1)).isoformat()},
    )
    proposer = world.actor("street_leader")
    Matter.objects.filter(pk=asked.approval.pk).update(handler_ids=[proposer.person_id])
    with pytest.raises(NotHere):
        perform(actor=proposer, matter=asked.approval, action="endorse", data={})


def test_a_refused_request_changes_nothing(world: World, now: Any) -> None:
    matter = ask(resident())
    before = matter.due_at
    asked = perform(
        actor=world.actor("street_dispatcher"),
        matter=matter,
        action="extend",
        data={"due": clock.at(date(2026, 12, 1)).isoformat()},
    )
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="reject", data={"reason": "没有必要"})
    matter.refresh_from_db()
    assert matter.due_at == before


def test_a_request_lapses_when_the_matter_ends(world: World, now: Any) -> None:
    matter = ask(resident())
    spread(world, matter)
    asked = perform(
        actor=world.actor("street_dispatcher"),
        matter=matter,
        action="extend",
        data={"due": clock.at(date(2026, 12, 1)).isoformat()},
    )
    perform(actor=world.actor("street_dispatcher"), matter=matter, action="drop", data={})
    asked.approval.refresh_from_db()
    assert asked.approval.stage == "lapsed"


def test_a_task_clock_pauses_for_a_listed_reason_and_the_residents_clock_never(world: World, now: Any) -> None:
    matter = ask(resident())
    spread(world, matter)
    dispatcher = world.actor("street_dispatcher")
    with pytest.raises(Invalid):
        perform(actor=dispatcher, matter=matter, action="pause", data={"pause_reason": "想歇歇"})
    from linli.kernel import policy
    from linli.kernel.policy.shapes import ClockRules

    reason = next(iter(policy.get(ClockRules).pause_reasons))
    due = ClockRun.objects.get(matter=matter, clock="close").due_at
    perform(actor=dispatcher, matter=matter, action="pause", data={"pause_reason": reason})
    now.forward(days=1)
    perform(actor=dispatcher, matter=matter, action="resume", data={})
    assert ClockRun.objects.get(matter=matter, clock="close").due_at > due
    promise = ClockRun.objects.get(matter=matter, clock="promise")
    assert promise.due_at == promise.original_due_at
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockRun.objects.filter(pk=promise.pk).update(state="paused")


def test_a_guard_says_why_not_now(world: World, now: Any) -> None:
    matter = ask(resident())
    offers = {o.action.name: o for o in selectors.offers(world.actor("street_dispatcher"), matter)}
    assert offers["drop"].reason == "还没有人答应。"
    assert offers["spread"].now


def test_the_reporter_sees_theirs_and_reopens_it(world: World, now: Any) -> None:
    who = resident()
    matter = ask(who)
    for share in spread(world, matter):
        lend(world, share)
    perform(actor=world.actor("street_inspector"), matter=matter, action="verify", data={})
    assert selectors.access_matter(who, matter.number) == matter
    with pytest.raises(NotHere):
        selectors.access_matter(resident(), matter.number)
    perform(actor=who, matter=matter, action="again", data={"reason": "又坏了"})
    matter.refresh_from_db()
    assert (matter.stage, matter.is_open, matter.closed_at) == ("asked", True, None)


def test_the_secret_link_opens_its_own_matter_only(world: World, now: Any) -> None:
    outcome = perform(process=LADDER, action="ask", actor=resident_actor(), data={"title": "a", "area": COMMUNITY})
    assert selectors.access_by_secret(outcome.matter.number, outcome.secret) == outcome.matter
    with pytest.raises(NotHere):
        selectors.access_by_secret(outcome.matter.number, "aaaaaaaaaaaaaaaa")
    bearer = resident_actor(secret_for=outcome.matter.pk)
    assert list(selectors.visible(bearer)) == [outcome.matter]


def test_a_matter_about_somebody_is_hidden_from_them(world: World, now: Any) -> None:
    matter = ask(resident())
    dispatcher = world.actor("street_dispatcher")
    Matter.objects.filter(pk=matter.pk).update(hidden_from=[dispatcher.post_id])
    with pytest.raises(NotHere):
        selectors.access_matter(dispatcher, matter.number)
    assert matter not in selectors.inbox(dispatcher)


def test_a_matter_is_hidden_from_a_hundred_and_not_from_more(world: World, now: Any) -> None:
    matter = ask(resident())
    t = Transition.__new__(Transition)
    t.matter = matter
    some = [ids.uuid7() for _ in range(100)]
    t.hide_from(*some)
    matter.save(update_fields=["hidden_from"])
    with pytest.raises(UserError, match="100"):
        t.hide_from(ids.uuid7())
    t.hide_from(some[0])
    assert Matter.objects.get(pk=matter.pk).hidden_from == some


def test_the_trail_verifies_and_every_change_to_it_shows(world: World, now: Any) -> None:
    matter = ask(resident())
    spread(world, matter)
    matter.refresh_from_db()
    assert sealing.verify_trail(matter) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        TrailEntry.objects.filter(matter_id=matter.pk).update(action="nothing")
    with pytest.raises(IntegrityError), transaction.atomic():
        TrailEntry.objects.filter(matter_id=matter.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL linli.erasing = 'on'")
    TrailPayload.objects.filter(matter_id=matter.pk).delete()
    assert sealing.verify_trail(matter) == [], "an erased payload leaves the chain whole"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("UPDATE matters_trailentry SET action = 'x' WHERE matter_id = %s AND seq = 1", [matter.pk])
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    assert [fault.what for fault in sealing.verify_trail(matter)] == ["内容被改动"]


def test_a_removed_tail_or_matter_shows_against_the_seal(world: World, now: Any) -> None:
    matter = ask(resident())
    assert sealing.seal() is not None
    assert sealing.seal() is None, "nothing changed since"
    spread(world, matter)
    assert sealing.seal() is not None
    assert list(sealing.verify_seals()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("DELETE FROM matters_trailentry WHERE matter_id = %s AND seq = 2", [matter.pk])
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    assert any("已不在" in line for line in sealing.verify_seals())


def test_figures_are_kept_as_things_happen(world: World, now: Any) -> None:
    matter = ask(resident())
    spread(world, matter)
    metrics = list(Delta.objects.filter(subject_id=matter.pk).values_list("metric", flat=True))
    assert sorted(metrics) == ["toy.ask", "toy.open", "toy.opened", "toy.spread"]


def test_beginning_and_moving_cost_a_fixed_number_of_statements(
    world: World, now: Any, django_assert_max_num_queries: Any
) -> None:
    who = resident()
    ask(who)
    with django_assert_max_num_queries(4):  # SAVEPOINT and RELEASE are counted here, in a request they are not
        matter = ask(who, key="k")
    dispatcher = world.actor("street_dispatcher")
    ids = [world.unit("water").pk]
    with django_assert_max_num_queries(8):
        perform(actor=dispatcher, matter=matter, action="spread", data={"units": ids})


def test_rules_check_and_filter_alike(world: World, now: Any) -> None:
    matter = ask(resident())
    spread(world, matter)
    everything = list(Matter.objects.all())
    actors = [
        world.actor("street_dispatcher"), world.actor("street_dispatcher", area=OTHER_STREET), world.actor("auditor"),
        world.actor("department_handler", unit="water"), world.actor("centre_dispatcher"), world.actor("grid_worker"),
        resident(), resident_actor(secret_for=matter.pk),
    ]  # fmt: skip
    rules = [a.by for p in (LADDER,) for a in p.actions if a.by]
    for actor in actors:
        seen = set(selectors.visible(actor))
        assert seen == {m for m in everything if selectors.sees(actor, m)}
        for rule in rules:
            assert set(Matter.objects.filter(rule.query(actor))) == {m for m in everything if rule.allows(actor, m)}


@pytest.mark.django_db(transaction=True)
def test_two_who_act_at_once_do_it_once(world: World) -> None:
    with clock.using(TUESDAY):
        matter = ask(resident())
        dispatcher = world.actor("street_dispatcher")
        unit = world.unit("water")
    outcomes: list[object] = []

    def act() -> None:
        try:
            with clock.using(TUESDAY):
                outcomes.append(perform(actor=dispatcher, matter=matter, action="spread", data={"units": [unit.pk]}))
        except NotNow as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(not isinstance(o, NotNow) for o in outcomes) == 1
    assert Matter.objects.filter(parent=matter).count() == 1
