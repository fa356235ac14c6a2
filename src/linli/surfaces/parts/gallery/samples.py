"""Invented values for every part and state; they look like a district's day and belong to nobody."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.surfaces.parts import charts, maps, shapes, tables
from linli.surfaces.parts.shapes import Action, Badge, StepState

Sections = list[tuple[str, list[tuple[str, Any]]]]

STAGES = ("信息收集", "案卷建立", "任务派遣", "任务处理", "处理反馈", "核实结案", "综合评价")


def ribbon(current: int) -> shapes.Ribbon:
    """Return the seven stages of a filed case with the ``current`` one marked (0 to 7)."""
    now = clock.now()
    return shapes.Ribbon(
        [
            shapes.Step(
                label,
                StepState.DONE if i < current else StepState.NOW if i == current else StepState.TO_COME,
                now - timedelta(hours=9 * (current - i)) if i <= current else None,
            )
            for i, label in enumerate(STAGES)
        ]
    )


def clocks() -> list[shapes.Clock]:
    """Return a clock in each of its six states, long and compact."""
    now = clock.now()
    hours = timedelta(hours=1)
    kinds: list[dict[str, Any]] = [
        {"due": now + 26 * hours, "started": now - 4 * hours, "label": "办结"},
        {"due": now + 1.2 * hours, "started": now - 9 * hours, "label": "签收"},
        {"due": now - 0.6 * hours, "started": now - 4 * hours, "label": "到场"},
        {"due": now + 9 * hours, "started": now - 4 * hours, "paused": True, "reason": "等材料，11月26日前"},
        {"due": now + 2 * hours, "started": now - 4 * hours, "stopped_at": now},
        {"due": now - 3 * hours, "started": now - 9 * hours, "stopped_at": now},
        {"due": now + 30 * hours, "left": 6 * hours, "share": 0.4, "label": "办结（工作时）"},
    ]
    return [shapes.Clock(**kind) for kind in kinds] + [shapes.Clock(**kind, compact=True) for kind in kinds[:4]]


def badges() -> list[Badge]:
    """Return a badge of each tone."""
    return [
        Badge("草稿"),
        Badge("任务处理", "qing"),
        Badge("待签收", "rice"),
        Badge("已超时", "whistle"),
        Badge("已解决", "done"),
        Badge("已挂账", "rice", "circle-pause"),
        Badge("未解决，已说明", "plain", "circle-x"),
    ]


def picture(shade: str, hours: int, word: str, flag: str = "") -> shapes.Picture:
    """Return a drawn stand-in for a photo."""
    drawing = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 30'%3E"
        f"%3Crect width='40' height='30' fill='%23{shade}'/%3E%3Cpath d='M0 24h40v6H0z' fill='%23998'/%3E"
        "%3Cpath d='M4 24V10h12v14zM22 24V6h14v18z' fill='%23fff8'/%3E%3C/svg%3E"
    )
    return shapes.Picture(
        src=drawing, alt=word, at=clock.now() - timedelta(hours=hours), place="天马路 86 号门前", flag=flag
    )


def evidence() -> list[shapes.EvidencePair]:
    """Return a complete pair, and one that waits for its second photo."""
    before = picture("b9a48c", 29, "人行道上堆着建筑材料")
    after = picture("9fbfae", 2, "人行道已清空", "与另一件照片相似，请人看一眼")
    return [shapes.EvidencePair(before=before, after=after, metres=6), shapes.EvidencePair(before=before)]


def timeline() -> shapes.Timeline:
    """Return a trail with each kind of line."""
    now = clock.now()

    def entry(hours: float, act: str, who: str, **more: Any) -> shapes.TrailEntry:
        return shapes.TrailEntry(at=now - timedelta(hours=hours), act=act, who=who, **more)

    return shapes.Timeline(
        [
            entry(29, "上报", "网格03·网格员", text="人行道上堆着水泥和砖，行人要走到车道上。", tone="qing"),
            entry(
                28,
                "派遣",
                "文澜街道·调度",
                facts=[("主办", "综合执法中队"), ("时限", "8 工作时")],
                tone="qing",
            ),
            entry(
                26,
                "代签收",
                "文澜街道·调度",
                marks=["代签收"],
                text="电话联系，对方值班人员已答复。",
                tone="rice",
            ),
            entry(19, "超时", "系统", tone="whistle"),
            entry(2, "反馈", "综合执法中队·队员", text="已清运。", pictures=[picture("9fbfae", 2, "清运后")]),
            entry(1, "核实通过", "银河社区·网格长", tone="done"),
        ]
    )


def table(state: str = "full") -> tables.Table:
    """Return an inbox, grouped, with clocks; ``state`` "empty" gives the same list without rows."""
    empty = shapes.Empty(
        title="没有待办",
        text="新的件一到就会出现在这里。现在可以登记一件居民来电。",
        action="代登记",
        url="#",
        icon="inbox",
    )
    columns = [
        tables.Column(key="number", label=_("编号"), sort="number", always=True, sort_url="#"),
        tables.Column(key="title", label=_("标题"), always=True),
        tables.Column(key="stage", label=_("阶段"), sort="stage", sort_url="#"),
        tables.Column(key="due", label=_("到期"), sort="due", sort_url="#", direction="ascending"),
        tables.Column(key="area", label=_("区域")),
        tables.Column(key="reporters", label=_("人次"), numeric=True),
    ]
    kinds = clocks()
    rows = [
        (
            "W-20261121-00042",
            "银河社区 天然气味",
            Badge("待签收", "rice"),
            kinds[9],
            "银河社区",
            "3",
            "已超时",
            "whistle",
        ),
        (
            "C-20261121-00298",
            "锦华路 井盖松动",
            Badge("任务处理", "qing"),
            kinds[9],
            "朝阳社区",
            "1",
            "已超时",
            "whistle",
        ),
        (
            "C-20261121-00310",
            "天马路 占道堆料",
            Badge("核实", "qing"),
            kinds[8],
            "网格03",
            "2",
            "今天到期",
            "rice",
        ),
        (
            "C-20261122-00004",
            "文萃路 路灯不亮",
            Badge("任务处理", "qing"),
            kinds[7],
            "网格11",
            "12",
            "以后",
            "plain",
        ),
    ]
    drawn = [
        tables.Row(
            id=number,
            url="#",
            label=number,
            group=group,
            tone=tone,  # type: ignore[arg-type] # the literals above are tones
            cells={
                "number": number,
                "title": title,
                "stage": stage,
                "due": due,
                "area": area,
                "reporters": count,
            },
        )
        for number, title, stage, due, area, count, group, tone in rows
    ]
    return tables.Table(
        caption=_("待办"),
        name=f"inbox-{state}",
        columns=columns,
        rows=[] if state == "empty" else drawn,
        empty=empty,
        export_url="#",
        bulk=[Action(label="催办", url="#", icon="bell"), Action(label="派遣", url="#", icon="send")],
        pages=shapes.Pages(previous_url="#", next_url="#", number=2, total=9, rows=412),
    )


def filter_bar() -> tables.FilterBar:
    """Return a filter bar with two filters in force and saved views."""
    return tables.FilterBar(
        filters=[
            tables.Filter(name="q", label="搜索", kind="search", hint="编号、地点、关键词", value="天马路"),
            tables.Filter(name="stage", label="阶段", options=[("1", "任务处理"), ("2", "核实")], value="2"),
            tables.Filter(name="street", label="街道", options=[("a", "文澜街道"), ("b", "观澜街道")]),
            tables.Filter(name="since", label="自", kind="date"),
            tables.Filter(name="mine", label="只看我的", kind="check"),
        ],
        views=[
            tables.SavedView(name="今天到期", url="#", current=True),
            tables.SavedView(name="我派出的", url="#", delete_url="#"),
        ],
        save_url="#",
        clear_url="#",
        found=37,
    )


def tiles() -> list[charts.Tile]:
    """Return figure tiles: plain, better, worse, overdue."""
    now = clock.now()
    series = [12, 15, 11, 18, 22, 19, 24]
    return [
        charts.Tile(label="今日新增", value="128", unit="件", change="比昨天多 9", series=series, as_of=now, url="#"),
        charts.Tile(label="办结率", value="94.6", unit="%", change="高 1.2 个百分点", better=True, series=series[::-1]),
        charts.Tile(label="已超时", value="7", unit="件", change="比昨天多 2", better=False, tone="whistle", url="#"),
        charts.Tile(label="满意率", value="—", note="有效回访不足 30 件，暂不显示", tone="plain"),
    ]


def chart(kind: Any) -> charts.Chart:
    """Return a week of three series as columns or lines."""
    days = [f"11月{day}日" for day in range(15, 22)]
    return charts.Chart(
        title="一周受理与办结" if kind == "columns" else "一周趋势",
        kind=kind,
        labels=days,
        unit="件",
        as_of=clock.now(),
        series=[
            charts.Series("受理", [112, 98, 131, 120, 142, 88, 76]),
            charts.Series("办结", [101, 95, 118, 126, 133, 92, None if kind == "line" else 70]),
        ],
    )


def area_map(sketch: bool = True) -> maps.AreaMap:
    """Return a honeycomb of invented grids with figures and points."""
    regions = []
    for index in range(19):
        row, column = divmod(index, 5)
        x, y = 103.36 + column * 0.0174 + (row % 2) * 0.0087, 23.36 + row * 0.0138
        ring = [
            [x + 0.01 * math.cos(math.radians(a)), y + 0.0092 * math.sin(math.radians(a))] for a in range(30, 391, 60)
        ]
        regions.append(
            maps.Region(
                name=f"网格{index + 1:02}",
                geometry={"type": "Polygon", "coordinates": [ring]},
                value=None if index == 7 else (index * 37) % 23,
                url=f"#grid-{index}",
            )
        )
    points = [
        maps.Point(lon=103.395, lat=23.372, label="天马路 占道堆料", url="#p1", tone="whistle"),
        maps.Point(lon=103.412, lat=23.391, label="文萃路 路灯不亮", url="#p2"),
    ]
    return maps.AreaMap(title="各网格今日件数", regions=regions, points=points, unit="件", sketch=sketch)
