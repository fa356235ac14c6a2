"""Only what changed about a row is written."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.policy.models import PolicyVersion
from linli.kernel.storage.snapshots import Snapshot


@pytest.fixture
def version(world: Any) -> PolicyVersion:
    found = PolicyVersion.objects.first()
    assert found is not None
    return found


def test_an_untouched_row_costs_no_statement(version: PolicyVersion, django_assert_num_queries: Any) -> None:
    snapshot = Snapshot(version)
    with django_assert_num_queries(0):
        assert not snapshot.save()


def test_what_changed_is_named_and_written_in_one_statement(
    version: PolicyVersion, django_assert_num_queries: Any
) -> None:
    snapshot = Snapshot(version)
    version.note = "说明"
    assert snapshot.changed() == ["note"]
    with django_assert_num_queries(1):
        assert snapshot.save()
    version.refresh_from_db()
    assert version.note == "说明"


def test_a_change_inside_a_document_shows(version: PolicyVersion) -> None:
    snapshot = Snapshot(version)
    version.body["added"] = 1
    assert snapshot.changed() == ["body"]
