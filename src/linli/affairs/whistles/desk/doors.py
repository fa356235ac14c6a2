"""The queues, registers and doors of whistles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.desk.lists import category_choices
from linli.affairs.cases.policy import Sources
from linli.affairs.whistles.desk.saying import type_name
from linli.affairs.whistles.models import Whistle
from linli.affairs.whistles.policy import WhistleSets
from linli.affairs.whistles.process import REMAINDER, REPORT_IN, WHISTLE
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column, Filter


def _queue(
    key: str, title: Any, icon: str, duties: Sequence[str], expects: Sequence[tuple[str, str]], order: int, hint: Any
) -> None:
    registry.add_queue(
        registry.Queue(key=key, title=title, icon=icon, duties=duties, expects=expects, order=order, hint=hint)
    )


_queue(
    "whistle-blow",
    _("待吹的哨"),
    "megaphone",
    ["whistler"],
    [(WHISTLE.kind, "blow")],
    12,
    _("登记好的哨件：吹出去，或撤回。应急哨先吹后批。"),
)
_queue(
    "whistle-dispatch",
    _("派哨"),
    "send",
    ["dispatcher"],
    [(WHISTLE.kind, "dispatch")],
    22,
    _("定牵头和协办；材料不全的退回补正，派出即开始计时。"),
)
_queue(
    "report-in",
    _("报到"),
    "map-pin",
    ["handler"],
    [
        (REPORT_IN.kind, "sign"),
        (REPORT_IN.kind, "arrive"),
        (REPORT_IN.kind, "reply"),
        (REPORT_IN.kind, "resume"),
        (REMAINDER.kind, "finish"),
    ],
    6,
    _("签收、到场报到、反馈办结；不归本单位的写明依据提异议。"),
)
_queue(
    "whistle-verify",
    _("核实哨件"),
    "eye",
    ["verifier"],
    [(WHISTLE.kind, "verify"), (REMAINDER.kind, "confirm")],
    32,
    _("谁处置谁不核实；没办好的退回返工。"),
)
_queue(
    "whistle-rate",
    _("评价"),
    "star",
    ["evaluator", "whole_rater"],
    [(WHISTLE.kind, "rate_units"), (WHISTLE.kind, "rate_whole")],
    42,
    _("街道评每个单位，受影响的社区评整件。"),
)


def _filters() -> list[Filter]:
    return [
        Filter(name="level", label=_("层级"), options=list(Whistle.Level.choices)),
        Filter(name="type", label=_("哨型"), options=[(t.code, t.name) for t in policy.get(WhistleSets).chosen.types]),
        Filter(name="source", label=_("哨源"), options=[(s.code, s.name) for s in policy.get(Sources).sources]),
    ]


def _narrow(found: QuerySet[Matter], chosen: dict[str, str]) -> QuerySet[Matter]:
    for name, column in (("level", "whistle__level"), ("type", "whistle__type"), ("source", "source")):
        if chosen.get(name):
            found = found.filter(**{column: chosen[name]})
    return found


def _cells(matter: Matter) -> dict[str, Any]:
    whistle = matter.whistle
    lead = whistle.lead_unit
    return {
        "level": whistle.get_level_display(),
        "type": type_name(matter, whistle.type),
        "lead": (lead.short_name or lead.name) if lead else "",
    }


registry.add_listing(
    registry.Listing(
        key="whistles",
        kind=WHISTLE.kind,
        title=_("哨件"),
        icon="megaphone",
        order=12,
        filters=_filters,
        narrow=_narrow,
        columns=[
            Column(key="level", label=_("层级")),
            Column(key="type", label=_("哨型")),
            Column(key="lead", label=_("牵头")),
        ],
        cells=_cells,
        related=["whistle__lead_unit"],
        categories=category_choices,
    )
)
registry.add_register(
    "report-ins", REPORT_IN.kind, Column(key="role", label=_("牵头或协办")), lambda m: m.report_in.get_role_display(),
    title=_("部门报到"), icon="map-pin", order=22, related=["report_in"], categories=category_choices,
)  # fmt: skip
registry.add_register(
    "remainders", REMAINDER.kind, Column(key="planned", label=_("计划完成")),
    lambda m: m.remainder.planned_on.isoformat(),
    title=_("挂账事项"), icon="hourglass", order=24, related=["remainder"], categories=category_choices,
)  # fmt: skip


def _may_blow(request: HttpRequest) -> bool:
    return "whistler" in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="whistle",
        label=_("吹哨"),
        url_name="whistles:new",
        icon="megaphone",
        order=22,
        visible=_may_blow,
    ),
)
