"""Supervision as tiles and tables of the desk: problems and advice always apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.supervision.models import Round, SpotCheck
from linli.affairs.supervision.policy import Checklist
from linli.affairs.supervision.process import ROUND
from linli.affairs.supervision.selectors import Figures
from linli.kernel import areas, clock
from linli.kernel.matters import selectors as matters
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit
from linli.surfaces.parts import charts, shapes
from linli.surfaces.parts.tables import Column, Row, Table

SHOWN = 50


def tiles(found: Figures) -> list[shapes.Shape]:
    """Return the figures as tiles, each with the way down to its rows."""
    now = clock.now()
    answered = found.adopted + found.partly_adopted + found.declined
    return [
        charts.Tile(label=_("发现问题"), value=str(found.problems), unit=_("条"), as_of=now,
                    note=_("已整改 %(n)d 条") % {"n": found.mended}, url=reverse("desk:list", args=["findings"])),
        charts.Tile(label=_("提出建议"), value=str(found.advice), unit=_("条"), as_of=now,
                    note=_("已答复 %(n)d 条，另计，不在问题里") % {"n": answered},
                    url=reverse("desk:list", args=["advice"])),
        charts.Tile(label=_("抽查"), value=str(found.checks_on_site + found.checks_by_phone), unit=_("次"), as_of=now,
                    note=_("实地 %(on_site)d，电话 %(phone)d")
                    % {"on_site": found.checks_on_site, "phone": found.checks_by_phone}),
        charts.Tile(label=_("督查组"), value=str(found.teams), unit=_("个"), as_of=now,
                    note=_("%(n)d 人") % {"n": found.officers}),
    ]  # fmt: skip


def units_table(found: Mapping[str, Mapping[str, int]]) -> Table:
    """Return problems, mended ones and advice by unit."""
    named = {str(u.pk): u.name for u in Unit.objects.filter(pk__in=list(found))}
    rows = [
        Row(id=key, cells={"unit": named.get(key, ""), **{name: str(n) for name, n in counts.items()}})
        for key, counts in sorted(found.items(), key=lambda pair: (-pair[1]["problems"], named.get(pair[0], "")))
    ]
    return Table(
        caption=_("各单位"), name="units", rows=rows, choosable=False,
        columns=[
            Column(key="unit", label=_("单位"), always=True),
            Column(key="problems", label=_("问题"), numeric=True),
            Column(key="mended", label=_("已整改"), numeric=True),
            Column(key="advice", label=_("建议"), numeric=True),
        ],
        empty=shapes.Empty(title=_("还没有督查发现的问题和建议。")),
    )  # fmt: skip


def rounds_table(actor: Actor) -> Table:
    """Return the rounds that a post may see, newest first."""
    found = matters.visible(actor, kind=ROUND.kind).select_related("supervision_round").order_by("-opened_at")[:SHOWN]
    rows = [
        Row(
            id=matter.number, url=reverse("desk:matter", args=[matter.number]),
            cells={
                "title": matter.title, "stage": str(ROUND.stage(matter.stage).title),
                "since": matter.supervision_round.since.isoformat(),
                "until": matter.supervision_round.until.isoformat(),
            },
        )
        for matter in found
    ]  # fmt: skip
    return Table(
        caption=_("历次督查"), name="rounds", rows=rows, choosable=False,
        columns=[
            Column(key="title", label=_("督查什么"), always=True),
            Column(key="stage", label=_("环节")),
            Column(key="since", label=_("自")),
            Column(key="until", label=_("至")),
        ],
        empty=shapes.Empty(title=_("还没有安排过督查。")),
    )  # fmt: skip


def teams_table(detail: Round) -> Table:
    """Return the teams of a round: how many officers, which streets, how many checks."""
    tree, rows = areas.tree(), []
    counts = Counter(detail.checks.values_list("team", flat=True))
    for team in detail.teams.prefetch_related("areas").order_by("name"):
        names = [node.name for area in team.areas.all() if (node := tree.find_id(area.pk)) is not None]
        cells = {
            "name": team.name,
            "officers": str(team.officers),
            "areas": "、".join(names),
            "checks": str(counts[team.pk]),
        }
        rows.append(Row(id=str(team.pk), cells=cells))
    return Table(
        caption=_("督查组"), name="teams", rows=rows, choosable=False,
        columns=[
            Column(key="name", label=_("组"), always=True),
            Column(key="officers", label=_("人数"), numeric=True),
            Column(key="areas", label=_("分片")),
            Column(key="checks", label=_("抽查"), numeric=True),
        ],
        empty=shapes.Empty(title=_("还没有编组。先编组分片，再开始。")),
    )  # fmt: skip


def points_table(detail: Round, checklist: Checklist) -> Table:
    """Return what each point of the checklist came to, over all spot checks."""
    answers: Counter[tuple[str, str]] = Counter()
    for given in SpotCheck.objects.filter(round=detail).values_list("answers", flat=True):
        answers.update(given.items())
    rows = []
    for point in checklist.points:
        cells: dict[str, Any] = {name: str(answers[point.code, name]) for name in ("ok", "bad", "na")}
        rows.append(Row(id=point.code, cells={"point": point.title, **cells}))
    return Table(
        caption=_("清单各点"), name="points", rows=rows, choosable=False,
        columns=[
            Column(key="point", label=_("看什么"), always=True),
            Column(key="ok", label=_("符合"), numeric=True),
            Column(key="bad", label=_("不符合"), numeric=True),
            Column(key="na", label=_("不适用"), numeric=True),
        ],
    )  # fmt: skip
