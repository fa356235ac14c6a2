"""Codes of whistles in words: categories, types, and what the trail recorded."""

from __future__ import annotations

from typing import Any

from linli.affairs.cases.policy import Categories, Sources
from linli.affairs.whistles.policy import WhistleSets
from linli.affairs.whistles.process import REMAINDER, REPORT_IN, WHISTLE
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.policy.shapes import ClockRules
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry


@registry.category_name(WHISTLE.kind)
@registry.category_name(REPORT_IN.kind)
@registry.category_name(REMAINDER.kind)
def category_name(matter: Matter) -> str:
    """Return the name of the matter's category, with its major class."""
    table = policy.get(Categories)
    category = table.by_code.get(matter.category)
    if category is None:
        return matter.category
    return f"{table.majors_by_code[category.major].name}·{category.name}"


def type_name(matter: Matter, code: str) -> str:
    """Return the name of a type of whistle as policy had it when the matter began."""
    return policy.pinned(matter.pins, WhistleSets).type(code).name


@registry.words(WHISTLE.kind)
@registry.words(REPORT_IN.kind)
@registry.words(REMAINDER.kind)
def word(actor: Actor, matter: Matter, name: str, value: Any) -> str | None:  # noqa: ARG001 - the registry's signature
    """Return a recorded code as policy names it; ``None`` for what needs no policy to read."""
    if not isinstance(value, str):
        return None
    if name == "category":
        found = policy.get(Categories).by_code.get(value)
        return found.name if found else value
    if name == "source":
        return next((s.name for s in policy.get(Sources).sources if s.code == value), None)
    if name == "type":
        return type_name(matter, value)
    rules = policy.get(ClockRules)
    if name == "reason" and value in rules.extension_reasons:
        return rules.extension_reasons[value].title
    if name == "reason" and value in rules.suspension_reasons:
        return rules.suspension_reasons[value].title
    if name == "pause_reason" and value in rules.pause_reasons:
        return rules.pause_reasons[value].title
    return None
