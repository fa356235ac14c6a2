"""Pages of a list by cursor: stable while rows are added, at the same cost on every page."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel.errors import Invalid
from linli.kernel.matters.models import Matter


def newest_first(rows: QuerySet[Any], cursor: uuid.UUID | None, limit: int) -> tuple[list[Any], str | None]:
    """Return (page, cursor of the next page or ``None``) of rows with UUIDv7 keys, newest first."""
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    return _cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda row: str(row.pk))


def soonest_first(rows: QuerySet[Matter], cursor: str | None, limit: int) -> tuple[list[Matter], str | None]:
    """Return (page, next cursor) of matters by due time, those without one last."""
    if cursor:
        due, key = _opened(cursor)
        after = Q(due_at=None, pk__gt=key)
        rows = rows.filter(
            after if due is None else after | Q(due_at=None) | Q(due_at__gt=due) | Q(due_at=due, pk__gt=key)
        )
    found = rows.order_by(F("due_at").asc(nulls_last=True), "pk")[: limit + 1]
    return _cut(list(found), limit, _sealed)


def _cut(rows: Sequence[Any], limit: int, mark: Callable[[Any], str]) -> tuple[list[Any], str | None]:
    page = list(rows[:limit])
    return page, mark(page[-1]) if len(rows) > limit else None


def _sealed(row: Matter) -> str:
    text = f"{row.due_at.isoformat() if row.due_at else ''}|{row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[datetime | None, uuid.UUID]:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        due, _bar, key = base64.urlsafe_b64decode(padded).decode().partition("|")
        return (datetime.fromisoformat(due) if due else None), uuid.UUID(key)
    except (ValueError, binascii.Error) as error:
        raise Invalid({"cursor": [_("翻页标记不对，请从第一页重新开始。")]}) from error
