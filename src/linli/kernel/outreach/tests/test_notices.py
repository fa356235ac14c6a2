"""Notices in the product: the bell, the morning list, read marks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.kernel import clock, ids, outreach
from linli.kernel.outreach.models import Notice
from linli.kernel.outreach.tests.conftest import person_with_phone
from linli.kernel.posts.actors import Actor, ActorKind, resident_actor

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
NEXT = DAY + timedelta(days=1)


def put(*rows: Notice) -> None:
    Notice.objects.bulk_create(rows)


def test_what_does_not_interrupt_waits_for_the_morning_list_and_counts_as_one() -> None:
    post = ids.uuid7()
    with clock.using(clock.at(DAY, 10)) as time:
        for step in range(3):
            put(*outreach.notice_rows("tests.progress", posts=[post], ref=str(step)))
        assert outreach.unread_count(post_id=post) == 0
        time.to(clock.at(NEXT, 9))
        assert outreach.unread_count(post_id=post) == 1
        assert [shown.text.body[-2:-1] for shown in outreach.morning_list(post)] == ["0", "1", "2"]
        assert outreach.morning_list(post, DAY) == []


@pytest.mark.parametrize("interrupt", [outreach.URGENT, outreach.RETURNED, outreach.OVERDUE])
def test_urgent_returned_and_overdue_ring_at_once(interrupt: str) -> None:
    post = ids.uuid7()
    with clock.using(clock.at(DAY, 23)):
        put(*outreach.notice_rows("tests.progress", posts=[post], interrupt=interrupt))
        assert outreach.unread_count(post_id=post) == 1
        assert outreach.morning_list(post) == []


def test_an_unheard_of_class_does_not_ring() -> None:
    post = ids.uuid7()
    with clock.using(clock.at(DAY, 12)):
        put(*outreach.notice_rows("tests.progress", posts=[post], interrupt="chatter"))
        assert outreach.unread_count(post_id=post) == 0


def test_a_resident_finds_theirs_at_once_and_what_lost_its_point_not_at_all() -> None:
    person = ids.uuid7()
    with clock.using(clock.at(DAY, 22)):
        put(*outreach.notice_rows("tests.closed", people=[person, person]))
        put(*outreach.notice_rows("tests.pointless", people=[person]))
        shown = outreach.notices(person_id=person)
    assert [item.text.link for item in shown] == ["/m/1"]


def test_reading_marks_ones_own_notices_only() -> None:
    person, other = person_with_phone(), person_with_phone("13999999999")
    with clock.using(clock.at(DAY, 12)):
        put(*outreach.notice_rows("tests.progress", people=[person.pk, other.pk]))
        everything = list(Notice.objects.values_list("pk", flat=True))
        assert outreach.mark_read(actor=resident_actor(person), notice_ids=everything) == 1
        assert outreach.mark_read(actor=resident_actor(person)) == 0
        assert outreach.unread_count(person_id=other.pk) == 1
        assert outreach.notices(person_id=person.pk, unread=True) == []
        assert not outreach.notices(person_id=person.pk)[0].unread


def test_nobody_in_particular_has_nothing_to_read() -> None:
    assert outreach.mark_read(actor=Actor(ActorKind.SYSTEM)) == 0


def test_the_bell_costs_one_statement(django_assert_num_queries) -> None:
    outreach.unread_count(post_id=ids.uuid7())
    with django_assert_num_queries(1):
        outreach.unread_count(post_id=ids.uuid7())
