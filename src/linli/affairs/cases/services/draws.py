"""Random shares that anybody can draw again: decided by the matter's id, so the draw is reproducible."""

from __future__ import annotations

import hashlib
import uuid
from decimal import Decimal


def falls(matter_id: uuid.UUID, share: Decimal, purpose: str = "call") -> bool:
    """Return whether the draw for ``purpose`` falls on this matter: SHA-256(purpose ‖ id) below ``share``.

    The draw cannot be foreseen when somebody acts on a case (ids are random), and anybody can repeat it after.
    """
    number = int.from_bytes(hashlib.sha256(purpose.encode() + matter_id.bytes).digest()[:8], "big")
    return Decimal(number) / Decimal(2**64) < share
