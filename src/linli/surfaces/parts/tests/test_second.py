"""The second factor: who must have one is led to it, and with it the way is free."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from tests.support.world import World
from tests.test_costs import signed_in

from linli.kernel.people.models import Account
from linli.surfaces.parts import words

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


def code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def owner(browser: Client) -> Account:
    return Account.objects.get(pk=browser.session["_auth_user_id"])


def test_whoever_keeps_the_keys_sets_up_a_second_factor_first(world: World, settings: Any) -> None:
    browser = signed_in(world.actor("system_admin", area="532503"))
    assert browser.get("/desk/").status_code == 200
    settings.LINLI_MFA = "keepers"
    answer = browser.get("/desk/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert browser.get("/api/v1/inbox").status_code == 403
    assert browser.get("/accounts/logout/").status_code == 200, "one can still leave"
    TOTP.activate(owner(browser), generate_totp_secret())
    assert browser.get("/desk/").status_code == 200


def test_a_grid_worker_needs_none_unless_all_staff_do(world: World, settings: Any) -> None:
    browser = signed_in(world.actor("grid_worker"))
    settings.LINLI_MFA = "keepers"
    assert browser.get("/field/").status_code == 200
    settings.LINLI_MFA = "staff"
    assert browser.get("/field/")["Location"] == "/accounts/2fa/totp/activate/"
    assert Client().get("/").status_code == 200, "residents are not staff"


def test_that_there_is_one_is_asked_once_a_session(
    world: World, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.LINLI_MFA = "keepers"
    browser = signed_in(world.actor("auditor"))
    TOTP.activate(owner(browser), generate_totp_secret())
    assert browser.get("/desk/help/").status_code == 200
    assert browser.session["linli.second"] is True
    Authenticator.objects.all().delete()
    assert browser.get("/desk/help/").status_code == 200, "looked at once, when the session began"


def test_signing_in_asks_for_the_code_and_takes_none_twice(world: World) -> None:
    person = world.actor("auditor").person
    account = Account.objects.create_user("auditor", password=PASSWORD, person=person)
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "auditor", "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert browser.get("/desk/").status_code == 302, "a password alone opens nothing"
    assert browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    used = code(secret)
    assert browser.post("/accounts/2fa/authenticate/", {"code": used}).status_code == 302
    assert browser.get("/desk/").status_code == 200
    other = Client()
    other.post("/accounts/login/", {"login": "auditor", "password": PASSWORD})
    assert other.post("/accounts/2fa/authenticate/", {"code": used}).status_code == 200, "a code is used once"


def test_whoever_signed_in_sees_their_sessions_and_ends_the_others(world: World) -> None:
    Account.objects.create_user("auditor", password=PASSWORD, person=world.actor("auditor").person)
    first, second = Client(headers={"User-Agent": "old phone"}), Client(headers={"User-Agent": "office"})
    for browser in (first, second):
        assert browser.post("/accounts/login/", {"login": "auditor", "password": PASSWORD}).status_code == 302
        assert browser.get("/desk/help/").status_code == 200
    assert "old phone" in second.get("/accounts/sessions/").content.decode()
    assert "结束其他登录" in second.get("/accounts/sessions/").content.decode()
    second.post("/accounts/sessions/")
    assert first.get("/desk/help/").status_code == 302
    assert second.get("/desk/help/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 13; V2118A) Chrome/107.0 MicroMessenger/8.0.40", "微信，安卓"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Safari/604.1", "Safari，iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge，Windows"),
        ("old phone", "old phone"),
        ("", "不知道的设备"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(agent: str, said: str) -> None:
    assert words.device(agent) == said


def test_whoever_signs_in_is_greeted_by_name(world: World) -> None:
    person = world.actor("auditor").person
    assert person
    Account.objects.create_user("auditor", password=PASSWORD, person=person)
    answer = Client().post("/accounts/login/", {"login": "auditor", "password": PASSWORD}, follow=True)
    page = answer.content.decode()
    assert f"{person.name}，您好" in page
    assert "auditor" not in page.partition("您好")[0][-60:]
