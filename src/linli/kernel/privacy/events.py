"""What this room asks of rooms below, and what it tells them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from linli.kernel.jobs import Event, Gate, gate

#: Asked with ``actor, person, field_group, subject_id``: may this actor see it? The rooms below fill it
#: with their rule; a caller that fetched by its own ``access_*`` has asked already.
may_reveal: Gate[bool] = gate("privacy.may_reveal", default=True)

#: Asked with ``field_group, days``: for how many days is it kept here? Policy fills it; None means no end,
#: and where it has no word it answers ``days``, the default of the room that keeps it.
retention_days: Gate[int | None] = gate("privacy.retention_days", default=None)


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """Somebody took a consent back: what stood on it goes, in the same transaction."""

    person_id: UUID
    purpose: str


consent_withdrawn: Event[ConsentWithdrawn] = Event("privacy.consent_withdrawn")
