"""Matters of every kind: lists, one with all about it, beginning one, moving one on, the inbox."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import create_model

from linli.kernel import clock
from linli.kernel.matters import selectors
from linli.surfaces.api import acting, auth, paging, registry, shapes, views
from linli.surfaces.api.problems import PROBLEMS

router = Router(tags=["matters"], auth=auth.SIGNED_IN)


class Narrow(Schema):
    """What a list of matters may be narrowed to."""

    kind: shapes.Code | None = None
    stage: shapes.Code | None = None
    open: bool | None = None
    category: shapes.Code | None = None
    source: shapes.Code | None = None
    area: shapes.AreaCode | None = None
    overdue: bool | None = None
    since: date | None = None
    until: date | None = None
    cursor: uuid.UUID | None = None
    limit: shapes.Limit = 50

    def conditions(self) -> dict[str, Any]:
        """Return the filter, over the spine."""
        given = {
            "kind": self.kind, "stage": self.stage, "is_open": self.open, "category": self.category,
            "source": self.source, "area_code__startswith": self.area, "overdue": self.overdue,
            "opened_at__gte": _begin(self.since), "opened_at__lt": _end(self.until),
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), clock.CHINA) if day else None


def _end(day: date | None) -> datetime | None:
    return datetime.combine(day, time(23, 59, 59, 999999), clock.CHINA) if day else None


def matter_shape() -> type[Schema]:
    """Return the shape of a matter with everything: its facts are what the installed affairs told of their kinds."""
    kinds = tuple(told.shape for told in registry.facts.values())
    facts: Any = None
    for one in kinds:
        facts = one if facts is None else facts | one
    return create_model(
        "MatterFull",
        __base__=shapes.MatterBrief,
        __doc__="A matter with all that the caller may know of it.",
        plain=(str, ...),
        parent=(str | None, ...),
        parts=(list[shapes.MatterBrief], ...),
        trail=(list[shapes.TrailLine], ...),
        clocks=(list[shapes.ClockLine], ...),
        offers=(list[shapes.OfferLine], ...),
        attachments=(list[shapes.AttachmentLine], ...),
        facts=(facts | None if facts is not None else None, ...),
    )


def list_matters(request: HttpRequest, narrow: Query[Narrow]) -> dict[str, Any]:
    """事项列表：只有调用岗位看得到的，新的在前。"""
    rows = selectors.visible(auth.actor_of(request), **narrow.conditions()).select_related(*views.RELATED)
    page, following = paging.newest_first(rows, narrow.cursor, narrow.limit)
    return {"items": [views.brief(m) for m in page], "next": following}


def one_matter(request: HttpRequest, number: shapes.Number) -> dict[str, Any]:
    """一件事项：环节、时限、留痕、佐证，以及调用岗位现在能办什么。"""
    actor = auth.actor_of(request)
    return views.full(actor, selectors.access_matter(actor, number))


def begin_matter(request: HttpRequest) -> tuple[int, shapes.Begun]:
    """新建一件事项：kind 与 action 见 /processes，data 按该动作的表单。"""
    actor = auth.actor_of(request)
    outcome = acting.begin(request, actor, acting.whose(request))
    return 201, views.begun(outcome, secret=actor.kind == "resident")


def act_on_matter(request: HttpRequest, number: shapes.Number, action: shapes.Code) -> shapes.Done:
    """办理一个动作；version 是您看到的版本，别人先办了就答 409。"""
    actor = auth.actor_of(request)
    matter = selectors.access_to_act(actor, number)
    return views.done(acting.act(request, actor, matter, action, acting.whose(request)))


def my_inbox(
    request: HttpRequest, cursor: shapes.Cursor | None = None, limit: shapes.Limit = 50, duty: shapes.Code | None = None
) -> dict[str, Any]:
    """等调用岗位办的事项，先到期的在前。"""
    rows = selectors.inbox(auth.actor_of(request), [duty] if duty else None).select_related(*views.RELATED)
    page, following = paging.soonest_first(rows, cursor, limit)
    return {"items": [views.brief(m) for m in page], "next": following}


def build() -> Router:
    """Return the router, once every affair has said what its matters tell."""
    ok = shapes.MatterPage
    router.get("/matters", response={200: ok, **PROBLEMS}, url_name="matters", summary="事项列表")(list_matters)
    router.get("/inbox", response={200: ok, **PROBLEMS}, url_name="inbox", summary="待办")(my_inbox)
    router.post("/matters", response={201: shapes.Begun, **PROBLEMS}, url_name="begin", summary="新建事项")(
        begin_matter
    )
    router.get("/matters/{number}", response={200: matter_shape(), **PROBLEMS}, url_name="matter", summary="一件事项")(
        one_matter
    )
    router.post(
        "/matters/{number}/actions/{action}",
        response={200: shapes.Done, **PROBLEMS},
        url_name="act",
        summary="办理",
        include_in_schema=False,
    )(act_on_matter)
    return router
