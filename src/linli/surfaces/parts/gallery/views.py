"""The gallery's pages: all parts, the forms, and each shell around a page of its own."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.kernel import clock
from linli.surfaces.parts import charts, registry, shapes
from linli.surfaces.parts.gallery import samples
from linli.surfaces.parts.gallery.forms import SampleForm

GROUP_TEXT = "【天马路占道堆料】综合执法中队正在处理，11月24日（周二）17:00前办好。编号 C-20261121-00310"


def parts(request: HttpRequest) -> HttpResponse:
    """Show every part in every state."""
    _shell(request)
    return render(request, "gallery/parts.html", {"sections": _matter_sections() + _data_sections()})


def forms(request: HttpRequest) -> HttpResponse:
    """Show the forms: fresh, and with errors."""
    _shell(request)
    return render(
        request,
        "gallery/forms.html",
        {"fresh": SampleForm(prefix="fresh"), "wrong": SampleForm({"wrong-title": ""}, prefix="wrong")},
    )


def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk around an inbox."""
    _shell(request)
    messages.success(request, "已派给综合执法中队，11月24日（周二）17:00前签收。")
    return render(
        request, "gallery/desk.html", {"table": samples.table(), "filters": samples.filter_bar(), **_matter()}
    )


def matter(request: HttpRequest) -> HttpResponse:
    """Show the desk around one matter."""
    _shell(request)
    return render(request, "gallery/matter.html", _matter())


def field(request: HttpRequest) -> HttpResponse:
    """Show the field shell around today's list."""
    _shell(request)
    return render(request, "gallery/field.html", {"table": samples.table(), "clocks": samples.clocks()[7:]})


def portal(request: HttpRequest) -> HttpResponse:
    """Show the portal's first page."""
    _shell(request)
    doors = [
        registry.Entry("snap", "随手拍", "#", "camera", hint="拍一张，谁来办、几时办好都告诉您", tone="qing"),
        registry.Entry("do", "办事", "#", "clipboard-list", hint="开证明、查进度，少跑一趟", tone="rice"),
        registry.Entry("see", "看公开", "#", "megaphone", hint="社区的事、钱和决定", tone="ink"),
    ]
    return render(request, "gallery/portal.html", {"doors": doors, "ribbon": samples.ribbon(3)})


def wall(request: HttpRequest) -> HttpResponse:
    """Show the dark set of the command wall."""
    return render(
        request,
        "gallery/wall.html",
        {
            "tiles": samples.tiles(),
            "map": samples.area_map(),
            "chart": samples.chart("line"),
            "table": samples.table(),
            "badges": samples.badges(),
            "clocks": samples.clocks(),
        },
    )


def _shell(request: HttpRequest) -> None:
    request.shell_state = registry.ShellState(  # type: ignore[attr-defined] # a view's own bars, see registry
        place="蒙自市",
        person="王某某",
        posts=[registry.Choice("1", "文澜街道·调度", True), registry.Choice("2", "文澜街道·值班")],
        switch_url="#",
        search_url="#",
        messages_url="#",
        unread=3,
        help_url="#",
        phone="0873-12345",
    )


def _matter() -> dict[str, object]:
    later = shapes.Action(label="申请挂账", why_not="要先核实一次现场，才能申请挂账。", icon="circle-pause")
    return {
        "ribbon": samples.ribbon(3),
        "holder": shapes.Holder(
            unit="综合执法中队",
            person="张某",
            role="A岗",
            due=samples.clocks()[0].due,
            until="办结",
            phone="0873-3721234",
        ),
        "actions": shapes.Actions(
            shapes.Action(label="反馈结果", url="#", icon="send", kind="primary", key="f"),
            [shapes.Action(label="催办", url="#", icon="bell", post=True, key="u"), later],
        ),
        "clocks": [samples.clocks()[0], samples.clocks()[1]],
        "evidence": samples.evidence()[0],
        "timeline": samples.timeline(),
        "facts": shapes.Facts(
            [
                ("类别", "道路·占道堆料"),
                ("区域", "文澜街道 银河社区 网格03"),
                ("地点", "天马路 86 号门前"),
                ("上报人", _masks()[0]),
                ("来源", "随手拍"),
            ]
        ),
        "map": samples.area_map(),
    }


def _masks() -> list[shapes.Mask]:
    reasons = [("verify", "核实情况"), ("call_back", "回访"), ("contact", "联系处理")]
    return [
        shapes.Mask(shown="138****2046", label="李**", reveal_url="#", field="phone", reasons=reasons, phone=True),
        shapes.Mask(shown="138****2046", label="李**", revealed="13800002046", phone=True),
        shapes.Mask(shown="5325**********1234", label="身份证号"),
    ]


def _matter_sections() -> samples.Sections:
    code = segno.make("linli:C-20261121-00310", error="m").svg_inline(scale=4, omitsize=True)
    qr = shapes.QrSlot(svg=code, caption="扫码看进度", text="C-20261121-00310")
    return [
        (
            "阶段条",
            [("刚收到", samples.ribbon(0)), ("处理中", samples.ribbon(3)), ("已完成", samples.ribbon(7))],
        ),
        ("时钟", [("", one) for one in samples.clocks()]),
        ("状态", [("", one) for one in samples.badges()]),
        (
            "谁在办",
            [("", _matter()["holder"]), ("", shapes.Holder(unit="水务局", note="未定岗，由值班代收"))],
        ),
        ("动作", [("", _matter()["actions"])]),
        ("证据", [("一对", samples.evidence()[0]), ("等处理后的照片", samples.evidence()[1])]),
        ("经过", [("", samples.timeline())]),
        ("遮掩", [("", one) for one in _masks()]),
        ("要素", [("", _matter()["facts"])]),
        ("发到群里", [("", shapes.CopyText(name="wechat", text=GROUP_TEXT))]),
        ("打印页", [("", _sheet(qr))]),
    ]


def _sheet(qr: shapes.QrSlot) -> shapes.Sheet:
    return shapes.Sheet(
        title="居民诉求登记单",
        number="C-20261121-00310",
        unit="文澜街道银河社区",
        as_of=clock.now(),
        qr=qr,
        rows=[
            ("诉求", "天马路 86 号门前占道堆料"),
            ("承办", "综合执法中队"),
            ("答复期限", "11月24日（周二）17:00"),
        ],
        signatures=["登记人", "居民"],
    )


def _data_sections() -> samples.Sections:
    tabs = shapes.Tabs([shapes.Tab("在办", "#", True, 12), shapes.Tab("办结", "#"), shapes.Tab("全部", "#")])
    bars = charts.Bars(
        title="各街道在办",
        unit="件",
        rows=[
            charts.Bar(label="文澜街道", value=42, url="#"),
            charts.Bar(label="观澜街道", value=31),
            charts.Bar(label="雨过铺街道", value=7, tone="whistle"),
        ],
    )
    progress = shapes.Progress(label="导入 12345 工单", done=312, total=800, note="还要约 1 分钟", cancel_url="#")
    return [
        ("分页签", [("", tabs)]),
        ("筛选", [("", samples.filter_bar())]),
        ("列表", [("有内容", samples.table()), ("空", samples.table("empty"))]),
        ("进度", [("", progress), ("", shapes.Progress(label="导出", done=800, total=800))]),
        ("数字", [("", one) for one in samples.tiles()]),
        ("图", [("", samples.chart("columns")), ("", samples.chart("line")), ("", bars)]),
        ("地图", [("", samples.area_map())]),
    ]
