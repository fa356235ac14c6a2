"""Signing in by a code sent to a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from linli.kernel import clock, people
from linli.kernel.errors import UserError
from linli.kernel.people import services
from linli.kernel.people.events import code_requested
from linli.kernel.people.models import Assurance, SignInCode
from linli.kernel.people.services import sign_in
from linli.kernel.people.tests.threads import together

PHONE, NETWORK = "13800138000", "10.0.0.7"


def ask(phone=PHONE, network=NETWORK):
    return services.request_code(phone=phone, network=network)


def test_a_right_code_proves_the_phone_and_works_once(db):
    code = services.message_of(ask()).code
    person = services.verify_code(phone="138 0013 8000", code=f" {code} ")
    person.refresh_from_db()
    assert person.assurance == Assurance.PHONE
    assert people.contact(person).verified_at is not None
    with pytest.raises(services.WrongCode):
        services.verify_code(phone=PHONE, code=code)


def test_the_person_reported_for_by_telephone_is_the_one_who_signs_in(db):
    known = people.ensure_by_phone(PHONE, "张三")
    assert services.verify_code(phone=PHONE, code=services.message_of(ask()).code) == known


def test_neither_code_nor_phone_can_be_read_in_the_database_or_the_event(db):
    heard = []
    code_requested.connect(heard.append)
    try:
        key = ask()
    finally:
        code_requested.disconnect(heard.append)
    message = services.message_of(key)
    assert heard == [type(heard[0])(key)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM people_signincode c")
        row = cursor.fetchone()[0].replace(str(key), "")
    assert message.code not in row or len(message.code) < 6
    assert PHONE not in row


def test_a_code_dies_after_five_minutes(db):
    start = clock.now()
    with clock.using(start) as travel:
        key = ask()
        code = services.message_of(key).code
        travel.forward(minutes=6)
        assert services.message_of(key) is None
        with pytest.raises(services.WrongCode):
            services.verify_code(phone=PHONE, code=code)


def test_five_wrong_tries_end_a_code_even_for_the_right_one(db):
    code = services.message_of(ask()).code
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        with pytest.raises(services.WrongCode):
            services.verify_code(phone=PHONE, code=wrong)
    for attempt in (wrong, code):
        with pytest.raises(services.TooMany):
            services.verify_code(phone=PHONE, code=attempt)
    assert SignInCode.objects.get().tries == 5


def test_one_phone_gets_one_code_a_minute_and_five_an_hour(db):
    with clock.using(clock.now()) as travel:
        ask()
        with pytest.raises(services.TooMany, match="1分钟"):
            ask()
        for _ in range(4):
            travel.forward(minutes=2)
            ask()
        travel.forward(minutes=2)
        with pytest.raises(services.TooMany, match=r"5\d分钟"):
            ask()


def test_one_address_cannot_ask_for_all_phones(db):
    for n in range(10):
        ask(phone=f"1380013800{n}")
    with pytest.raises(services.TooMany):
        ask(phone="13900139000")
    ask(phone="13900139000", network="10.0.0.8")


def test_only_the_newest_code_counts(db):
    with clock.using(clock.now()) as travel:
        older = services.message_of(ask()).code
        travel.forward(minutes=2)
        newer = services.message_of(ask()).code
        if older != newer:
            with pytest.raises(services.WrongCode):
                services.verify_code(phone=PHONE, code=older)
        assert services.verify_code(phone=PHONE, code=newer)


def test_a_landline_gets_no_code(db):
    with pytest.raises(UserError, match="短信"):
        ask(phone="0871-63123456")


def test_an_unknown_phone_and_a_wrong_code_answer_alike(db):
    with pytest.raises(services.WrongCode):
        services.verify_code(phone="13900139000", code="123456")


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_when_many_ask_at_once():
    results = together(*[ask] * 5)
    assert sum(isinstance(r, services.TooMany) for r in results) == 4


@pytest.mark.django_db(transaction=True)
def test_a_code_signs_in_once_under_concurrency():
    code = services.message_of(ask()).code
    results = together(*[lambda: services.verify_code(phone=PHONE, code=code)] * 4)
    assert sum(isinstance(r, services.WrongCode) for r in results) == 3


def test_codes_of_two_requests_are_not_the_same_number_every_time(db):
    with clock.using(clock.now()) as travel:
        codes = set()
        for n in range(8):
            travel.forward(seconds=int(timedelta(minutes=2).total_seconds()))
            codes.add(services.message_of(ask(phone=f"1380013801{n}")).code)
    assert len(codes) > 1
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert timedelta(minutes=5) == sign_in.VALID
