"""The registers of cases, tasks and settlements."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases.desk.saying import OUTCOMES
from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.cases.policy import Categories, Sources
from linli.affairs.cases.process import CASE, SPOT, TASK
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.surfaces.desk import registry
from linli.surfaces.parts import shapes
from linli.surfaces.parts.tables import Column, Filter


def category_choices() -> list[tuple[str, Any]]:
    """Return the categories for a filter."""
    return [(c.code, c.name) for c in policy.get(Categories).categories]


def _sources() -> list[Filter]:
    return [
        Filter(
            name="source", label=gettext_lazy("来源"), options=[(s.code, s.name) for s in policy.get(Sources).sources]
        ),
        Filter(name="outcome", label=gettext_lazy("结论"), options=list(OUTCOMES.items())),
    ]


def _narrow_cases(found: QuerySet[Matter], chosen: dict[str, str]) -> QuerySet[Matter]:
    if chosen.get("source"):
        found = found.filter(source=chosen["source"])
    if chosen.get("outcome"):
        found = found.filter(case__outcome=chosen["outcome"])
    return found


def _case_cells(matter: Matter) -> dict[str, Any]:
    case = matter.case
    outcome = OUTCOMES.get(case.outcome, "")
    tone: shapes.Tone = "done" if case.outcome == "solved" else "plain"
    return {
        "place": case.place,
        "external": case.external_number,
        "lead": case.lead_unit.short_name or case.lead_unit.name if case.lead_unit else "",
        "outcome": shapes.Badge(outcome, tone) if outcome else "",
    }


registry.add_listing(
    registry.Listing(
        key="cases",
        kind=CASE.kind,
        title=gettext_lazy("案件"),
        icon="clipboard-list",
        order=10,
        filters=_sources,
        narrow=_narrow_cases,
        columns=[
            Column(key="place", label=gettext_lazy("地点"), shown=False),
            Column(key="lead", label=gettext_lazy("主办")),
            Column(key="outcome", label=gettext_lazy("结论")),
            Column(key="external", label=gettext_lazy("外部编号"), shown=False),
        ],
        cells=_case_cells,
        related=["case__lead_unit"],
        categories=category_choices,
    )
)
registry.add_register(
    "tasks", TASK.kind, Column(key="role", label=gettext_lazy("主协办")), lambda m: m.task.get_role_display(),
    title=gettext_lazy("单位任务"), icon="wrench", order=20, related=["task"], categories=category_choices,
)  # fmt: skip
registry.add_register(
    "spots", SPOT.kind, Column(key="drawn", label=gettext_lazy("抽查")), lambda m: _("抽中") if m.spot.drawn else "",
    title=gettext_lazy("即查即改"), icon="check-check", order=30, related=["spot"], categories=category_choices,
)  # fmt: skip
registry.add_register(
    "instructions", INSTRUCTION.kind, Column(key="leader", label=gettext_lazy("批示领导")),
    lambda m: m.instruction.leader,
    title=gettext_lazy("批示"), icon="pencil", order=40, related=["instruction"], categories=category_choices,
)  # fmt: skip
