"""Importing a file in the background, so that a long one keeps nobody waiting."""

from __future__ import annotations

from uuid import UUID

from linli.kernel import jobs


@jobs.task(name="hotline.apply", unique=True)
def apply(batch: str) -> None:
    """Import the file ``batch`` as the post that uploaded it; run again after a crash, it goes on."""
    from linli.gateways.hotline import services
    from linli.gateways.hotline.models import Batch
    from linli.kernel.errors import UserError
    from linli.kernel.posts.actors import actor_for, system_actor

    row = Batch.objects.select_related("by_post", "by_person").get(pk=UUID(str(batch)))
    if row.state == Batch.State.APPLIED:
        return
    actor = system_actor()
    if row.by_post is not None and row.by_person is not None:
        try:
            actor = actor_for(row.by_person, row.by_post)
        except UserError:
            # Who began it has left the post or is on leave since: what was confirmed is finished by the system.
            actor = system_actor()
    services.apply(actor=actor, batch=row)
