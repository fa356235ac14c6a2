"""The daily seal: one signed digest over the trail heads that changed, chained to the seal before it.

A trail can be rewritten from end to end by somebody with the owner's rights; a seal that has left the house
cannot. ``SealedHead`` rows keep what was sealed, so a removed tail or a removed matter shows by comparison.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.kernel import clock, crypto, ids
from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter, Seal, SealedHead, TrailEntry, TrailPayload

KEY = "seal"
"""Whose secret signs; an operator hands its public half to the auditor."""

_COPY_HEADS = "COPY matters_sealedhead (id, seal_number, matter_id, seq, head) FROM STDIN (FORMAT BINARY)"

# One statement, however many heads: each is looked up among the entries by matter and number.
_CONTRADICTED = """
    SELECT h.matter_id, h.seq, h.seal_number, e.id IS NULL
      FROM matters_sealedhead h
      LEFT JOIN matters_trailentry e ON e.matter_id = h.matter_id AND e.seq = h.seq
     WHERE e.id IS NULL OR e.digest <> h.head ORDER BY h.id
"""


def heads_digest(heads: Iterable[tuple[uuid.UUID, int, bytes]]) -> bytes:
    """Return SHA-256 over ``matter id ‖ seq ‖ head`` in the order of ids."""
    total = hashlib.sha256()
    for matter_id, seq, head in sorted(heads, key=lambda row: row[0]):
        total.update(matter_id.bytes + seq.to_bytes(8, "big") + bytes(head))
    return total.digest()


@transaction.atomic
def seal() -> Seal | None:
    """Seal every trail head that changed since the last seal; ``None`` when none did. Needs the worker's role."""
    with connection.cursor() as cursor:
        # One at a time. Not FOR UPDATE: that asks for a right to change what is written once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('matters.seal'))")
    changed = list(
        Matter.objects.select_for_update()
        .filter(version__gt=F("sealed_seq"))
        .order_by("pk")
        .values_list("pk", "version", "trail_head")
    )
    if not changed:
        return None
    Matter.objects.filter(pk__in=[pk for pk, _, _ in changed]).update(sealed_seq=F("version"))
    return seal_heads([(pk, seq, bytes(head)) for pk, seq, head in changed])


def seal_heads(changed: list[tuple[uuid.UUID, int, bytes]]) -> Seal:
    """Chain a seal over these (matter, number of its last entry, head); :func:`seal` finds which they are."""
    last = Seal.objects.order_by("-number").first()
    number = (last.number if last else 0) + 1
    at = clock.now()
    # A day of a district ends in ten thousand heads and more: COPY writes them in a tenth of the time of objects.
    with connection.cursor() as cursor, cursor.copy(_COPY_HEADS) as copy:
        copy.set_types(["uuid", "int4", "uuid", "int4", "bytea"])
        for pk, seq, head in changed:
            copy.write_row((ids.uuid7(), number, pk, seq, head))
    heads = heads_digest(changed)
    previous = bytes(last.digest) if last else b""
    digest = crypto.link_digest(number, at, len(changed), heads, previous)
    return Seal.objects.create(
        number=number, at=at, count=len(changed), heads=heads, previous=previous, digest=digest,
        signature=crypto.sign(KEY, digest), public_key=crypto.public_key(KEY),
    )  # fmt: skip


def verify_seals() -> Iterator[str]:
    """Yield what does not hold in the chain of seals, or between seals and trails, in plain words."""
    previous = b""
    for seal_row in Seal.objects.order_by("number"):
        rows = SealedHead.objects.filter(seal_number=seal_row.number).values_list("matter_id", "seq", "head")
        heads = heads_digest((m, s, bytes(h)) for m, s, h in rows)
        expected = crypto.link_digest(seal_row.number, seal_row.at, len(rows), heads, previous)
        if expected != bytes(seal_row.digest):
            yield _("第 %(number)d 封：封存的内容或封存本身被改动") % {"number": seal_row.number}
        if not crypto.holds(seal_row.public_key, seal_row.signature, seal_row.digest):
            yield _("第 %(number)d 封：签名不符") % {"number": seal_row.number}
        previous = bytes(seal_row.digest)
    yield from _against_trails()


def _against_trails() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CONTRADICTED)
        for matter_id, seq, seal_number, gone in cursor.fetchall():
            said = {"matter": matter_id, "seq": seq, "number": seal_number}
            if gone:
                yield _("事项 %(matter)s：第 %(number)d 封封存的第 %(seq)d 条已不在") % said
            else:
                yield _("事项 %(matter)s：第 %(seq)d 条与第 %(number)d 封所封不符") % said


def verify_trail(matter: Matter) -> list[trail.Fault]:
    """Return what does not hold in one matter's trail; empty when all is well."""
    entries = TrailEntry.objects.filter(matter_id=matter.pk).order_by("seq")
    kept = {p.entry_id: p for p in TrailPayload.objects.filter(matter_id=matter.pk)}
    return list(trail.verify(entries, kept, bytes(matter.trail_head)))
