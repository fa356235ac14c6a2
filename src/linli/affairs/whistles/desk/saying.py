"""Codes of whistles in words: their types and sources, and else what cases say."""

from __future__ import annotations

from typing import Any

from linli.affairs.cases.desk import saying as cases
from linli.affairs.cases.policy import Sources
from linli.affairs.whistles.policy import WhistleSets
from linli.affairs.whistles.process import REMAINDER, REPORT_IN, WHISTLE
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry

KINDS = (WHISTLE.kind, REPORT_IN.kind, REMAINDER.kind)
category_name = cases.category_name


def type_name(matter: Matter, code: str) -> str:
    """Return the name of a type of whistle as policy had it when the matter began."""
    return policy.pinned(matter.pins, WhistleSets).type(code).name


def word(actor: Actor, matter: Matter, name: str, value: Any) -> str | None:
    """Return a recorded code as policy names it; ``None`` for what needs no policy to read."""
    if isinstance(value, str) and name == "source":
        return next((s.name for s in policy.get(Sources).sources if s.code == value), None)
    if isinstance(value, str) and name == "type":
        return type_name(matter, value)
    return cases.word(actor, matter, name, value)


for _kind in KINDS:
    registry.category_name(_kind)(category_name)
    registry.words(_kind)(word)
