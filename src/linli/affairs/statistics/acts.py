"""What was done, counted again from the trail: the recount of every index that counts acts.

The trail is written once and sealed, so it is the better witness: a figure of acts that differs from it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from django.db import connection

from linli.kernel.matters.declare import PROCESSES
from linli.kernel.tallies import Count, Difference

OPENED: Final = ("case", "task", "whistle", "spot", "objection", "rising")
"""Processes of which is counted that one began."""

ACTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "case.patrol": ("case", ("patrol",)),
        "case.exclude": ("case", ("exclude",)),
        "spot.confirm": ("spot", ("confirm",)),
        "spot.doubt": ("spot", ("doubt",)),
        "task.objected": ("task", ("object",)),
        "report_in.objected": ("report_in", ("object",)),
        "report_in.called": ("report_in", ("call",)),
        "objection.groundless": ("objection", ("overrule", "overrule_jointly")),
        "objection.wrong_dispatch": ("objection", ("sustain", "sustain_jointly")),
        "rising.accept": ("rising", ("accept",)),
        "whistle.verify": ("whistle", ("verify",)),
        "whistle.incomplete": ("whistle", ("complete",)),
        "whistle.not_a_whistle": ("whistle", ("turn_down",)),
    }
)
"""Which acts a metric counts: ``{metric: (process, actions)}``."""

LEVELS: Final = ("compound", "community", "street", "district")
GRADES: Final = ("good", "fair", "poor")
METRICS: Final = (
    *ACTS, *(f"{kind}.opened" for kind in OPENED), "case.closed", "whistle.first_pass",
    *(f"whistle.rated.{grade}" for grade in GRADES),
)  # fmt: skip

_ACTS = """
SELECT m.kind, e.action, e.seq = 1, e.from_stage, e.to_stage, (e.at AT TIME ZONE 'Asia/Shanghai')::date,
       m.opening_area_code, count(*)
FROM matters_trailentry e JOIN matters_matter m ON m.id = e.matter_id
WHERE m.kind = ANY(%s) GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

_VERIFIED_AT_ONCE = """
SELECT (e.at AT TIME ZONE 'Asia/Shanghai')::date, m.opening_area_code, count(*)
FROM matters_trailentry e JOIN matters_matter m ON m.id = e.matter_id
WHERE m.kind = 'whistle' AND e.action = 'verify' AND NOT EXISTS (
  SELECT 1 FROM matters_trailentry w WHERE w.matter_id = e.matter_id AND w.seq < e.seq AND w.action = 'rework')
GROUP BY 1, 2
"""

_BLOWN = """
SELECT day, area, sum(counted), sum(blown) FROM (
  SELECT day, area_code AS area, value AS counted, 0 AS blown FROM tallies_delta WHERE metric = ANY(%s)
  UNION ALL
  SELECT (e.effective_at AT TIME ZONE 'Asia/Shanghai')::date, m.opening_area_code, 0, 1
  FROM matters_trailentry e JOIN matters_matter m ON m.id = e.matter_id
  WHERE m.kind = 'whistle' AND e.action IN ('blow', 'blow_first')
) AS both_sides GROUP BY day, area HAVING sum(counted) <> sum(blown)
"""

_RATED = """
SELECT w.residents_grade, (e.at AT TIME ZONE 'Asia/Shanghai')::date, m.opening_area_code, count(*)
FROM matters_trailentry e JOIN matters_matter m ON m.id = e.matter_id
JOIN whistles_whistle w ON w.matter_id = m.id
WHERE e.action = 'rate_whole' GROUP BY 1, 2, 3
"""


def counts() -> Iterator[Count]:
    """Yield what the trail comes to, by metric, day and area."""
    by_act = {(kind, action): metric for metric, (kind, actions) in ACTS.items() for action in actions}
    kinds = sorted({*OPENED, *(kind for kind, _actions in ACTS.values())})
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, [kinds])
        for kind, action, begins, before, after, day, area, n in cursor.fetchall():
            if begins and kind in OPENED:
                yield Count(f"{kind}.opened", day, area, n)
            if kind == "case" and _closes(before, after):
                yield Count("case.closed", day, area, n)
            if (kind, action) in by_act:
                yield Count(by_act[kind, action], day, area, n)
        cursor.execute(_VERIFIED_AT_ONCE)
        for day, area, n in cursor.fetchall():
            yield Count("whistle.first_pass", day, area, n)
        cursor.execute(_RATED)
        for grade, day, area, n in cursor.fetchall():
            yield Count(f"whistle.rated.{grade}", day, area, n)


def blown() -> list[Difference]:
    """Return the days and places whose blowings differ from the trail.

    Over all levels together: a whistle that rose since no longer says on which level it was blown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BLOWN, [[f"whistle.blown.{level}" for level in LEVELS]])
        rows = cursor.fetchall()
    return [Difference("deltas against rows", "whistle.blown", day, area, int(n), int(of)) for day, area, n, of in rows]


def _closes(before: str, after: str) -> bool:
    stages = PROCESSES["case"].stages
    return stages[after].closed and bool(before) and not stages[before].closed
