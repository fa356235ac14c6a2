"""Who carries which duty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import policy
from linli.kernel.policy.shapes import Duties

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    policy.forget()


def test_a_grid_worker_reports_and_settles_but_never_dispatches():
    duties = policy.duties_of("grid_worker")
    assert {"reporter", "settler", "verifier"} <= duties
    assert "dispatcher" not in duties


def test_the_discipline_observer_comments_and_never_handles_or_verifies():
    duties = policy.duties_of("discipline_observer")
    assert "commenter" in duties
    assert not duties & {"handler", "lead_handler", "verifier", "dispatcher", "settler", "approver"}


def test_an_unknown_post_has_no_duty_and_an_unknown_duty_no_post():
    assert policy.duties_of("astronaut") == frozenset()
    assert policy.posts_with("flier") == frozenset()


def test_every_post_kind_carries_a_duty():
    document = policy.get(Duties)
    idle = [kind for kind in document.post_kinds if not policy.duties_of(kind)]
    assert idle == []


def test_answers_cost_no_statement_once_they_are_cached():
    policy.duties_of("grid_worker")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(50):
            policy.duties_of("grid_worker")
            policy.pin("posts.duties")
            policy.get(Duties)
    assert len(queries) == 0


def test_a_district_without_loaded_policy_uses_what_ships_and_pins_it_as_zero():
    assert policy.pin("posts.duties") == {"posts.duties": 0}
    assert policy.pinned({"posts.duties": 0}, Duties) is policy.get(Duties)
