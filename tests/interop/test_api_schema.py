"""The API against its own schema, by tools that this project did not write.

Schemathesis makes up requests for every operation, right ones and wrong ones; whatever is sent, the answer is one
that the document describes, and never a fault of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks

from linli.affairs.cases.process import CASE, SPOT
from linli.kernel import clock, ids
from linli.kernel.matters import perform
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import Actor, resident_actor, system_actor
from tests.support.world import COMMUNITY, World

pytestmark = pytest.mark.interop

EXAMPLES = 4
DOCUMENT = "/api/v1/openapi.json"
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_document_is_valid_openapi_3_1(db: None) -> None:
    document = Client().get(DOCUMENT).json()
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_action_somebody_may_do_has_its_own_operation(db: None) -> None:
    from linli.kernel.matters.declare import PROCESSES
    from linli.surfaces.api.acting import by_somebody

    document = Client().get(DOCUMENT).json()
    wanted = {a.name for p in PROCESSES.values() for a in p.actions if by_somebody(a) and not a.is_opening}
    found = {
        path.rsplit("/", 1)[1] for path in document["paths"] if path.startswith("/api/v1/matters/{number}/actions/")
    }
    assert found == wanted
    begin = document["paths"]["/api/v1/matters"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    pairs = {(one["properties"]["kind"]["const"], one["properties"]["action"]["const"]) for one in begin["oneOf"]}
    assert ("case", "register") in pairs
    assert ("task", "send") not in pairs


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let requests share the test's transaction: a server would close the connection after each, as Django's does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def lived(world: World) -> Iterator[tuple[World, list[str]]]:
    """A district with a case at several stages, to be asked about."""
    with clock.using(clock.at(date(2026, 11, 24), 9)):
        data = {"description": "垃圾没人收", "area": COMMUNITY, "phone": "13887300001"}
        made = [perform(process=CASE, action="report", actor=resident_actor(), data=data).matter for _ in range(3)]
        secretary = world.actor("community_secretary")
        perform(matter=made[1], action="file", actor=secretary, data={"category": "E0102"})
        perform(matter=made[2], action="file", actor=secretary, data={"category": "E0102"})
        perform(matter=made[2], action="dispatch", actor=secretary, data={"lead": world.unit("water").pk})
        spot = {"category": "E0102", "area": COMMUNITY}
        made.append(perform(process=SPOT, action="settle", actor=world.actor("grid_worker"), data=spot).matter)
        yield world, [matter.number for matter in made]


def token(actor: Actor) -> str:
    assert actor.post is not None
    return posts.issue_token(actor=system_actor(), post=actor.post, name="schemathesis").token


def test_whatever_is_sent_the_answer_is_one_that_the_document_describes(
    one_connection: None, lived: tuple[World, list[str]]
) -> None:
    world, numbers = lived
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())
    bearer = {"Authorization": f"Bearer {token(world.actor('community_secretary'))}"}
    answered: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        answered[operation.label] = hold(operation, bearer, numbers)
    assert len(answered) > 60
    done = [label for label, statuses in answered.items() if min(statuses) < 300]
    assert len(done) > 15, done


def hold(operation: Any, bearer: dict[str, str], numbers: list[str]) -> set[int]:
    """Send made-up requests to one operation, check every answer, and return the statuses seen."""
    drawn = iter(range(10_000))
    seen: set[int] = set()

    @SETTINGS
    @hypothesis.given(case=operation.as_strategy())
    def sent(case: Any) -> None:
        turn = next(drawn)
        if "number" in (case.path_parameters or {}) and turn % 3:
            case.path_parameters["number"] = numbers[turn % len(numbers)]
        if "/public/" in operation.path:
            case.headers = {**(case.headers or {}), "Idempotency-Key": str(ids.uuid7())} if turn % 2 else case.headers
            response = case.call()
        else:
            response = case.call(headers=bearer)
        case.validate_response(response, checks=CHECKS)
        seen.add(response.status_code)

    sent()
    return seen
