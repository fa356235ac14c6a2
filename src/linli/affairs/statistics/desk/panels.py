"""What the desk shows on the page of a publication, a second look, a rising topic and the topic of a month."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.statistics.desk.shown import stage_word
from linli.affairs.statistics.forms import WAYS
from linli.affairs.statistics.process import MONTH_TOPIC, PUBLICATION, RECHECK, RISING
from linli.kernel import clock
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.registry import Panel, Section
from linli.surfaces.parts import shapes
from linli.surfaces.parts.tables import Column, Row, Table


@registry.panel(PUBLICATION.kind)
def publication(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """The month, up to when events count, and the figures of the whole district as they would be read."""
    detail = matter.publication
    head: dict[str, Any] = detail.figures
    facts = [
        (_("月份"), f"{detail.month:%Y-%m}"),
        (_("事件截至"), f"{clock.local(detail.as_of):%Y-%m-%d %H:%M}"),
    ]
    return Panel(facts=facts, sections=[Section(title=_("全区数字"), icon="chart-column", shapes=[whole(head)])])


def whole(head: dict[str, Any]) -> Table:
    """Return the figures of the whole district of a publication."""
    described = {one["code"]: one for one in head.get("indices", [])}
    rows = []
    for value in head.get("values", []):
        if value["street"] or value["unit"]:
            continue
        one = described[value["index"]]
        rows.append(
            Row(id=one["code"], cells={
                "title": one["title"], "value": text(one, value["value"]), "adjusted": text(one, value["adjusted"], ""),
                "says": one["says"],
            })
        )  # fmt: skip
    columns = [
        Column(key="title", label=_("指标"), always=True),
        Column(key="value", label=_("值"), numeric=True),
        Column(key="adjusted", label=_("剔除后"), numeric=True),
        Column(key="says", label=_("口径"), prose=True),
    ]
    return Table(caption=_("全区"), name="whole", rows=rows, columns=columns, choosable=False)


def text(one: dict[str, Any], value: str | None, none: str | None = None) -> str:
    """Return a published value for a reader."""
    if value is None:
        return _("无数据") if none is None else none
    return f"{value}%" if one["unit"] == "%" else f"{value} {one['unit']}"


@registry.panel(RECHECK.kind)
def recheck(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """Which case was drawn, whose it was, with which seed, and what was found."""
    detail = matter.recheck
    facts: list[tuple[Any, Any]] = [
        (_("抽中的案件"), detail.subject.number),
        (_("办结单位"), detail.unit.name),
        (_("办结时"), stage_word(detail.subject)),
        (_("哪个月"), f"{detail.draw.month:%Y-%m}"),
        (_("种子"), detail.draw.seed[:16]),
    ]
    if detail.found:
        facts += [(_("怎样复查"), dict(WAYS).get(detail.way, "")), (_("看到的情况"), detail.found)]
    links = [
        shapes.Action(label=_("看案件"), url=reverse("desk:matter", args=[detail.subject.number]), icon="file-text")
    ]
    return Panel(facts=facts, links=links)


@registry.panel(RISING.kind)
def rising(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """The numbers a proposal rests on, and what is made of it."""
    detail = matter.rising
    facts: list[tuple[Any, Any]] = [
        (_("哪一周"), _("%(day)s 起的一周") % {"day": detail.week.isoformat()}),
        (_("本周件数"), str(detail.count)),
        (_("此前 %(weeks)d 周平均") % {"weeks": detail.weeks}, str(detail.mean)),
        (_("标准差"), str(detail.sigma)),
        (_("线（均值加两倍标准差）"), str(detail.line)),
    ]
    for title, value in ((_("打算"), detail.plan), (_("完成日"), detail.planned_on), (_("结果"), detail.result)):
        if value:
            facts.append((title, str(value)))
    return Panel(facts=facts, public_facts=facts)


@registry.panel(MONTH_TOPIC.kind)
def month_topic(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """The topic of a month: why, whose, how, until when, with which result."""
    detail = matter.month_topic
    facts: list[tuple[Any, Any]] = [
        (_("月份"), f"{detail.month:%Y-%m}"),
        (_("为什么选它"), detail.why),
        (_("方案"), detail.plan),
        (_("牵头单位"), detail.unit.name),
        (_("什么时候出结果"), detail.planned_on.isoformat()),
    ]
    if detail.result:
        facts.append((_("情况和结果"), detail.result))
    return Panel(facts=facts, public_facts=facts)
