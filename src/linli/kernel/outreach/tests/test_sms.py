"""Text messages: who gets them, when, and how many."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from linli.kernel import clock, ids, outreach
from linli.kernel.outreach.models import Outbox
from linli.kernel.outreach.sinks import ConsoleSink
from linli.kernel.outreach.tests.conftest import PHONE, person_with_phone, unit_on_duty
from linli.kernel.people.services import record_death, request_code, verify_code
from linli.kernel.posts.actors import system_actor
from linli.kernel.storage.together import Together

DAY = date(2026, 11, 23)
NOON = clock.at(DAY, 12)


def put(*rows: Any) -> None:
    together = Together()
    together.add(*rows)
    together.flush()


@pytest.mark.django_db
def test_a_message_is_a_row_of_ids_and_leaves_by_the_worker(capsys: pytest.CaptureFixture[str]) -> None:
    with clock.using(NOON):
        person = person_with_phone()
        put(*outreach.queue("sms", [person.pk], "tests.progress", subject_id=ids.uuid7(), ref="step-1"))
        row = Outbox.objects.get()
        assert PHONE not in repr(vars(row))
        assert ConsoleSink.to(PHONE) == []
        assert outreach.deliver_due() == {"sent": 1}
        assert ConsoleSink.to(PHONE) == ["您反映的事项有新进展（step-1）"]
        assert f"[短信] 2026-11-23 12:00:00 {PHONE} 您反映的事项有新进展" in capsys.readouterr().out
        assert outreach.deliver_due() == {}
    row.refresh_from_db()
    assert (row.state, row.tries) == ("sent", 1)
    assert row.sent_at is not None


@pytest.mark.django_db
def test_a_resident_hears_nothing_between_nine_in_the_evening_and_eight_in_the_morning() -> None:
    with clock.using(clock.at(DAY, 20, 59)) as time:
        person = person_with_phone()
        put(*outreach.queue("sms", [person.pk], "tests.progress", subject_id=ids.uuid7()))
        time.to(clock.at(DAY, 21, 5))
        put(*outreach.queue("sms", [person.pk], "tests.progress", subject_id=ids.uuid7()))
        assert outreach.deliver_due() == {"waiting": 1}
        time.to(clock.at(DAY + timedelta(days=1), 7, 59))
        assert outreach.deliver_due() == {}
        time.to(clock.at(DAY + timedelta(days=1), 8))
        assert outreach.deliver_due() == {"sent": 2}
    assert set(Outbox.objects.values_list("tries", flat=True)) == {1}


@pytest.mark.django_db
def test_what_a_clock_that_ran_ahead_wrote_does_not_wait_until_then() -> None:
    with clock.using(NOON + timedelta(days=1)):
        person = person_with_phone()
        put(*outreach.queue("sms", [person.pk], "tests.progress", subject_id=ids.uuid7()))
    with clock.using(NOON):
        assert outreach.deliver_due() == {"sent": 1}


@pytest.mark.django_db
def test_a_sign_in_code_comes_at_night_too() -> None:
    with clock.using(clock.at(DAY, 23)):
        asked = ids.uuid7()
        put(*outreach.queue("sms", [asked], "tests.code", recipient="address", interrupt=outreach.REQUESTED))
        assert outreach.deliver_due("sms") == {"sent": 1}
    assert ConsoleSink.to(f"139{asked.int % 10**8:08d}") == ["验证码 246810"]


@pytest.mark.django_db
def test_a_resident_gets_at_most_four_messages_on_a_matter_and_the_last_place_is_for_the_end() -> None:
    with clock.using(NOON):
        person, matter = person_with_phone(), ids.uuid7()
        for step in range(6):
            put(*outreach.queue("sms", [person.pk], "tests.progress", subject_id=matter, ref=str(step)))
            outreach.deliver_due()
        put(*outreach.queue("sms", [person.pk], "tests.closed", subject_id=matter))
        put(*outreach.queue("sms", [person.pk], "tests.closed", subject_id=matter))
        assert outreach.deliver_due() == {"sent": 1, "dropped": 1}
        put(*outreach.queue("sms", [person.pk], "tests.progress", subject_id=ids.uuid7()))
        assert outreach.deliver_due() == {"sent": 1}, "another matter counts for itself"
    texts = ConsoleSink.to(PHONE)
    assert len(texts) == 5
    assert texts[3] == "您反映的事项已办结"


@pytest.mark.django_db
def test_what_interrupts_reaches_whoever_is_on_duty_and_nothing_else_does() -> None:
    with clock.using(clock.at(DAY, 23)):
        unit = unit_on_duty("0873-3712345", clock.at(DAY, 17), clock.at(DAY + timedelta(days=1), 8))
        assert outreach.queue("sms", [unit.pk], "tests.progress", recipient="duty") == []
        assert outreach.queue("sms", [unit.pk], "tests.progress", recipient="duty", interrupt="chatter") == []
        put(*outreach.queue("sms", [unit.pk], "tests.progress", recipient="duty", interrupt=outreach.URGENT))
        assert outreach.deliver_due() == {"sent": 1}
    assert len(ConsoleSink.to("0873-3712345")) == 1


@pytest.mark.django_db
def test_without_a_phone_or_a_point_a_message_is_dropped_and_says_why() -> None:
    with clock.using(NOON):
        nobody = person_with_phone()
        nobody.contacts.update(ended_at=clock.now())
        put(*outreach.queue("sms", [nobody.pk], "tests.progress"))
        put(*outreach.queue("sms", [person_with_phone().pk], "tests.pointless"))
        assert outreach.deliver_due() == {"dropped": 2}
    assert set(Outbox.objects.values_list("error", flat=True)) == {"没有可用的号码", "已不需要"}


@pytest.mark.django_db
def test_a_recorded_death_stops_messages() -> None:
    with clock.using(NOON):
        person = person_with_phone()
        put(*outreach.queue("sms", [person.pk], "tests.progress"))
        record_death(actor=system_actor(), person=person, on=DAY)
        assert outreach.deliver_due() == {"dropped": 1}
    assert not ConsoleSink.last


@pytest.mark.django_db
def test_who_was_merged_into_another_is_reached_there() -> None:
    with clock.using(NOON):
        kept = person_with_phone()
        gone = person_with_phone("13999999999", merged_into=kept)
        put(*outreach.queue("sms", [gone.pk], "tests.progress"))
        outreach.deliver_due()
    assert ConsoleSink.to("13999999999") == []
    assert len(ConsoleSink.to(PHONE)) == 1


@pytest.mark.django_db
def test_a_message_that_cannot_be_made_is_tried_later_and_given_up_in_the_end() -> None:
    with clock.using(NOON) as time:
        put(*outreach.queue("sms", [person_with_phone().pk], "tests.broken", interrupt=outreach.REQUESTED))
        put(*outreach.queue("sms", [person_with_phone("13777777777").pk], "tests.progress"))
        assert outreach.deliver_due() == {"waiting": 1, "sent": 1}, "it holds up nobody"
        for _ in range(5):
            time.forward(hours=3)
            outreach.deliver_due()
    row = Outbox.objects.get(template="tests.broken")
    assert (row.state, row.tries, row.error) == ("failed", 6, "ZeroDivisionError")


@pytest.mark.django_db
def test_an_sms_gateway_is_told_each_message_once_by_its_key(server: Any, settings: Any) -> None:
    settings.LINLI_SMS, settings.LINLI_SMS_URL, settings.LINLI_SMS_TOKEN = "http", server.url, "t0ken"
    server.answers = [503, 200]
    with clock.using(NOON) as time:
        put(*outreach.queue("sms", [person_with_phone().pk], "tests.progress", ref="x"))
        assert outreach.deliver_due() == {"waiting": 1}
        time.forward(seconds=31)
        assert outreach.deliver_due() == {"sent": 1}
    keys = {headers["Idempotency-Key"] for headers, _body in server.requests}
    assert keys == {str(Outbox.objects.get().pk)}
    assert server.requests[0][0]["Authorization"] == "Bearer t0ken"
    assert server.bodies[0]["to"] == PHONE


@pytest.mark.django_db
def test_what_the_gateway_refuses_is_not_tried_again(server: Any, settings: Any) -> None:
    settings.LINLI_SMS, settings.LINLI_SMS_URL = "http", server.url
    server.answers = [400]
    with clock.using(NOON):
        put(*outreach.queue("sms", [person_with_phone().pk], "tests.progress"))
        assert outreach.deliver_due() == {"failed": 1}
        assert outreach.backlog().failed == 1
    assert Outbox.objects.get().error == "HTTP 400"


@pytest.mark.django_db
def test_an_unknown_template_is_refused_when_queued() -> None:
    with pytest.raises(LookupError, match="nowhere"):
        outreach.queue("sms", [ids.uuid7()], "tests.nowhere")


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["SET template = 'x'", "SET recipient_id = subject_id", "DELETE"])
def test_the_database_refuses_to_rewrite_a_message(change: str) -> None:
    put(*outreach.queue("sms", [ids.uuid7()], "tests.progress", subject_id=ids.uuid7()))
    sql = "DELETE FROM outreach_outbox" if change == "DELETE" else f"UPDATE outreach_outbox {change}"
    with (
        pytest.raises(IntegrityError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_from_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        outreach.deliver_due()


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_each_of_two_hundred_messages_once() -> None:
    from linli.kernel.outreach.rules import REQUESTED

    numbers = [f"1380000{n:04d}" for n in range(200)]
    for number in numbers:
        put(*outreach.queue("sms", [person_with_phone(number).pk], "tests.progress", interrupt=REQUESTED))

    sent: list[dict[str, int]] = []

    def work() -> None:
        try:
            sent.append(outreach.deliver_due())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts.get("sent", 0) for counts in sent) == 200
    assert sorted(sms.phone for sms in ConsoleSink.last) == numbers


@pytest.mark.django_db
def test_a_worker_killed_while_sending_leaves_the_message_to_the_next_under_the_same_key() -> None:
    from linli.kernel.outreach import delivery

    with clock.using(NOON) as time:
        put(*outreach.queue("sms", [person_with_phone().pk], "tests.progress"))
        claimed = delivery._claim(outreach.Channel.SMS, 10)
        delivery._send_sms(claimed[0])  # sent, and killed before it is noted
        assert outreach.deliver_due() == {}
        time.forward(minutes=3)
        assert outreach.deliver_due() == {"sent": 1}
    assert len(ConsoleSink.to(PHONE)) == 1


@pytest.mark.django_db
def test_a_sign_in_code_that_was_asked_for_arrives_and_signs_in() -> None:
    with clock.using(clock.at(DAY, 23)) as time:
        request_code(phone=PHONE, network="10.0.0.1")
        assert outreach.deliver_due() == {"sent": 1}
        [text] = ConsoleSink.to(PHONE)
        code = "".join(letter for letter in text if letter.isdigit())[:6]
        assert verify_code(phone=PHONE, code=code).assurance == 1
        time.forward(minutes=2)
        request_code(phone=PHONE, network="10.0.0.1")
        time.forward(minutes=6)
        assert outreach.deliver_due() == {"dropped": 1}, "one that is too old is not sent any more"
