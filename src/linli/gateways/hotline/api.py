"""Orders in and replies out for machines, in the same field names as the layout's."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from linli.gateways.hotline import orders, replies, services
from linli.gateways.hotline.models import Order
from linli.gateways.hotline.policy import Layout
from linli.kernel.errors import NotHere
from linli.surfaces.api import auth, paging, registry, shapes
from linli.surfaces.api.problems import PROBLEMS

router = Router(tags=["hotline"], auth=auth.SIGNED_IN)
MOST = 200

Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]


class OrderIn(Schema):
    """One order; the names are those of the layout (工单编号 is ``number``, 主要内容 ``content``)."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    content: Text
    kind: Text = ""
    category: Text = Field("", description="问题分类，各级以 -> 相连")
    tags: Text = ""
    title: Text = ""
    caller: Text = ""
    phone: Text = ""
    district: Text = ""
    street: Text = Field("", description="街乡镇")
    community: Text = Field("", description="村/社区")
    spot: Text = Field("", description="小区点位")
    received_by: Text = ""
    received_at: Text = ""
    due: Text = Field("", description="办理时限，如 2026-11-24 17:30")
    company: Text = ""
    nature: Text = ""


class OrdersIn(Schema):
    """Orders of one system, at most 200 at once."""

    model_config = ConfigDict(extra="forbid")

    system: shapes.Code = "12345"
    orders: Annotated[list[OrderIn], Field(min_length=1, max_length=MOST)]


class OrderResult(Schema):
    """What became of one order; ``line`` counts from 1."""

    line: int
    number: str
    what: Literal["new", "changed", "same", "refused"]
    case: str
    text: str


class OrderResults(Schema):
    """What became of each order, in the order they were sent."""

    items: list[OrderResult]


class Reply(Schema):
    """Our answer to an order."""

    number: str
    case: str
    state: str
    result: str
    reply: str
    closed_at: str
    solved: str
    satisfied: str


class Replies(Schema):
    """A page of answers, newest orders first."""

    items: list[Reply]
    next: str | None


@router.post("/orders", response={200: OrderResults, **PROBLEMS}, summary="送来工单")
def take_orders(request: HttpRequest, body: OrdersIn) -> dict[str, Any]:
    """逐件写入；同号再送只更新，不重复。一件有问题不影响其他件。"""
    actor = auth.actor_of(request)
    if not services.may_import(actor):
        raise NotHere
    layout = orders.layout_of(body.system)
    rows = [(line, _row(layout, one)) for line, one in enumerate(body.orders, start=1)]
    reads = orders.read_all(body.system, rows)
    return {"items": [vars(services.receive(actor=actor, system=body.system, one=one)) for one in reads]}


def _row(layout: Layout, sent: OrderIn) -> orders.Row:
    given = sent.model_dump()
    return {str(name): str(given.get(name, "")) for name in layout.headings}


@router.get("/replies", response={200: Replies, **PROBLEMS}, summary="取回复")
def give_replies(
    request: HttpRequest,
    system: shapes.Code = "12345",
    since: date | None = None,
    until: date | None = None,
    closed: bool = False,
    cursor: uuid.UUID | None = None,
    limit: shapes.Limit = 50,
) -> dict[str, Any]:
    """这些日子导入的工单的办理情况，用该系统的词。"""
    if not services.may_import(auth.actor_of(request)):
        raise NotHere
    found = replies.orders_of(system, since, until, closed=closed)
    page, following = paging.newest_first(found, cursor, limit)
    chosen = Order.objects.filter(pk__in=[order.pk for order in page]).select_related("matter__case").order_by("-pk")
    rows = replies.rows_of(system, chosen)
    fields = ("number", "state", "result", "reply", "closed_at", "solved", "satisfied")
    items = [{name: row.get(name, "") for name in fields} | {"case": order.matter.number} for order, row in rows]
    return {"items": items, "next": following}


registry.add_router("/hotline", router)
