"""How long the words of a trail are kept, and how they go: the chain stays, and the erasure is itself an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, privacy
from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter, TrailPayload
from linli.kernel.posts.actors import system_actor
from linli.kernel.storage.together import Together

if TYPE_CHECKING:
    from linli.kernel.matters.models import TrailEntry

ERASED = "payload_erased"
DAYS = 1095


def register() -> None:
    """Register the rule for the words of ended matters; policy's days go before ours."""
    said = TrailPayload.objects.filter(matter_id=OuterRef("pk")).exclude(payload={})
    privacy.retain(
        "matters.trail_payload",
        Matter,
        "trail_payload",
        DAYS,
        _("办结后监督与复议期满，办理过程的文字不再需要"),
        since="closed_at",
        where=Q(Exists(said), is_open=False),
        erase=erase,
    )


def erase(matters: QuerySet[Matter]) -> None:
    """Erase payloads and salts of the matters' trails, and say so in each trail; the chain still verifies."""
    now = clock.now()
    for matter in matters.select_for_update(of=("self",)).order_by("pk"):
        count, _by_model = TrailPayload.objects.filter(matter_id=matter.pk).delete()
        matter.version += 1
        together = Together()
        entry: TrailEntry
        entry, payload = trail.entry_for(
            matter, {}, action=ERASED, from_stage=matter.stage, to_stage=matter.stage,
            actor_kind=system_actor().kind, at=now, effective_at=now,
        )  # fmt: skip
        together.add(entry, payload)
        if count:
            matter.save(update_fields=["version", "trail_head"])
            together.flush()
