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
from linli.affairs.statistics.selectors import Figure, shown
from linli.kernel.areas import Node
from linli.surfaces import papers

Kind = Briefing.Kind
NAMED = 3
"""How many late units a daily report names; it is one sheet."""


@dataclass
class Draft:
    """A draft being written: lines, and the figures that are marked in them."""

    title: str
    numbers: dict[str, Any]
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
    named = (
        _("%(m)d月%(d)d日") % {"m": since.month, "d": since.day} if kind == Kind.DAY else periods.named(since, until)
    )
    names = {"place": area.name, "period": named, "kind": Kind(kind).label}
    made = Draft(_("%(place)s社会治理%(kind)s（%(period)s）") % names, found.numbers)
    made.heading(_("总体情况"))
    _overall(made, area, found, since, until)
    if kind in {Kind.WEEK, Kind.MONTH} and any(n for _day, n in _days(found)):
        made.show("图", line(_("每日登记案件"), _("件"), _days(found)))
    made.heading(_("响应、解决、满意"))
    _rates(made, found, daily=kind == Kind.DAY)
    made.heading(_("集中反映的事"))
    _kinds(made, found, daily=kind == Kind.DAY)
    if kind == Kind.NOTICE:
        made.heading(_("超过时限还没办结的"))
        _late(made, area)
    elif kind == Kind.DAY:
        made.heading(_("要盯的"))
        _to_watch(made, area, found)
    else:
        made.heading(_("各地情况"))
        _places(made, found)
        made.heading(_("各单位承办"))
        _units(made, found)
        made.heading(_("吹哨报到"))
        _whistles(made, found)
        made.heading(_("典型案例"))
        _typical(made, found)
    if kind != Kind.DAY:
        made.heading(_("下一步工作"))
        made.lines.append(TO_FILL_IN)
    if kind == Kind.DAY:  # one sheet: without a heading of its own, in one paragraph
        said = Draft("", {})
        _said(said, found)
        made.lines.append("".join(said.lines))
    else:
        made.heading(_("数据说明"))
        _said(made, found)
    return made


def _days(found: figures.Figures) -> list[tuple[str, int]]:
    return [(f"{day.month}-{day.day}", int(one.value)) for day, one in found.by_day if one and one.value is not None]


def _overall(made: Draft, area: Node, found: figures.Figures, since: date, until: date) -> None:
    names = {"period": periods.named(since, until), "place": area.name}
    taken = found.whole.get("taken")
    if taken is None:
        made.lines.append(_("%(period)s，本区县的统计指标口径里没有“受理总量”，不能写总数。") % names)
        return
    if taken.value is None:
        made.lines.append(_("%(period)s，%(place)s无数据。") % names)
        return
    if not taken.value:
        made.lines.append(_("%(period)s，%(place)s没有受理案件。") % names)
        return
    counts = {code: figures.value_of(found.whole, code) for code in figures.FLOW}
    made.lines.append(
        _(
            "%(period)s，%(place)s共受理%(taken)d件，其中即查即改%(spot)d件、登记案件%(volume)d件，%(change)s。"
            "登记的案件已办结%(came_closed)d件，在办%(came_open)d件，其中曾超过时限%(came_late)d件。"
        )
        % {**names, **counts, "change": _change(counts["taken"], found)}
    )


def _change(now: int, found: figures.Figures) -> str:
    """Return how it compares with the period before; without data there is nothing to compare with."""
    earlier = found.before.get("taken")
    if earlier is None or earlier.value is None:
        return _("上期无数据")
    before = int(earlier.value)
    step = {"n": abs(now - before), "before": before}
    if now == before:
        return _("与上期持平（上期%(before)d件）") % step
    said = _("比上期增加%(n)d件（上期%(before)d件）") if now > before else _("比上期减少%(n)d件（上期%(before)d件）")
    return said % step


def _rates(made: Draft, found: figures.Figures, *, daily: bool) -> None:
    said = [_rate(found.rates[code]) for code in ("response", "solved", "satisfied") if code in found.rates]
    if daily and not any(one.value is not None for one in found.rates.values()):
        made.lines.append(_("近四周响应率、解决率、满意率无数据。"))
        return
    reached = found.rates.get("called_back")
    words = {"rates": "；".join(said), "reached": _("无数据") if reached is None else reached.text}
    if daily:
        made.lines.append(_("近四周%(rates)s。有效回访占%(reached)s。") % words)
    else:
        made.lines.append(_("%(rates)s。有效回访占%(reached)s。") % words)


