"""Every trail read from its first entry to its last: what ``linli doctor --verify`` does with the matters.

One pass over the entries in the order of their matters, a batch of whole matters at a time, so that a district of
two million matters needs no more memory than a small one. All reads share a snapshot: what is written meanwhile
is neither seen nor missed.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter, TrailEntry, TrailPayload

BATCH = 2000

_BARE = """
    SELECT m.id FROM matters_matter m
     WHERE NOT EXISTS (SELECT FROM matters_trailentry e WHERE e.matter_id = m.id) ORDER BY m.id
"""


def verify_trails() -> Iterator[str]:
    """Yield what does not hold in any trail, in plain words; nothing when all do. Reads every entry."""
    if connection.in_atomic_block:
        yield from _faults()
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from _faults()


def _faults() -> Iterator[str]:
    for batch in _batches():
        yield from _of(batch)
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        for (matter_id,) in cursor.fetchall():
            yield _("事项 %(matter)s：没有任何留痕") % {"matter": matter_id}


def _batches() -> Iterator[list[TrailEntry]]:
    """Yield the entries of some matters at a time, each matter whole and in order."""
    entries = TrailEntry.objects.order_by("matter_id", "seq").iterator(BATCH)
    batch: list[TrailEntry] = []
    for _matter, own in itertools.groupby(entries, key=lambda entry: entry.matter_id):
        batch.extend(own)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _of(batch: list[TrailEntry]) -> Iterator[str]:
    payloads = TrailPayload.objects.in_bulk([entry.pk for entry in batch])
    ids = {entry.matter_id for entry in batch}
    heads: dict[uuid.UUID, bytes] = {
        pk: bytes(head) for pk, head in Matter.objects.filter(pk__in=ids).values_list("pk", "trail_head")
    }
    for matter_id, own in itertools.groupby(batch, key=lambda entry: entry.matter_id):
        if matter_id not in heads:
            yield _("事项 %(matter)s：有留痕，而事项已不在") % {"matter": matter_id}
            continue
        for fault in trail.verify(own, payloads, heads[matter_id]):
            yield _("事项 %(matter)s 第 %(seq)d 条：%(what)s") % {
                "matter": fault.matter_id, "seq": fault.seq, "what": fault.what,
            }  # fmt: skip
