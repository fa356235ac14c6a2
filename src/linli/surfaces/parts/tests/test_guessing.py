"""Guessing passwords is limited, and nobody can be locked out for ever by somebody who knows their account name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from tests.support.world import World

from linli.kernel.people.models import Account
from linli.surfaces.parts.callers import network
from linli.surfaces.parts.signin import KNOWN

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
RIGHT = {"login": "secretary", "password": PASSWORD}
WRONG = {"login": "secretary", "password": "a guess"}


@pytest.fixture(autouse=True)
def _account(world: World) -> None:
    cache.clear()
    Account.objects.create_user("secretary", password=PASSWORD, person=world.actor("community_secretary").person)


def signs_in(browser: Client) -> bool:
    return bool(browser.post("/accounts/login/", RIGHT).status_code == 302)


def guess(browser: Client, times: int) -> None:
    for _n in range(times):
        assert browser.post("/accounts/login/", WRONG).status_code == 200


def test_after_five_wrong_passwords_the_right_one_does_not_help_a_stranger() -> None:
    guess(Client(), 5)
    assert not signs_in(Client()), "whoever guesses gets no sixth try, right or wrong"


def test_the_account_s_own_browser_is_not_locked_out_by_a_strangers_guesses() -> None:
    own = Client()
    assert signs_in(own)
    own.post("/accounts/logout/")
    for _hour in range(3):
        guess(Client(), 7)
        assert signs_in(own), "it was signed in here before"
        own.post("/accounts/logout/")
    assert not signs_in(Client())


def test_guessing_is_limited_in_a_known_browser_too() -> None:
    own = Client()
    assert signs_in(own)
    own.post("/accounts/logout/")
    guess(own, 5)
    assert not signs_in(own)


def test_a_forged_word_for_the_browser_counts_for_nothing() -> None:
    stranger = Client()
    stranger.cookies[KNOWN] = "secretary:1rGkRx:forged"
    guess(stranger, 5)
    assert not signs_in(stranger)
    assert signs_in(Client()) is False


def test_the_answer_does_not_tell_whether_an_account_exists() -> None:
    told = [
        Client().post("/accounts/login/", {"login": name, "password": "wrong"}).content.decode().split("<form")[1]
        for name in ("secretary", "secretarx")
    ]
    assert (
        told[0].replace("secretary", "").split("csrfmiddlewaretoken")[0]
        == told[1].replace("secretarx", "").split("csrfmiddlewaretoken")[0]
    )


def test_behind_a_proxy_the_caller_is_who_the_proxy_saw(settings: Any) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 10.1.2.3"})
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert network(request) == "127.0.0.1", "without a proxy of ours the header is anybody's word"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert network(request) == "10.1.2.3", "what came before our proxy is anybody's word"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    assert network(request) == "127.0.0.1"
