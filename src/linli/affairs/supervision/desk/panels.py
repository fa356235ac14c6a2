"""What the desk shows on the page of a round, of a problem and of advice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.affairs.supervision.desk import shown
from linli.affairs.supervision.models import Team
from linli.affairs.supervision.policy import Checklists
from linli.affairs.supervision.process import ADVICE, FINDING, ROUND
from linli.kernel import areas, policy
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.registry import Panel, Section


@registry.panel(ROUND.kind)
def supervision_round(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """On whose decision, by which checklist, which teams went where, what each point came to."""
    detail = matter.supervision_round
    checklist = policy.pinned(matter.pins, Checklists).checklists.get(detail.checklist)
    facts: list[tuple[Any, Any]] = [
        (_("依据"), detail.decision),
        (_("清单"), checklist.title if checklist else detail.checklist),
        (_("时间"), f"{detail.since.isoformat()} – {detail.until.isoformat()}"),
    ]
    if detail.summary:
        facts.append((_("督查小结"), detail.summary))
    sections = [Section(title=_("编组分片"), icon="users", shapes=[shown.teams_table(detail)])]
    if checklist is not None:
        sections.append(Section(title=_("抽查"), icon="clipboard-list", shapes=[shown.points_table(detail, checklist)]))
    return Panel(facts=facts, public_facts=facts, sections=sections)


def _team_names(matter: Matter) -> dict[str, str]:
    """Return the names of a round's teams by id; one statement for a page, however long its timeline."""
    known: dict[str, str] | None = matter.__dict__.get("_team_names")
    if known is None:
        known = {str(pk): name for pk, name in Team.objects.filter(round=matter.pk).values_list("pk", "name")}
        matter.__dict__["_team_names"] = known
    return known


@registry.words(ROUND.kind)
def word(_actor: Actor, matter: Matter, name: str, value: Any) -> str | None:
    """Return a recorded team, street or checklist by its name."""
    if name == "team":
        return _team_names(matter).get(str(value))
    if name == "areas":
        codes = value if isinstance(value, list) else [value]
        return "、".join(node.name for code in codes if (node := areas.tree().get(code)) is not None)
    if name == "checklist":
        found = policy.pinned(matter.pins, Checklists).checklists.get(str(value))
        return found.title if found else None
    return None


@registry.note(FINDING.kind, related="finding__unit")
def whose_finding(matter: Matter) -> str:
    """Return whose problem it is, where its round lists it."""
    return str(matter.finding.unit.name)


@registry.note(ADVICE.kind, related="advice__unit")
def whose_advice(matter: Matter) -> str:
    """Return for whom the advice is, where its round lists it."""
    return str(matter.advice.unit.name)


@registry.panel(FINDING.kind)
def finding(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """What was found, what must be mended, what was done."""
    detail = matter.finding
    facts: list[tuple[Any, Any]] = [
        (_("问题"), detail.what),
        (_("整改要求"), detail.must),
        (_("责任单位"), detail.unit.name),
        (_("督查组"), detail.team.name),
    ]
    if detail.done:
        facts.append((_("整改情况"), detail.done))
    return Panel(facts=facts, public_facts=facts)


@registry.panel(ADVICE.kind)
def advice(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """What was advised, and what the unit says to it."""
    detail = matter.advice
    facts: list[tuple[Any, Any]] = [
        (_("建议"), detail.what),
        (_("给哪个单位"), detail.unit.name),
        (_("督查组"), detail.team.name),
    ]
    if detail.answer:
        facts += [(_("答复"), detail.get_answer_display()), (_("说明"), detail.words)]
    return Panel(facts=facts, public_facts=facts)
