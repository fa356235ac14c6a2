"""Writing figures: a delta for an event, in the event's own transaction."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from linli.kernel import clock
from linli.kernel.tallies.models import Delta


def delta(
    metric: str,
    at: datetime | date,
    *,
    area_code: str,
    unit_id: uuid.UUID | None = None,
    category: str = "",
    source: str = "",
    value: int = 1,
    subject_id: uuid.UUID | None = None,
) -> Delta:
    """Return an unsaved change of ``metric`` by ``value``; the caller's transaction writes it.

    ``at`` is the moment (counted on China's calendar) or the day the figure belongs to: a correction passes
    the original's, with a negative ``value``. ``subject_id`` names the matter or record counted, so that the
    figure can be opened down to its rows.
    """
    day = clock.local(at).date() if isinstance(at, datetime) else at
    return Delta(
        metric=metric,
        day=day,
        area_code=area_code,
        unit_id=unit_id,
        category=category,
        source=source,
        value=value,
        subject_id=subject_id,
    )
