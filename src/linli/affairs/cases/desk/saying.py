"""Codes of cases in words: categories, outcomes, and what the trail recorded."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from linli.affairs.cases.forms.closing import SOLVED
from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.cases.policy import CallBack, Categories, Exclusions, Sources
from linli.affairs.cases.process import CASE, SPOT, TASK
from linli.affairs.objections.process import OBJECTION
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.policy.shapes import ClockRules
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry

OUTCOMES = {
    **dict(SOLVED),
    "explained": gettext_lazy("说明性办结"),
    "not_confirmed": gettext_lazy("未能确认"),
    "verified": gettext_lazy("核查属实"),
}


@registry.category_name(CASE.kind)
@registry.category_name(SPOT.kind)
@registry.category_name(TASK.kind)
@registry.category_name(OBJECTION.kind)
@registry.category_name(INSTRUCTION.kind)
def category_name(matter: Matter) -> str:
    """Return the name of the matter's category, with its major class."""
    table = policy.get(Categories)
    category = table.by_code.get(matter.category)
    if category is None:
        return matter.category
    return f"{table.majors_by_code[category.major].name}·{category.name}"


@registry.words(CASE.kind)
@registry.words(TASK.kind)
@registry.words(SPOT.kind)
@registry.words(OBJECTION.kind)
@registry.words(INSTRUCTION.kind)
def word(actor: Actor, matter: Matter, name: str, value: Any) -> str | None:  # noqa: ARG001 - the registry's signature
    """Return a recorded code as policy names it; ``None`` for what needs no policy to read."""
    if not isinstance(value, str):
        return None
    if name == "category":
        found = policy.get(Categories).by_code.get(value)
        return found.name if found else value
    if name == "channel":
        channel = policy.get(Sources).channels.get(value)
        return channel.title if channel else policy.get(CallBack).channels.get(value)
    if name == "code":
        return next((r.title for r in policy.get(Exclusions).reasons if r.code == value), None)
    rules = policy.get(ClockRules)
    if name == "reason" and value in rules.extension_reasons:
        return rules.extension_reasons[value].title
    if name == "reason" and value in rules.suspension_reasons:
        return rules.suspension_reasons[value].title
    if name == "pause_reason" and value in rules.pause_reasons:
        return rules.pause_reasons[value].title
    return None
