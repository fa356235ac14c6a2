"""Counting everything by building, every hour and after a large import: what large places are added up from."""

from __future__ import annotations

from django.db import connection, transaction

from linli.affairs.registry.models import Headcount
from linli.kernel import clock
from linli.kernel.storage import bulk

_LOCK = 7_305_118
_COUNT = """
INSERT INTO registry_headcount (area_id, building_id, houses, empty, let, households, residents, organisations, at)
SELECT area_id, building_id, sum(houses), sum(empty), sum(let), sum(households), sum(residents), sum(organisations),
    %(now)s
FROM (
    SELECT area_id, building_id, 1 AS houses, (use = 'empty')::int AS empty, (use = 'let')::int AS let,
        0 AS households, 0 AS residents, 0 AS organisations
    FROM registry_house WHERE valid_to IS NULL
    UNION ALL
    SELECT h.area_id, h.building_id, 0, 0, 0, 1, 0, 0
    FROM (SELECT DISTINCT ON (household_id) house_id FROM registry_home WHERE valid_to IS NULL
        ORDER BY household_id, id) one JOIN registry_house h ON h.id = one.house_id
    UNION ALL
    SELECT r.area_id, h.building_id, 0, 0, 0, 0, 1, 0 FROM registry_resident r
    LEFT JOIN registry_residency l ON l.resident_id = r.person_id AND l.kind = 'lives' AND l.valid_to IS NULL
    LEFT JOIN registry_house h ON h.id = l.house_id WHERE r.state IN ('here', 'away')
    UNION ALL
    SELECT o.area_id, h.building_id, 0, 0, 0, 0, 0, 1 FROM registry_organisationrecord o
    LEFT JOIN registry_house h ON h.id = o.house_id WHERE o.closed_on IS NULL
) counted GROUP BY area_id, building_id
"""


@transaction.atomic
def recount() -> int:
    """Count everything anew; return how many rows it made. Readers see the old count until it is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        Headcount.objects.all().delete()
        # Right after a large import no statistics know it, and loops would take an hour.
        bulk.join_by_hashing()
        cursor.execute(_COUNT, {"now": clock.now()})
        return int(cursor.rowcount)
