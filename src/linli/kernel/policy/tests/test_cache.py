"""The cache: one question a second, another process' decisions, no half-read state between threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import clock, ids, policy
from linli.kernel.policy import cache, documents, files, services
from linli.kernel.policy.models import PolicyGeneration, PolicyVersion
from linli.kernel.policy.shapes import Duties

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[5] / "docs"


@pytest.fixture(autouse=True)
def _fresh():
    policy.forget()
    yield
    policy.forget()


def retitled_by_another_process(title: str) -> None:
    """Put a version in force as another process would: in the database, past this one's cache."""
    first = PolicyVersion.objects.get(name="posts.duties", number=1)
    body = first.body
    body["duties"]["dispatcher"]["title"] = title
    PolicyVersion.objects.filter(pk=first.pk).update(state=PolicyVersion.State.SUPERSEDED)
    services._write("posts.duties", body, clock.today(), PolicyVersion.State.IN_FORCE).save()
    PolicyGeneration.objects.update(mark=ids.uuid7())


def test_another_process_decision_is_seen_at_the_next_check(monkeypatch: pytest.MonkeyPatch):
    services.load(files.SHIPPED)
    assert policy.duty_title("dispatcher") == "派遣"
    retitled_by_another_process("分派")
    assert policy.duty_title("dispatcher") == "派遣"
    monkeypatch.setattr(cache, "CHECK_SECONDS", 0.0)
    assert policy.duty_title("dispatcher") == "分派"


def test_a_check_that_finds_nothing_new_costs_one_statement_and_parses_nothing(monkeypatch: pytest.MonkeyPatch):
    services.load(files.SHIPPED)
    before = policy.get(Duties)
    monkeypatch.setattr(cache, "CHECK_SECONDS", 0.0)
    with CaptureQueriesContext(connection) as queries:
        after = policy.get(Duties)
    assert len(queries) == 1
    assert after is before


def test_pins_given_out_are_not_the_caches_own():
    pins = policy.pin("posts.duties")
    pins["posts.duties"] = 99
    assert policy.pin("posts.duties") == {"posts.duties": 0}


def test_a_pin_of_a_version_that_does_not_exist_is_an_error():
    with pytest.raises(LookupError, match="no version 7"):
        policy.pinned({"posts.duties": 7}, Duties)


def test_threads_share_one_answer():
    policy.get(Duties)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: policy.get(Duties), range(200)))
    assert len({id(document) for document in found}) == 1


def test_every_document_is_described_in_the_docs():
    text = (DOCS / "policy.md").read_text(encoding="utf-8")
    assert [name for name in documents.names() if f"| `{name}` |" not in text] == []
