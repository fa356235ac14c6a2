"""What a request may cost in statements: fixed numbers, whatever the history (issue: cost; design: habits)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.affairs.cases.process import CASE
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Account
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor, resident_actor
from tests.support.world import COMMUNITY, World

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
TOKENS = ("policy_policygeneration", "areas_areageneration", "worktime_calendargeneration", "outreach_subscription")
"""Asked at most once a second by each process, not by each request: has another process changed the policy, does
another system want to hear?"""

REPORT, CHANGE = 8, 12


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Return the statements between request and response, without transaction frames and the once-a-second looks."""
    every = [q["sql"] for q in captured.captured_queries]
    return [sql for sql in every if not sql.startswith(FRAME) and not any(token in sql for token in TOKENS)]


def signed_in(actor: Actor) -> Client:
    """Return a browser in which this actor's person is signed in and acts through the post."""
    assert actor.person is not None
    assert actor.post is not None
    account = Account.objects.filter(person=actor.person).first()
    client = Client()
    client.force_login(account or Account.objects.create_user(f"u{uuid.uuid4().hex[:8]}", person=actor.person))  # noqa: TID251 - a name, not an id
    kept = client.session
    kept[session.POST_KEY] = str(actor.post.pk)
    kept.save()
    return client


def a_case() -> Matter:
    data = {"description": "垃圾没人收", "area": COMMUNITY}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def test_an_anonymous_report_without_photo(world: World, client: Client) -> None:
    client.post("/report/place/", {"area": COMMUNITY})
    client.get("/report/what/")
    with CaptureQueriesContext(connection) as captured:
        answer = client.post("/report/what/", {"description": "楼下垃圾没人收", "key": "k1"})
    assert answer.status_code == 302, answer.content.decode()
    assert len(statements(captured)) <= REPORT, "\n".join(statements(captured))


def test_a_change_of_state_on_the_desk(world: World) -> None:
    secretary = world.actor("community_secretary")
    browser = signed_in(secretary)
    matter = a_case()
    browser.get(f"/desk/m/{matter.number}/")
    data = {"category": "E0102", "title": "天马社区 暴露垃圾", "version": matter.version, "key": "k2"}
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(f"/desk/m/{matter.number}/file/", data)
    assert answer.status_code == 302, answer.content.decode()
    assert Matter.objects.get(pk=matter.pk).stage == "filed"
    assert len(statements(captured)) <= CHANGE, "\n".join(statements(captured))


@pytest.mark.parametrize("path", ["/desk/", "/desk/lists/cases/", "/field/", "/public/"])
def test_a_list_costs_the_same_with_one_matter_and_with_twenty(world: World, path: str) -> None:
    browser = signed_in(world.actor("community_secretary"))
    costs: list[int] = []
    for count in (1, 19):
        for _ in range(count):
            a_case()
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer: Any = browser.get(path)
        assert answer.status_code == 200
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1], "\n".join(statements(captured))


def test_a_matters_page_costs_the_same_however_long_its_trail(world: World) -> None:
    browser = signed_in(world.actor("community_secretary"))
    matter = a_case()
    costs: list[int] = []
    for urgings in (1, 25):
        for _ in range(urgings):
            perform(actor=world.actor("community_secretary"), matter=matter, action="urge", data={})
        browser.get(f"/desk/m/{matter.number}/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/desk/m/{matter.number}/").status_code == 200
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1], "\n".join(statements(captured))
