"""Every page through one door: headers, no inline script or style, no way to another site, no foreign host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.permissions.visitors import Cast, gather
from tests.test_permissions import SAMPLES, addresses, filled, surface_of

pytestmark = pytest.mark.django_db

EVIL = "https://evil.example/steal"
INLINE = {
    "inline script": re.compile(
        rb"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|importmap)\")[^>]*>", re.IGNORECASE
    ),
    "inline style": re.compile(rb"<style|<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(rb"<[a-z][^<>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(rb"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "outside resource": re.compile(
        rb"<(?:script|link|img|iframe|source|video|audio)[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE
    ),
}
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> dict[str, HttpResponse]:
    """Every address asked once by the right post, with another site named wherever an address may be given."""
    with django_db_blocker.unblock(), transaction.atomic():
        from tests.support import world as small

        cast = gather(small.build())
        found = {f"{method} {route.pattern}": _asked(cast, method, route) for _row, method, route in addresses()}
        transaction.set_rollback(True)
    return found


def _asked(cast: Cast, method: str, route: Any) -> HttpResponse:
    right = SAMPLES["right post"].get(f"{method} {route.pattern}", "")
    api = surface_of(route.pattern) == "api"
    client, headers = cast.client("right", api=api, right=right)
    kept = dict(client.cookies)
    evil = {"next": EVIL, "url": EVIL, "back": EVIL, "return": EVIL, "to": EVIL}
    path = filled(route, cast.samples) + ("" if api else f"?next={EVIL}&back={EVIL}&url={EVIL}")
    body: Any = {"content_type": "application/json", "data": "{}"} if api else {"data": evil}
    with transaction.atomic():
        ask = getattr(client, method.lower())
        answer: HttpResponse = ask(path, headers=headers | {"Referer": EVIL}, **(body if method != "GET" else {}))
        if getattr(answer, "streaming", False):
            b"".join(answer.streaming_content)  # type: ignore[attr-defined] # a streamed answer is read while its rows are there
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(kept)
    return answer


def pages(answers: dict[str, HttpResponse]) -> Iterator[tuple[str, HttpResponse]]:
    for row, answer in answers.items():
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            yield row, answer


def test_every_answer_carries_every_header(answers: dict[str, HttpResponse]) -> None:
    wrong = [
        f"{row}: {name} is {answer.get(name)}"
        for row, answer in answers.items()
        for name, value in WANTED.items()
        if answer.get(name) != value
    ]
    assert wrong == []
    assert [row for row, answer in answers.items() if not answer.get("Permissions-Policy")] == []


def test_every_answer_carries_a_strict_policy_of_content(answers: dict[str, HttpResponse]) -> None:
    for row, answer in answers.items():
        policy = dict(part.strip().partition(" ")[::2] for part in answer.get("Content-Security-Policy", "").split(";"))
        for name in ("default-src", "script-src", "style-src"):  # a served file has less still than a page
            assert policy.get(name, policy.get("default-src")) in {"'self'", "'none'"}, row
        nothing = policy.get("default-src") == "'none'"
        assert nothing or policy.get("object-src") == policy.get("base-uri") == "'none'", row
        assert nothing or policy.get("frame-ancestors") == "'none'", row
        assert "unsafe" not in answer["Content-Security-Policy"], row


def test_no_page_has_inline_script_or_style_or_asks_another_site(answers: dict[str, HttpResponse]) -> None:
    assert sum(1 for _page in pages(answers)) > 150
    wrong = [
        f"{row}: {what}" for row, page in pages(answers) for what, sign in INLINE.items() if sign.search(page.content)
    ]
    assert wrong == []


def test_no_address_leads_to_another_site(answers: dict[str, HttpResponse]) -> None:
    away = [
        f"{row}: {a['Location']}" for row, a in answers.items() if "evil.example" in a.get("Location", "").split("?")[0]
    ]
    assert away == []
    links = re.compile(rb"(?:href|action|hx-[a-z]+)=\"[^\"?]*evil\.example", re.IGNORECASE)
    assert [row for row, page in pages(answers) if links.search(page.content)] == []


def test_no_address_answers_a_forged_or_odd_request_with_a_fault_of_ours(answers: dict[str, HttpResponse]) -> None:
    assert [row for row, answer in answers.items() if answer.status_code >= 500] == []


def test_a_page_made_for_somebody_is_kept_by_no_shared_cache(answers: dict[str, HttpResponse]) -> None:
    # The field's shell that works without a network holds nobody's data; a phone keeps it.
    shell = ("GET /field/manifest", "GET /field/offline", "GET /field/outbox", "GET /field/sw.js")
    shared = [
        row for row, answer in answers.items()
        if row.startswith(("GET /desk", "GET /field", "GET /me")) and not row.startswith(shell)
        and answer.status_code == 200
        and not {"private", "no-store"} & set(answer.get("Cache-Control", "").replace(" ", "").split(","))
    ]  # fmt: skip
    assert shared == []


def test_a_host_that_is_not_ours_is_refused_and_never_repeated() -> None:
    client = Client()
    settings_before = settings.ALLOWED_HOSTS
    try:
        settings.ALLOWED_HOSTS = ["linli.example.gov.cn"]
        assert client.get("/", HTTP_HOST="evil.example").status_code == 400
        answer = client.get("/report/", HTTP_HOST="linli.example.gov.cn", headers={"X-Forwarded-Host": "evil.example"})
        assert answer.status_code == 200
        assert b"evil.example" not in answer.content
    finally:
        settings.ALLOWED_HOSTS = settings_before


def test_a_form_of_another_site_changes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/report/what/", "/accounts/login/", "/files/", "/prefs/elder/", "/i18n/setlang/"):
        assert client.post(path, {}, headers={"Origin": "https://evil.example"}).status_code == 403, path


STRONG = "3f" * 8 + "a1b2c4d5e6f70819" * 3


@pytest.mark.parametrize(
    ("given", "taken"),
    [("secret", False), ("0" * 64, False), ("ab" * 32, False), ("change-me" * 8, False), (STRONG, True)],
)
def test_a_weak_secret_stops_the_start(given: str, taken: bool, tmp_path: Path) -> None:
    environment = os.environ | {"LINLI_HOME": str(tmp_path), "LINLI_SECRET_DJANGO": given}
    call = [sys.executable, "-c", "from linli.config import secrets; secrets.get('django')"]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is taken
    assert taken or "openssl rand -hex 32" in done.stderr


def checked(tmp_path: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    # Not this run's own settings: the browser tests of the same process allow Django what no site may.
    ours = ("LINLI_", "DJANGO_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    call = [sys.executable, "-W", "ignore", "-m", "linli.cli", "check", *arguments]
    environment = kept | {"LINLI_HOME": str(tmp_path)} | given
    return subprocess.run(call, env=environment, capture_output=True, text=True, check=False)


def test_the_settings_of_a_laptop_are_not_those_of_a_site(tmp_path: Path) -> None:
    assert checked(tmp_path).returncode == 0
    done = checked(tmp_path, "--deploy")
    assert done.returncode == 1
    for named in ("LINLI_HTTPS", "LINLI_HOSTS", "LINLI_BASE_URL", "LINLI_MFA", "LINLI_SMS"):
        assert named in done.stdout, named


def test_the_settings_of_the_handbook_are_those_of_a_site(tmp_path: Path) -> None:
    done = checked(
        tmp_path, "--deploy", LINLI_HTTPS="1", LINLI_HOSTS="linli.example.gov.cn", LINLI_MFA="keepers",
        LINLI_BASE_URL="https://linli.example.gov.cn", LINLI_SMS="http", LINLI_SMS_URL="https://sms.example/",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "设置符合正式使用的要求。\n")
