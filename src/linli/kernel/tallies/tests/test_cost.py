"""A figure costs the same with few matters and with many."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.tallies import folding, selectors

pytestmark = pytest.mark.django_db

# One quarter over 40 grids, 8 categories, 6 units: the same places and days, however many deltas.
GENERATE = """
INSERT INTO tallies_unfolded (id, metric, day, area_code, unit_id, category, source, value)
SELECT gen_random_uuid(), %s, date '2026-01-01' + (n %% 90),
       '53010200' || (1 + n / 7 %% 4) || '00' || (1 + n / 3 %% 5) || '00' || (1 + n %% 2),
       ('00000000-0000-7000-8000-00000000000' || (n / 11 %% 6))::uuid, 'c' || (n / 13 %% 8), 'grid', 1
FROM generate_series(1, %s) AS n
"""

YEAR = (date(2026, 1, 10), date(2026, 12, 31))
QUESTIONS = {
    "one figure": lambda m: selectors.total(m, *YEAR, area_code="530102"),
    "one figure of one unit": lambda m: selectors.total(
        m, *YEAR, area_code="530102", unit_id="00000000-0000-7000-8000-000000000003"
    ),
    "by street": lambda m: selectors.breakdown(m, *YEAR, by="area", area_code="530102"),
    "by category": lambda m: selectors.breakdown(m, *YEAR, by="category", area_code="530102001"),
    "by month": lambda m: selectors.series(m, *YEAR, by="month", area_code="530102"),
}


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def explain(ask, metric):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(metric)
    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"].replace("%", "%%"))
        answer = cursor.fetchone()[0]
    return (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]


@pytest.fixture
def small_and_large():
    with connection.cursor() as cursor:
        for metric, size in (("small", 1_500), ("large", 45_000)):
            cursor.execute(GENERATE, [metric, size])
        assert folding.fold(batch=50_000) == 46_500
        for table in ("folded", "cell", "unfolded"):
            cursor.execute(f"ANALYZE tallies_{table}")


@pytest.mark.usefixtures("small_and_large")
def test_thirty_times_the_matters_touch_the_same_pages_by_index():
    for name, ask in QUESTIONS.items():
        plans = {metric: explain(ask, metric) for metric in ("small", "large")}
        for plan in plans.values():
            scanned = [n for n in nodes(plan) if n.get("Relation Name") == "tallies_folded"]
            assert scanned, name
            assert all("Index" in n["Node Type"] or "Bitmap" in n["Node Type"] for n in scanned), name
        touched = {metric: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for metric, plan in plans.items()}
        assert touched["large"] <= 1.3 * touched["small"] + 5, (name, touched)
