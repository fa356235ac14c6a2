"""The figures and lines of the catalogue as shapes of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.dispatching.catalogue import category
from linli.affairs.dispatching.forms import WHEN, choices
from linli.affairs.dispatching.models import Learned
from linli.affairs.dispatching.policy import Catalogue
from linli.affairs.dispatching.selectors import Figures
from linli.kernel import areas, clock
from linli.surfaces.parts import charts, words


@dataclass(frozen=True)
class Shown:
    """A line in words; ``href`` leads to its form."""

    code: str
    category: str
    where: str
    when: str
    lead: str
    assistants: str
    fallback: str
    basis: str
    sample: bool
    href: str


def lines(catalogue: Catalogue) -> list[Shown]:
    """Return every line in words, by category and closeness; one statement for the names of units."""
    names = {code: name for _group, some in choices() for code, name in some}
    tree = areas.tree()
    moments = dict(WHEN)
    found = []
    for line in sorted(catalogue.lines, key=lambda line: (line.category, line.closeness)):
        node = tree.get(line.area) if line.area else None
        months = _("%(months)s 月") % {"months": "、".join(map(str, line.months))} if line.months else ""
        found.append(
            Shown(
                code=line.code,
                category=category(line),
                where=(node.name if node else line.area) or _("全区"),
                when="，".join(filter(None, [months, str(moments[line.when])])),
                lead=names.get(line.lead, line.lead),
                assistants="、".join(names.get(role, role) for role in line.assistants),
                fallback=names.get(line.fallback or "", line.fallback or ""),
                basis=line.basis,
                sample=line.sample,
                href=reverse("dispatching:edit", args=[line.code]),
            )
        )
    return found


def tiles(figures: Figures) -> list[charts.Tile]:
    """Return the figures of dispatching as tiles."""
    now = clock.now()
    hops = "—" if figures.mean_hops is None else str(figures.mean_hops)
    return [
        charts.Tile(label=_("首派准确率"), value=_percent(figures.first_accuracy), as_of=now),
        charts.Tile(label=_("派出"), value=str(figures.dispatched), unit=_("件"), as_of=now),
        charts.Tile(label=_("派单异议"), value=str(figures.objections), unit=_("件"), as_of=now),
        charts.Tile(label=_("其中成立（派错）"), value=str(figures.sustained), unit=_("件"), as_of=now),
        charts.Tile(label=_("平均流转"), value=hops, unit=_("次"), as_of=now),
    ]


def comparison(latest: Learned | None) -> charts.Bars | None:
    """Return catalogue, suggestion and both together on the held-back matters; ``None`` before any training."""
    if latest is None:
        return None
    measure = latest.measure
    label = _("（模拟文本）") if latest.simulated else ""
    caption = _("留出检验%(label)s：%(n)d 件、%(templates)d 种没见过的说法") % {
        "label": label, "n": measure["held_back"], "templates": measure["held_back_templates"],
    }  # fmt: skip
    names = {"catalogue": _("只按目录"), "suggestion": _("只按建议"), "together": _("目录与建议并用")}
    bars = [charts.Bar(label=name, value=round(measure[key] * 100, 1)) for key, name in names.items()]
    return charts.Bars(title=caption, rows=bars, unit="%")


def learned(history: Sequence[Learned]) -> list[dict[str, Any]]:
    """Return what was learned when, with its measure in words."""
    return [
        {
            "day": words.full_moment(row.made_at), "examples": row.examples, "held_back": row.held_back,
            "catalogue": _percent(row.measure["catalogue"]), "suggestion": _percent(row.measure["suggestion"]),
            "together": _percent(row.measure["together"]), "confident": _percent(row.measure["confident"]),
            "simulated": row.simulated,
        }
        for row in history
    ]  # fmt: skip


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"
