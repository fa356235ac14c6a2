"""Replies out: every order in its own layout, with what was done, what was answered, solved and satisfied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from linli.affairs.cases.models import Task
from linli.gateways.hotline import orders, sheets
from linli.gateways.hotline.models import Order
from linli.gateways.hotline.orders import Row
from linli.gateways.hotline.policy import Layout
from linli.kernel import clock


def orders_of(
    system: str, since: date | None = None, until: date | None = None, *, closed: bool = False
) -> QuerySet[Order]:
    """Return the orders that came in from ``since`` to ``until`` (both count), oldest first; ``closed`` ones only."""
    rows = Order.objects.filter(system=system).select_related("matter__case").order_by("first_at", "pk")
    if since:
        rows = rows.filter(first_at__gte=datetime.combine(since, time(), clock.CHINA))
    if until:
        rows = rows.filter(first_at__lt=datetime.combine(until, time(), clock.CHINA) + timedelta(days=1))
    return rows.filter(matter__is_open=False) if closed else rows


def reply_to(layout: Layout, order: Order, task_result: str = "") -> Row:
    """Return an order's row with our answers in it; where its text was erased, number and answers alone."""
    matter, case = order.matter, order.matter.case
    row: Row = json.loads(order.row) if not order.erased else {"number": order.number}
    satisfied = case.satisfied or ("unrated" if not matter.is_open else "")
    closed = clock.local(matter.closed_at).strftime("%Y-%m-%d %H:%M") if matter.closed_at else ""
    return row | {
        "state": layout.states["open" if matter.is_open else "closed"],
        "result": layout.results.get(task_result, ""),
        "reply": case.result,
        "closed_at": closed,
        "solved": layout.solved.get(case.outcome, "") if not matter.is_open else "",
        "satisfied": layout.satisfied.get(satisfied, ""),
    }


def rows_of(system: str, found: QuerySet[Order]) -> Iterator[tuple[Order, Row]]:
    """Yield (order, row with our answers), with the lead unit's latest result; two statements for each thousand."""
    layout = orders.layout_of(system)
    batch: list[Order] = []
    for order in found.iterator(chunk_size=1000):
        batch.append(order)
        if len(batch) == 1000:
            yield from _answered(layout, batch)
            batch = []
    yield from _answered(layout, batch)


def _answered(layout: Layout, batch: list[Order]) -> Iterator[tuple[Order, Row]]:
    tasks = Task.objects.filter(
        matter__parent__in=[order.matter_id for order in batch], role=Task.Role.LEAD, matter__stage="answered_back"
    ).order_by("pk")
    results = dict(tasks.values_list("matter__parent", "result"))
    for order in batch:
        yield order, reply_to(layout, order, results.get(order.matter_id, ""))


def workbook(system: str, found: QuerySet[Order]) -> bytes:
    """Return the replies as a workbook in the system's layout, columns in its order."""
    layout = orders.layout_of(system)
    rows = ([row.get(name, "") for name in layout.headings] for _order, row in rows_of(system, found))
    return sheets.write(layout.title, list(layout.headings.values()), rows)
