"""Appointing, leave, rosters, hand-overs, links and tokens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel import clock, ids
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.people.tests.threads import together
from linli.kernel.posts import actors, events, selectors, services
from linli.kernel.posts.models import Holding, PostToken, TaskLink
from linli.kernel.posts.services.guards import Refused
from linli.kernel.posts.tests import makers

SYSTEM = actors.system_actor()
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(db):
    places = makers.district()
    return makers.post(makers.unit(places["street"]), places["street"])


def appointed(post, name="张三", part="A"):
    who = makers.person(name)
    services.appoint(actor=SYSTEM, person=who, post=post, part=part)
    return who


def on_shift(desk, who, begins=0, hours=8, **more):
    start = clock.now() + begins * HOUR
    return services.put_on_roster(
        actor=SYSTEM, unit=desk.unit, person=who, starts_at=start, ends_at=start + hours * HOUR, **more
    )


def test_a_leave_moves_matters_to_the_b_post_by_itself_and_back(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    now = clock.now()
    services.take_leave(actor=SYSTEM, person=zhang, starts_at=now + HOUR, ends_at=now + 48 * HOUR)
    assert selectors.active_holder(desk).person == zhang
    assert selectors.active_holder(desk, now + 2 * HOUR).person == li
    assert selectors.active_holder(desk, now + 49 * HOUR).person == zhang


def test_coming_back_early_ends_the_leave(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    now = clock.now()
    leave = services.take_leave(actor=SYSTEM, person=zhang, starts_at=now - HOUR, ends_at=now + 48 * HOUR)
    assert selectors.active_holder(desk).person == li
    services.end_leave(actor=SYSTEM, leave=leave)
    assert selectors.active_holder(desk).person == zhang
    with pytest.raises(NotNow):
        services.end_leave(actor=SYSTEM, leave=leave)


def test_with_a_and_b_both_away_the_a_holder_stays_responsible(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    now = clock.now()
    for who in (zhang, li):
        services.take_leave(actor=SYSTEM, person=who, starts_at=now - HOUR, ends_at=now + HOUR)
    assert selectors.active_holder(desk).person == zhang
    assert selectors.posts_of(zhang) == [desk]


def test_posts_that_nobody_can_stand_in_for_are_listed_before_a_leave(desk):
    zhang = appointed(desk)
    now = clock.now()
    assert selectors.without_cover(zhang, now, now + HOUR) == [desk]
    appointed(desk, "李四", "B")
    now = clock.now()
    assert selectors.without_cover(zhang, now, now + HOUR) == []


def test_people_note_their_own_leave_and_not_that_of_others(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    now = clock.now()
    mine = actors.actor_for(zhang, desk)
    services.take_leave(actor=mine, person=zhang, starts_at=now, ends_at=now + HOUR)
    events.may_manage.fill(lambda **asked: False)
    try:
        with pytest.raises(Refused):
            services.take_leave(actor=mine, person=li, starts_at=now, ends_at=now + HOUR)
    finally:
        events.may_manage.empty()


def test_a_post_has_one_a_holder_at_a_time(desk):
    appointed(desk)
    with pytest.raises(NotNow, match="张三"):
        appointed(desk, "李四")


def test_the_same_person_cannot_be_a_and_b_of_one_post(desk):
    zhang = appointed(desk)
    with pytest.raises(NotNow):
        services.appoint(actor=SYSTEM, person=zhang, post=desk, part="B")


def test_administration_security_and_audit_are_three_people(desk):
    admin = makers.post(desk.unit, kind="system_admin", title="系统管理岗")
    audit = makers.post(desk.unit, kind="auditor", title="审计岗")
    zhang = appointed(admin)
    with pytest.raises(NotNow, match="系统管理岗"):
        services.appoint(actor=SYSTEM, person=zhang, post=audit)


def test_somebody_who_died_is_not_appointed(desk):
    zhang = makers.person()
    zhang.deceased_on = date(2026, 1, 1)
    zhang.save()
    with pytest.raises(NotNow):
        services.appoint(actor=SYSTEM, person=zhang, post=desk)


def test_the_last_holder_cannot_leave_while_matters_are_open(desk):
    appointed(desk)
    holding = selectors.holder_of(desk)
    events.work_in_hand.fill(lambda post: 3)
    try:
        with pytest.raises(NotNow, match="3件"):
            services.leave_post(actor=SYSTEM, holding=holding)
        appointed(desk, "李四", "B")
        services.leave_post(actor=SYSTEM, holding=holding)
    finally:
        events.work_in_hand.empty()
    assert selectors.active_holder(desk).person.name == "李四"


def test_who_was_responsible_that_evening_stays_answerable(desk):
    zhang = appointed(desk)
    evening = clock.now()
    services.leave_post(actor=SYSTEM, holding=selectors.holder_of(desk))
    li = appointed(desk, "李四")
    assert selectors.active_holder(desk, evening).person == zhang
    assert selectors.active_holder(desk).person == li


@pytest.mark.django_db(transaction=True)
def test_of_two_appointments_at_once_one_wins():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    people = [makers.person(f"甲{n}") for n in range(4)]
    results = together(*(lambda who=who: services.appoint(actor=SYSTEM, person=who, post=desk) for who in people))
    assert sum(isinstance(r, Holding) for r in results) == 1
    assert sum(isinstance(r, NotNow) for r in results) == 3
    assert Holding.objects.filter(post=desk, valid_to=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_shifts_of_one_person_at_once_one_is_written():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    who = makers.person()
    results = together(*[lambda: on_shift(desk, who)] * 3)
    assert sum(isinstance(r, NotNow) for r in results) == 2


def test_whoever_is_on_duty_acts_through_the_post_of_the_shift(desk):
    appointed(desk)
    wang = makers.person("王五")
    with pytest.raises(NotHere):
        actors.actor_for(wang, desk)
    shift = on_shift(desk, wang, kind="night", phone="0871-12345678", post=desk)
    assert selectors.on_duty(desk.unit) == [shift]
    assert selectors.posts_of(wang) == [desk]
    assert actors.actor_for(wang, desk).part == "duty"
    assert selectors.responsible([desk.pk])[desk.pk].phone == "0871-12345678"


def test_nobody_is_rostered_twice_at_a_time_nor_while_on_leave(desk):
    zhang = appointed(desk)
    on_shift(desk, zhang)
    with pytest.raises(NotNow):
        on_shift(desk, zhang, begins=7)
    with pytest.raises(NotNow, match="调班"):
        services.take_leave(actor=SYSTEM, person=zhang, starts_at=clock.now(), ends_at=clock.now() + HOUR)


def test_a_shift_can_be_swapped_until_it_is_over(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    shift = on_shift(desk, zhang)
    services.swap_shift(actor=SYSTEM, shift=shift, person=li)
    assert selectors.on_duty(desk.unit)[0].person == li
    with pytest.raises(NotNow):
        services.strike_from_roster(actor=SYSTEM, shift=shift)


def test_the_duty_phone_falls_back_to_the_unit_and_the_unit_above(desk):
    above = desk.unit
    above.duty_phone = "12345"
    above.save()
    station = makers.unit(above.area, "执法中队", "station", "zf")
    station.parent = above
    station.save()
    assert selectors.duty_phone(station) == "12345"


def test_the_leaving_shift_signs_and_the_next_confirms(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    first = on_shift(desk, zhang, post=desk)
    mine = actors.actor_for(zhang, desk)
    with pytest.raises(NotNow, match="下一班"):
        services.hand_over(actor=mine, leaving=first)
    on_shift(desk, li, begins=8, post=desk)
    urgent, promised = ids.uuid7(), ids.uuid7()
    events.items_in_hand.fill(lambda unit, post: [{"matter": urgent, "group": "urgent", "text": "天然气味"}])
    try:
        signed = services.hand_over(
            actor=mine,
            leaving=first,
            items=[{"matter": promised, "group": "promised", "text": "答应明早回电"}],
        )
    finally:
        events.items_in_hand.empty()
    assert [item["group"] for item in signed.items] == ["urgent", "promised"]
    with pytest.raises(NotNow, match="已经交班"):
        services.hand_over(actor=mine, leaving=first)
    with pytest.raises(Refused):
        services.confirm_hand_over(actor=mine, hand_over=signed)
    assert list(selectors.hand_overs_to_confirm(li)) == [signed]
    with clock.using(clock.now() + 9 * HOUR):
        services.confirm_hand_over(actor=actors.actor_for(li, desk), hand_over=signed, remark="已阅")
    assert list(selectors.hand_overs_to_confirm(li)) == []


def test_what_was_signed_over_cannot_be_rewritten(desk):
    zhang, li = appointed(desk), appointed(desk, "李四", "B")
    first = on_shift(desk, zhang, post=desk)
    on_shift(desk, li, begins=8, post=desk)
    signed = services.hand_over(actor=actors.actor_for(zhang, desk), leaving=first)
    signed.note = "什么都没有"
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        signed.save()


def test_only_the_hash_of_a_link_is_kept_and_it_serves_one_task(desk):
    subject = ids.uuid7()
    issued = services.issue_link(actor=SYSTEM, unit=desk.unit, subject_id=subject, purpose="feed_back")
    with connection.cursor() as cursor:
        cursor.execute("SELECT posts_tasklink::text FROM posts_tasklink")
        assert issued.token not in cursor.fetchone()[0]
    assert actors.link_actor(issued.token).label == "华山街道办事处（一次性链接）"
    with pytest.raises(NotHere):
        services.use_link(token=issued.token, subject_id=ids.uuid7(), purpose="feed_back")
    with pytest.raises(NotHere):
        services.use_link(token=issued.token, subject_id=subject, purpose="close")
    services.use_link(token=issued.token, subject_id=subject, purpose="feed_back")
    with pytest.raises(NotHere):
        actors.link_actor(issued.token)


def test_a_newer_link_for_the_same_task_makes_the_older_one_worthless(desk):
    subject = ids.uuid7()
    first = services.issue_link(actor=SYSTEM, unit=desk.unit, subject_id=subject, purpose="sign")
    second = services.issue_link(actor=SYSTEM, unit=desk.unit, subject_id=subject, purpose="sign")
    with pytest.raises(NotHere):
        actors.link_actor(first.token)
    assert [link.pk for link in selectors.open_links(subject)] == [second.link.pk]


def test_a_link_ends_with_its_time_or_when_revoked(desk):
    issued = services.issue_link(actor=SYSTEM, unit=desk.unit, subject_id=ids.uuid7(), purpose="sign", valid=HOUR)
    with clock.using(clock.now() + 2 * HOUR), pytest.raises(NotHere):
        actors.link_actor(issued.token)
    services.revoke_link(actor=SYSTEM, link=issued.link)
    with pytest.raises(NotHere):
        actors.link_actor(issued.token)


def test_a_task_that_fails_gives_its_link_back(desk):
    subject = ids.uuid7()
    issued = services.issue_link(actor=SYSTEM, unit=desk.unit, subject_id=subject, purpose="sign")

    @transaction.atomic
    def a_task_that_fails():
        services.use_link(token=issued.token, subject_id=subject, purpose="sign")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        a_task_that_fails()
    services.use_link(token=issued.token, subject_id=subject, purpose="sign")


@pytest.mark.django_db(transaction=True)
def test_a_one_time_link_is_used_once_under_concurrency():
    places = makers.district()
    office = makers.unit(places["street"])
    subject = ids.uuid7()
    issued = services.issue_link(actor=SYSTEM, unit=office, subject_id=subject, purpose="sign")
    use = lambda: services.use_link(token=issued.token, subject_id=subject, purpose="sign")  # noqa: E731 - one line for four threads
    results = together(use, use, use, use)
    assert sum(isinstance(r, TaskLink) for r in results) == 1
    assert sum(isinstance(r, NotHere) for r in results) == 3


def test_an_api_token_acts_as_its_post_without_a_person(desk):
    issued = services.issue_token(actor=SYSTEM, post=desk, name="数字城管", read_only=True)
    actor = actors.token_actor(issued.token)
    assert (actor.post, actor.person, actor.may_write) == (desk, None, False)
    assert actor.area_codes == ("530102001",)
    assert issued.token.startswith(issued.row.prefix)
    assert issued.token.encode() not in bytes(PostToken.objects.get().token_hash)
    services.revoke_token(actor=SYSTEM, row=issued.row)
    with pytest.raises(NotHere):
        actors.token_actor(issued.token)
    with pytest.raises(UserError):
        services.issue_token(actor=SYSTEM, post=desk, name="永久", valid=timedelta(days=4000))


def test_residents_links_and_auditors_manage_nothing(desk):
    audit = makers.post(desk.unit, kind="auditor", title="审计岗")
    zhang = appointed(audit)
    for actor in (actors.resident_actor(zhang), actors.actor_for(zhang, audit)):
        with pytest.raises(Refused):
            services.appoint(actor=actor, person=makers.person(), post=desk)


def test_a_unit_code_is_given_once(desk):
    with pytest.raises(UserError) as caught:
        services.open_unit(actor=SYSTEM, code=desk.unit.code, name="另一个", kind="team", area=desk.unit.area)
    assert caught.value.field == "code"


def test_a_post_in_use_is_not_closed(desk):
    appointed(desk)
    with pytest.raises(NotNow):
        services.close_post(actor=SYSTEM, post=desk)
    services.leave_post(actor=SYSTEM, holding=selectors.holder_of(desk))
    services.close_post(actor=SYSTEM, post=desk)
    with pytest.raises(NotNow):
        appointed(desk)
