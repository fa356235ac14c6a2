"""What the catalogue says of a matter, with the reason; asked whenever a dispatcher is shown whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.affairs.cases.policy import Categories
from linli.affairs.dispatching import roles
from linli.affairs.dispatching.policy import Catalogue, Line
from linli.affairs.objections.registers import Proposal
from linli.kernel import areas, clock, policy
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


@dataclass(frozen=True)
class Choice:
    """What a line names here: lead, assistants, fallback, and why it was this line."""

    line: Line
    lead: Unit | None
    assistants: tuple[Unit, ...]
    fallback: Unit | None
    why: str


def choose(matter: Matter) -> Choice | None:
    """Return the catalogue's choice for a matter now; ``None`` where no line speaks of it. One statement at most."""
    line = policy.get(Catalogue).best(matter.category, matter.area_code, clock.now()) if matter.category else None
    if line is None:
        return None
    wanted = (line.lead, *line.assistants, *filter(None, [line.fallback]))
    found = roles.units(wanted, matter.area_code, matter.hidden_from)
    helpers = tuple(found[role] for role in line.assistants if role in found)
    return Choice(line, found.get(line.lead), helpers, found.get(line.fallback or ""), why(line))


def category(line: Line) -> str:
    """Return the name of the category a line speaks of; its code where the table of today has it no more."""
    found = policy.get(Categories).by_code.get(line.category)
    return found.name if found else line.category


def why(line: Line) -> str:
    """Return in words why a line was chosen: its category, place, time and basis."""
    parts = [_("派单目录：%(category)s") % {"category": category(line)}]
    if line.area:
        node = areas.tree().get(line.area)
        parts.append(_("地点在 %(area)s 内") % {"area": node.name if node else line.area})
    if line.months:
        parts.append(_("在 %(months)s 月内") % {"months": "、".join(map(str, line.months))})
    if line.when == "office":
        parts.append(_("工作时间"))
    elif line.when == "off_hours":
        parts.append(_("非工作时间"))
    parts.append(_("依据：%(basis)s") % {"basis": line.basis})
    return "；".join(parts)


def proposals(matter: Matter) -> Sequence[Proposal]:
    """Return the lead and then the fallback that the catalogue names, as proposals; fills the gate of objections."""
    choice = choose(matter)
    if choice is None:
        return ()
    found = [Proposal(choice.lead, choice.why)] if choice.lead else []
    if choice.fallback is not None:
        found.append(
            Proposal(choice.fallback, _("派单目录：%(category)s 的兜底单位") % {"category": category(choice.line)})
        )
    return found
