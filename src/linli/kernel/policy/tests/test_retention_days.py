"""The privacy room keeps data for as long as the document in force says."""

from __future__ import annotations

import pytest

from linli.kernel.privacy.events import retention_days

pytestmark = pytest.mark.django_db


def test_the_document_answers_for_the_groups_it_names():
    assert retention_days.ask(field_group="phone_code", days=99) == 1


def test_a_group_the_document_does_not_name_keeps_its_rooms_days():
    assert retention_days.ask(field_group="no_such_group", days=7) == 7
    assert retention_days.ask(field_group="no_such_group", days=None) is None
