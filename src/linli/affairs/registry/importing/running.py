"""Long files in the background, with progress that the page can see while the transaction is still open."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from linli.affairs.registry.importing import services
from linli.affairs.registry.models import ImportBatch
from linli.kernel.errors import UserError
from linli.kernel.posts.actors import Actor, actor_for, system_actor

AT_ONCE = 2_000_000
"""Up to how many bytes a file is read while the clerk waits; a longer one goes to the worker."""


def work(key: UUID) -> None:
    """Do the step that a batch waits for; a file that cannot be read leaves its reason in ``step``."""
    batch = ImportBatch.objects.select_related("by_post", "by_person").filter(pk=key).first()
    if batch is None:
        return
    actor = _actor(batch)
    try:
        with _telling(key) as told:
            if batch.state == ImportBatch.State.READING:
                services.read(actor=actor, batch=batch, told=told)
            elif batch.state == ImportBatch.State.APPLYING:
                services.apply(actor=actor, batch=batch, told=told)
    except UserError as error:
        ImportBatch.objects.filter(pk=key).update(state=ImportBatch.State.FAILED, step=str(error.message)[:40])


def _actor(batch: ImportBatch) -> Actor:
    """Return who began the batch; the system finishes what was confirmed by somebody who has left since."""
    if batch.by_post is not None and batch.by_person is not None:
        with contextlib.suppress(UserError):
            return actor_for(batch.by_person, batch.by_post)
    return system_actor()


@contextlib.contextmanager
def _telling(key: UUID) -> Iterator[services.Told]:
    """Yield a teller that writes progress on a connection of its own, so that others see it at once."""
    other = connection.copy()
    table = ImportBatch._meta.db_table

    def told(step: str, done: int, total: int) -> None:
        with other.cursor() as cursor:
            cursor.execute(
                # Progress never waits: a row that somebody holds is told of at the next step.
                f"UPDATE {table} SET step = %s, done = %s, total = greatest(total, %s) WHERE id ="
                f" (SELECT id FROM {table} WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)",
                [step[:40], done, total, key],
            )

    try:
        yield told
    finally:
        other.close()
