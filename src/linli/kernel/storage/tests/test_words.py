"""Pairs of characters in the database, and texts found by a part of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from linli.kernel.storage.words import holding

pytestmark = pytest.mark.django_db


def pairs(text: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT linli_pairs(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("路灯不亮", ["路灯", "灯不", "不亮"]), ("A座b门", ["a座", "座b", "b门"]), ("灯", []), ("", [])],
)
def test_a_text_is_the_pairs_of_its_characters(text: str, expected: list[str]) -> None:
    assert pairs(text) == expected


def test_one_character_would_look_at_every_row() -> None:
    with pytest.raises(ValueError, match="灯"):
        holding("title", "灯")
