"""The draft of a report: plain sentences with the figures in them, charts and tables by their marks.

What only people can write stands there as （请填写）, and nothing is sent while it does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from linli.affairs.briefings import figures, periods
from linli.affairs.briefings.guards import TO_FILL_IN
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.placing import bars, line, table
from linli.affairs.cases.rates import Rate
from linli.kernel.areas import Node
from linli.surfaces import papers

Kind = Briefing.Kind


@dataclass
class Draft:
    """A draft being written: lines, and the figures that are marked in them."""

    title: str
    numbers: dict[str, int]
    lines: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    _headings: int = 0

    @property
    def text(self) -> str:
        """Return the text."""
        return "\n".join(self.lines)

    def heading(self, words: str) -> None:
        """Begin the next part."""
        self._headings += 1
        self.lines.append(f"{papers.ordinal(self._headings)}、{words}")

    def show(self, kind: str, shape: dict[str, Any]) -> None:
        """Put a table (表) or chart (图) here, under the next number of its kind."""
        at = sum(name.startswith(kind) for name in self.figures) + 1
        name = f"{kind}{at}"
        self.figures[name] = {**shape, "title": f"{name}　{shape['title']}"}
        self.lines.append(f"【{name}】")


# A paper that goes out is Chinese, whatever language its writer reads the desk in.
@translation.override("zh-hans")
def draft(kind: str, area: Node, since: date, until: date) -> Draft:
    """Return the draft of a report of ``kind`` about ``area`` in those days."""
    found = figures.of(area, since, until)
    names = {"place": area.name, "period": periods.named(since, until), "kind": Kind(kind).label}
    made = Draft(_("%(place)s社会治理%(kind)s（%(period)s）") % names, found.numbers)
    made.heading(_("总体情况"))
    _overall(made, area, found, since, until)
    if kind in {Kind.WEEK, Kind.MONTH}:
        made.show("图", line(_("每日立案"), _("件"), [(f"{d.month}-{d.day}", n) for d, n in found.by_day]))
    made.heading(_("响应、解决、满意"))
    _rates(made, found)
    made.heading(_("集中反映的事"))
    _kinds(made, found)
    if kind == Kind.NOTICE:
        made.heading(_("超过时限还没办结的"))
        _late(made, area)
    elif kind != Kind.DAY:
        made.heading(_("各地情况"))
        _places(made, found)
        made.heading(_("吹哨报到"))
        _whistles(made, found)
        made.heading(_("典型案例"))
        _typical(made, found)
    if kind != Kind.DAY:
        made.heading(_("下一步工作"))
        made.lines.append(TO_FILL_IN)
    return made


def _overall(made: Draft, area: Node, found: figures.Figures, since: date, until: date) -> None:
    cases, before = found.cases, found.before
    if not cases.total:
        made.lines.append(
            _("%(period)s，%(place)s没有受理案件。") % {"period": periods.named(since, until), "place": area.name}
        )
        return
    change = cases.total - before.total
    words = _("与上期持平") if not change else _("比上期增加%(n)d件") if change > 0 else _("比上期减少%(n)d件")
    said = words % {"n": abs(change)} if change else words
    made.lines.append(
        _(
            "%(period)s，%(place)s共受理%(total)d件，其中即查即改%(spot)d件、立案%(filed)d件，%(change)s（上期%(before)d件）。"
            "立案的已办结%(closed)d件，在办%(open)d件，其中曾超过时限%(late)d件。"
        )
        % {
            "period": periods.named(since, until), "place": area.name, "total": cases.total, "spot": cases.on_the_spot,
            "filed": cases.filed, "change": said, "before": before.total, "closed": cases.closed, "open": cases.open,
            "late": cases.overdue,
        }
    )  # fmt: skip


def _percent(value: float | None) -> str:
    return _("无数据") if value is None else f"{value * 100:.2f}%"


def _rates(made: Draft, found: figures.Figures) -> None:
    rates = found.rates
    named = ((_("响应率"), rates.response), (_("解决率"), rates.solved), (_("满意率"), rates.satisfied))
    said = [_rate(name, rate) for name, rate in named]
    reached = _percent(rates.effective_call_backs)
    made.lines.append(_("%(rates)s。有效回访占%(reached)s。") % {"rates": "；".join(said), "reached": reached})


def _rate(name: str, rate: Rate) -> str:
    if rate.raw is None:
        return _("%(name)s无数据（本期没有可算的件）") % {"name": name}
    said = _("%(name)s%(raw)s（%(n)d件）") % {"name": name, "raw": _percent(rate.raw), "n": rate.denominator}
    if rate.exclusions:
        said += _("，剔除%(left)d件后%(adjusted)s") % {"left": rate.exclusions, "adjusted": _percent(rate.adjusted)}
    return said


def _kinds(made: Draft, found: figures.Figures) -> None:
    if not found.kinds:
        made.lines.append(_("本期没有。"))
        return
    said = "、".join(_("%(name)s%(n)d件") % {"name": name, "n": n} for name, n in found.kinds)
    made.lines.append(_("反映较多的是%(said)s。") % {"said": said})
    made.show("图", bars(_("反映较多的事"), _("件"), found.kinds))


def _places(made: Draft, found: figures.Figures) -> None:
    rows = [[place.name, str(place.came), str(place.closed), str(place.open)] for place in found.places]
    head = [_("地方"), _("受理"), _("已办结"), _("在办")]
    made.show("表", table(_("各地立案情况"), head, rows, note=_("按区划代码排列，不是名次；即查即改不在内。")))


def _whistles(made: Draft, found: figures.Figures) -> None:
    blown = found.whistles
    if not blown.total:
        made.lines.append(_("本期没有吹哨。"))
        return
    made.lines.append(
        _("本期吹哨%(n)d次，涉及%(streets)d个街道（乡镇）、%(communities)d个社区（村）。")
        % {"n": blown.total, "streets": blown.streets, "communities": blown.communities}
    )


def _typical(made: Draft, found: figures.Figures) -> None:
    if not found.typical:
        made.lines.append(TO_FILL_IN)
        return
    for at, case in enumerate(found.typical, 1):
        made.lines.append(f"（{papers.ordinal(at)}）{case.title}")
        made.lines.append(case.text or TO_FILL_IN)


def _late(made: Draft, area: Node) -> None:
    late = figures.late_units(area)
    if not late:
        made.lines.append(_("没有超过时限的在办任务。"))
        return
    rows = [[one.unit, str(one.open), str(one.late)] for one in late]
    head = [_("单位"), _("在办"), _("其中超过时限")]
    made.show("表", table(_("超过时限的在办任务"), head, rows, note=_("只通报单位，不通报个人；按单位代码排列。")))
