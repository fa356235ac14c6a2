"""Signing in, through HTTP."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db


def test_nobody_signs_up_by_themselves():
    client = Client()
    assert "账号由单位开通" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"username": "x", "password1": "correct horse battery"})
    assert not get_user_model().objects.filter(username="x").exists()


def test_a_wrong_password_is_said_in_chinese_and_the_name_is_kept():
    answer = Client().post("/accounts/login/", {"login": "diaodu", "password": "no"})
    page = answer.content.decode()
    assert "还差一点" in page
    assert 'value="diaodu"' in page


def test_signing_in_leads_on():
    get_user_model().objects.create_user("diaodu", "correct horse battery")
    answer = Client().post("/accounts/login/", {"login": "diaodu", "password": "correct horse battery"})
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/"


def test_every_sign_in_security_page_opens_and_has_its_look():
    account = get_user_model().objects.create_user("diaodu", "correct horse battery")
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("2fa/", "sessions/", "reauthenticate/", "password/change/"):
        page = client.get(f"/accounts/{path}", follow=True)
        assert page.status_code == 200, path
        assert "entrance-card" in page.content.decode(), path


def test_a_form_that_waited_too_long_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "您填的内容还在这台设备上" in answer.content.decode()
