"""The trail: entries chained by hash, payloads that may be erased, and what an auditor checks.

The digest of an entry covers its plain columns, the commitment to its payload, and the digest before it. A
payload and its salt can be erased and the chain still verifies; anything else that changes shows.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.matters.models import Matter, TrailEntry, TrailPayload

FIELDS = ("matter_id", "seq", "action", "from_stage", "to_stage", "actor_kind", "post_id", "unit_id", "part")


def commit(salt: bytes, payload: dict[str, Any]) -> bytes:
    """Return SHA-256(salt ‖ canonical JSON of the payload)."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).digest()


def digest(entry: TrailEntry) -> bytes:
    """Return the digest of ``entry`` over its columns, its commitment and the digest before it."""
    lines = [str(getattr(entry, name) if getattr(entry, name) is not None else "") for name in FIELDS]
    lines += [_moment(entry.at), _moment(entry.effective_at)]
    body = "\n".join(lines).encode()
    return hashlib.sha256(bytes(entry.previous) + bytes(entry.commitment) + body).digest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def entry_for(matter: Matter, payload: dict[str, Any], **columns: Any) -> tuple[TrailEntry, TrailPayload]:
    """Return the next entry of ``matter`` and its payload, unsaved, and move the matter's head onto it."""
    salt = os.urandom(16)
    entry = TrailEntry(
        matter_id=matter.pk,
        seq=matter.version,
        commitment=commit(salt, payload),
        previous=bytes(matter.trail_head),
        **columns,
    )
    entry.digest = digest(entry)
    matter.trail_head = entry.digest
    return entry, TrailPayload(entry_id=entry.pk, matter_id=matter.pk, salt=salt, payload=payload)


@dataclass(frozen=True)
class Fault:
    """Something an auditor must look at: which matter, which entry, what is wrong."""

    matter_id: uuid.UUID
    seq: int
    what: str


def verify(entries: Iterable[TrailEntry], payloads: dict[uuid.UUID, TrailPayload], head: bytes) -> Iterator[Fault]:
    """Yield what does not hold in one matter's trail, given its entries in order and its kept payloads."""
    previous = b""
    seq = 0
    matter_id = uuid.UUID(int=0)
    for entry in entries:
        seq += 1
        matter_id = entry.matter_id
        if entry.seq != seq:
            yield Fault(matter_id, entry.seq, _("缺少第 %(seq)d 条") % {"seq": seq})
            seq = entry.seq
        if bytes(entry.previous) != previous:
            yield Fault(matter_id, seq, _("与前一条接不上"))
        if digest(entry) != bytes(entry.digest):
            yield Fault(matter_id, seq, _("内容被改动"))
        kept = payloads.get(entry.pk)
        if kept and commit(bytes(kept.salt), kept.payload) != bytes(entry.commitment):
            yield Fault(matter_id, seq, _("附带的内容被改动"))
        previous = bytes(entry.digest)
    if previous != bytes(head):
        yield Fault(matter_id, seq, _("事项的链头不是最后一条"))
