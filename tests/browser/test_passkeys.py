"""A passkey in a real browser: added once, it signs in without a password; taken away, it does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import lively
from tests.support import world as small
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("desk")]

PASSWORD = "correct horse battery"


@pytest.fixture
def world(db: Any) -> World:
    return small.build()


@pytest.fixture
def secretary(world: World) -> Any:
    return lively.account(world.actor("community_secretary"))


def with_a_key(page: Page) -> None:
    """Give the browser a key of its own, as a laptop's fingerprint reader is one."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, home: str, secretary: Any) -> None:
    page.goto(home + "/accounts/login/")
    page.get_by_label("账号").fill(secretary.get_username())
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile("/desk/"))


def sign_out(page: Page, home: str) -> None:
    page.goto(home + "/accounts/logout/")
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url(lambda address: "/logout/" not in address)


def be_certain(page: Page, then: str) -> None:
    """Give the password once more: what changes how one signs in asks for it."""
    page.wait_for_url(re.compile("/reauthenticate/"))
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url(re.compile(f"/accounts/2fa/webauthn/(.*/)?{then}/$"))


def test_a_passkey_is_added_and_signs_in_without_a_password_until_it_is_taken_away(
    secretary: Any, open_page: Callable[..., Page], check: Callable[[Page], None], shot: Any
) -> None:
    page = open_page("/help/")
    home = page.url.removesuffix("/help/")
    with_a_key(page)
    sign_in(page, home, secretary)
    page.goto(home + "/accounts/2fa/webauthn/add/")
    be_certain(page, "add")
    check(page)
    shot(page, "passkey-add")
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_label("以后用它登录，不用再输密码").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda address: "/webauthn/add/" not in address)
    shot(page, "passkey-added")
    page.goto(home + "/accounts/2fa/webauthn/")
    check(page)
    shot(page, "passkey-list")
    expect(page.locator("main")).to_contain_text("办公室电脑")
    sign_out(page, home)
    page.goto(home + "/accounts/login/")
    check(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile("/desk/"))
    page.goto(home + "/accounts/2fa/webauthn/")
    page.get_by_role("link", name="删除").click()
    be_certain(page, "remove")
    check(page)
    shot(page, "passkey-remove")
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url(lambda address: "/remove/" not in address)
    sign_out(page, home)
    page.goto(home + "/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("main")).to_contain_text("这把钥匙没有登记过，或者已经删除")
    shot(page, "passkey-gone")
    assert page.goto(home + "/desk/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
