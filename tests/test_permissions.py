"""Who gets which answer from every address: the table in ``tests/permissions``, performed.

The addresses come from the URLconf, so a new one without a row fails here with the row to add. Rules that hold
whatever a table says stand first. In a row, ``login`` is a redirect to sign-in, ``go`` one to another page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from linli.cli.docs.routes import Route, routes
from tests.permissions.visitors import ORDER, Cast, gather

pytestmark = pytest.mark.django_db

TABLES = Path(__file__).parent / "permissions"
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
OF_A_MATTER = re.compile(r"<(str:)?number>")
# Where a parameter means something else on some addresses.
SAMPLES: dict[str, dict[str, Any]] = yaml.safe_load((TABLES / "samples.yaml").read_text(encoding="utf-8"))


@cache
def table() -> dict[str, dict[str, list[str]]]:
    """Return every row of every table, by table and address."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(TABLES.glob("*.yaml")):
        if path.stem != "samples":
            rows = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            found[path.stem] = {address: [str(answer) for answer in row] for address, row in rows.items()}
    return found


def addresses() -> Iterator[tuple[str, str, Route]]:
    """Yield ``METHOD pattern``, method and route for everything that can be asked for."""
    for route in routes():
        for method in route.methods or ("GET", "POST"):
            yield f"{method} {route.pattern}", method, route


def surface_of(pattern: str) -> str:
    """Return the table that an address belongs to."""
    head = pattern.strip("/").split("/")[0]
    return {"desk": "desk", "field": "field", "api": "api", "accounts": "accounts", "command": "command"}.get(
        head, "portal"
    )


def filled(route: Route, samples: dict[str, Any]) -> str:
    """Return an address with sample parameters in its places."""
    own = {**samples, **SAMPLES["everywhere"], **SAMPLES["by address"].get(route.pattern, {})}

    def value(found: re.Match[str]) -> str:
        assert found[1] in own, f"no sample for <{found[1]}> in {route.pattern}: add one to permissions/samples.yaml"
        given = str(own[found[1]])
        return str(samples[given[1:]]) if given.startswith("$") else given

    return PLACE.sub(value, route.pattern)


def answer_to(cast: Cast, visitor: str, method: str, route: Route) -> str:
    """Perform one request, undo what it did, and return its answer as the tables write it."""
    right = SAMPLES["right post"].get(f"{method} {route.pattern}", "")
    client, headers = cast.client(visitor, api=surface_of(route.pattern) == "api", right=right)
    kept = dict(client.cookies)
    with transaction.atomic():
        body = {"content_type": "application/json", "data": "{}"} if surface_of(route.pattern) == "api" else {}
        ask = getattr(client, method.lower())
        response = ask(filled(route, cast.samples), headers=headers, **(body if method != "GET" else {}))
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(kept)
    if response.status_code in {301, 302, 303, 307}:
        return "login" if response["Location"].startswith("/accounts/login/") else "go"
    return str(response.status_code)


def line(address: str, answers: list[str]) -> str:
    """Return a row as the tables write it."""
    return f"{address + ':':<58} [{', '.join(f'{answer:>5}' for answer in answers)}]"


@pytest.fixture
def cast(world: Any, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return gather(world)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    there = {address: surface_of(route.pattern) for address, _method, route in addresses()}
    listed = {address: surface for surface, rows in table().items() for address in rows}
    missing = [
        f"add to permissions/{surface}.yaml: {line(address, ['?'] * len(ORDER))}"
        for address, surface in there.items()
        if listed.get(address) != surface
    ]
    assert missing == []
    assert [address for address in listed if address not in there] == [], "these addresses are gone"


@pytest.mark.parametrize("surface", ["accounts", "api", "command", "desk", "field", "portal"])
def test_everybody_gets_the_answer_of_the_table(cast: Cast, surface: str) -> None:
    rows = table().get(surface, {})
    wrong = []
    for address, method, route in addresses():
        if surface_of(route.pattern) != surface:
            continue
        given = [answer_to(cast, visitor, method, route) for visitor in ORDER]
        if given != rows.get(address):
            wrong.append(line(address, given))
    assert wrong == [], "\n".join(["what was answered:", *wrong])


def test_the_staff_shells_send_whoever_is_not_signed_in_to_sign_in() -> None:
    # The shell that works without a network is nobody's; a phone's script is told by a status, not by a redirect.
    shell = {"GET /field/offline/", "GET /field/outbox/", "GET /field/sw.js", "GET /field/manifest.webmanifest"}
    scripts = {"GET /field/keys/", "GET /field/pack/", "POST /field/sync/"}
    shells = ("command", "desk", "field")
    inside = {a: r for name in shells for a, r in table().get(name, {}).items() if a not in shell}
    wrong = {a: r[0] for a, r in inside.items() if r[0] != ("401" if a in scripts else "login")}
    assert wrong == {}


def test_no_visitor_finds_a_broken_page() -> None:
    every = {a: r for rows in table().values() for a, r in rows.items()}
    assert {a: r for a, r in every.items() if any(answer.startswith("5") for answer in r)} == {}


def test_what_is_out_of_scope_looks_like_not_there() -> None:
    outside = ("other area", "other unit")
    wrong = {}
    for name in ("command", "desk", "field", "api"):
        for address, row in table().get(name, {}).items():
            if OF_A_MATTER.search(address):
                answers = {row[ORDER.index(visitor)] for visitor in outside}
                if answers != {"404"}:
                    wrong[address] = row
    assert wrong == {}


def test_a_post_that_only_reads_changes_nothing() -> None:
    changed = {}
    for name in ("command", "desk", "field", "api"):
        for address, row in table().get(name, {}).items():
            acts = OF_A_MATTER.search(address) and not address.startswith("GET")
            if acts and row[ORDER.index("auditor")] not in {"404", "403"}:
                changed[address] = row
    assert changed == {}


def test_the_bearer_of_a_task_link_gets_no_further_than_anybody() -> None:
    every = {address: row for rows in table().values() for address, row in rows.items() if "token" not in address}
    assert {a: row for a, row in every.items() if row[ORDER.index("link")] != row[ORDER.index("anonymous")]} == {}