def _rate(one: Figure) -> str:
    names = {"name": one.definition.title, "raw": one.text, "n": int(one.raw.denominator), "left": one.left}
    if one.value is None:
        return _("%(name)s无数据（本期没有可算的件）") % names
    said = _("%(name)s%(raw)s（%(n)d件）") % names
    return said + _("，剔除%(left)d件后%(adjusted)s") % {**names, "adjusted": one.adjusted_text} if one.left else said


def _kinds(made: Draft, found: figures.Figures, *, daily: bool) -> None:
    rows = [(line.label, figures.value_of(line.figures, "taken")) for line in found.kinds]
    if not rows:
        made.lines.append(_("本期没有。"))
        return
    if not daily:  # one sheet: the bars say it
        said = "、".join(_("%(name)s%(n)d件") % {"name": name, "n": n} for name, n in rows)
        made.lines.append(_("反映较多的是%(said)s。") % {"said": said})
    made.show("图", bars(_("反映较多的事"), _("件"), rows))


def _places(made: Draft, found: figures.Figures) -> None:
    rows = [[one.label, *(str(figures.value_of(one.figures, code)) for code in figures.PLACES)] for one in found.places]
    head = [_("地方"), _("登记案件"), _("已办结"), _("在办")]
    made.show("表", table(_("各地案件情况"), head, rows, note=_("按区划代码排列，不是名次；即查即改不在内。")))


def _units(made: Draft, found: figures.Figures) -> None:
    if not found.units:
        made.lines.append(_("本期没有派遣给单位的案件。"))
        return
    head = [_("单位"), *(found.units[0].figures[code].definition.title for code in figures.UNITS)]
    rows = [[one.label, *(one.figures[code].text for code in figures.UNITS)] for one in found.units]
    made.show("表", table(_("各单位承办情况"), head, rows, note=_("按单位代码排列，不是名次；只到单位，不到个人。")))


def _whistles(made: Draft, found: figures.Figures) -> None:
    blown = figures.value_of(found.whole, "whistles")
    if not blown:
        made.lines.append(_("本期没有吹哨。"))
        return
    made.lines.append(
        _("本期吹哨%(n)d次，涉及%(streets)d个街道（乡镇）、%(communities)d个社区（村）。")
        % {"n": blown, "streets": found.streets_blown, "communities": found.communities_blown}
    )


def _said(made: Draft, found: figures.Figures) -> None:
    """Say by which definitions the figures were made, and what limits them."""
    later = [one for one in found.whole.values() if one.version > 1]
    named = "、".join(_("%(title)s第%(n)d版") % {"title": one.definition.title, "n": one.version} for one in later)
    made.lines.append(
        _("数字按统计指标口径计算（%(named)s，其余第1版）。") % {"named": named}
        if later
        else _("数字按统计指标口径第1版计算。")
    )
    for one in found.whole.values():
        for stretch in one.stretches[:-1]:
            made.lines.append(
                _("%(title)s在%(since)s至%(until)s按第%(n)d版口径为%(value)s。")
                % {
                    "title": one.definition.title, "since": stretch.since.isoformat(),
                    "until": stretch.until.isoformat(), "n": stretch.version,
                    "value": shown(one.definition, stretch.raw.value),
                }
            )  # fmt: skip
    made.lines += [f"{note}。" for note in found.notes]


def _typical(made: Draft, found: figures.Figures) -> None:
    if not found.typical:
        made.lines.append(TO_FILL_IN)
        return
    for at, case in enumerate(found.typical, 1):
        made.lines.append(f"（{papers.ordinal(at)}）{case.title}")
        made.lines.append(case.text or TO_FILL_IN)


def _to_watch(made: Draft, area: Node, found: figures.Figures) -> None:
    """Say in two sentences what a leader asks next: what is late at which units, and what was blown."""
    late = figures.late_units(area)
    if late:
        named = "、".join(_("%(unit)s%(n)d件") % {"unit": one.unit, "n": one.late} for one in late[:NAMED])
        rest = _("等%(n)d个单位") % {"n": len(late)} if len(late) > NAMED else ""
        words = {"n": sum(one.late for one in late), "units": named, "rest": rest}
        said = _("现在超过时限的在办任务%(n)d件：%(units)s%(rest)s。") % words
    else:
        said = _("没有超过时限的在办任务。")
    _whistles(made, found)
    made.lines[-1] = said + made.lines[-1]


def _late(made: Draft, area: Node) -> None:
    late = figures.late_units(area)
    if not late:
        made.lines.append(_("没有超过时限的在办任务。"))
        return
    rows = [[one.unit, str(one.open), str(one.late)] for one in late]
    head = [_("单位"), _("在办"), _("其中超过时限")]
    made.show("表", table(_("超过时限的在办任务"), head, rows, note=_("只通报单位，不通报个人；按单位代码排列。")))
