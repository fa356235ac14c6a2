"""Identifiers: UUIDv7 made in the application, and the partition bounds that follow from them."""

from __future__ import annotations

import os
import threading
import uuid
from datetime import UTC, datetime, timedelta

from linli.kernel import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_lock = threading.Lock()
_last: tuple[int, int] = (0, 0)


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 whose time is the kernel clock's; ids of one process grow strictly.

    Layout (RFC 9562 §5.7): 48 bits of milliseconds, version, 12 bits of counter, variant, 62 random bits.
    """
    global _last  # noqa: PLW0603 - the counter that keeps ids of one millisecond in order
    milliseconds = (clock.now() - _EPOCH) // timedelta(milliseconds=1)
    with _lock:
        last_ms, counter = _last
        if milliseconds == last_ms:
            counter += 1
            if counter > 0xFFF:
                milliseconds, counter = milliseconds + 1, 0
        else:
            counter = 0
        _last = (milliseconds, counter)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random)


def undated() -> uuid.UUID:
    """Return a UUIDv4, for rows that must not tell when they were made: an answer kept apart from who gave it."""
    return uuid.UUID(bytes=os.urandom(16), version=4)


def floor(moment: datetime) -> uuid.UUID:
    """Return the smallest UUIDv7 that an id made at or after ``moment`` can have; the bound of a partition."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return uuid.UUID(int=milliseconds << 80)


def moment(identifier: uuid.UUID) -> datetime:
    """Return when a UUIDv7 was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=identifier.int >> 80)


_NAMED = uuid.UUID("0b6f2f6e-6c69-5e6c-8c69-000000000000")


def named(*words: object) -> uuid.UUID:
    """Return the UUIDv5 of ``words``: always the same, for a row that many may make and all must agree on."""
    return uuid.uuid5(_NAMED, "\x1f".join(str(word) for word in words))
