"""The queues, registers and doors of statistics."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.affairs.statistics.process import MONTH_TOPIC, PUBLICATION, RECHECK, RISING
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column

registry.add_queue(
    registry.Queue(
        key="publications", title=_("统计公布"), icon="megaphone", duties=["publisher"], order=72,
        expects=[(PUBLICATION.kind, "publish")], hint=_("看过数字再公布；公布后不再改动，更正另行公布。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="rechecks", title=_("抽查办结件"), icon="eye", duties=["sample_checker"], order=34,
        expects=[(RECHECK.kind, "confirm")], hint=_("随机抽中的办结件再看一次；参与处置的人不看。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="rising", title=_("未诉先办"), icon="chart-column", duties=["proactive"], order=16,
        expects=[(RISING.kind, "accept"), (RISING.kind, "finish")], hint=_("比往常多的事，采纳去办，或写明不办。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="month-topics", title=_("每月一题"), icon="star", duties=["handler"], order=46,
        expects=[(MONTH_TOPIC.kind, "finish")], hint=_("本单位牵头的题：报进展，到期报结果。"),
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="rechecks", kind=RECHECK.kind, title=_("办结件抽查"), icon="eye", order=62, related=["recheck__unit"],
        columns=[Column(key="unit", label=_("办结单位"))], cells=lambda m: {"unit": m.recheck.unit.name},
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="rising", kind=RISING.kind, title=_("未诉先办"), icon="chart-column", order=64, related=["rising"],
        columns=[Column(key="count", label=_("本周"), numeric=True), Column(key="line", label=_("线"), numeric=True)],
        cells=lambda m: {"count": str(m.rising.count), "line": str(m.rising.line)},
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="month-topics", kind=MONTH_TOPIC.kind, title=_("每月一题"), icon="star", order=66,
        related=["month_topic__unit"],
        columns=[Column(key="month", label=_("月份")), Column(key="unit", label=_("牵头"))],
        cells=lambda m: {"month": f"{m.month_topic.month:%Y-%m}", "unit": m.month_topic.unit.name},
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="publications", kind=PUBLICATION.kind, title=_("统计公布"), icon="megaphone", order=68,
        related=["publication"], columns=[Column(key="month", label=_("月份"))],
        cells=lambda m: {"month": f"{m.publication.month:%Y-%m}"},
    )
)  # fmt: skip


def _reads_figures(request: HttpRequest) -> bool:
    return bool({"statistician", "auditor"} & duties_of(session.actor(request)))


def _sees_draws(request: HttpRequest) -> bool:
    return bool({"auditor", "sample_checker"} & duties_of(session.actor(request)))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="figures", label=_("统计"), url_name="statistics:figures", icon="chart-column", order=50,
        group=_("统计与督查"),
        also=("statistics:index", "statistics:scores"), visible=_reads_figures,
    ),
)  # fmt: skip
parts.register_nav(
    "desk",
    parts.NavItem(
        key="draws", label=_("随机抽查"), url_name="statistics:draws", icon="eye", order=52, group=_("统计与督查"),
        visible=_sees_draws,
    ),
)  # fmt: skip
