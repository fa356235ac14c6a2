"""The queues, registers and doors of supervision."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.affairs.supervision.process import ADVICE, FINDING, ROUND
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column

registry.add_queue(
    registry.Queue(
        key="supervision-mend", title=_("督查整改"), icon="clipboard-list", duties=["handler"], order=48,
        expects=[(FINDING.kind, "mend"), (ADVICE.kind, "answer")], hint=_("督查发现的问题报整改，建议写明采纳与否。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="supervision", title=_("督查"), icon="clipboard-check", duties=["inspector"], order=49,
        expects=[(FINDING.kind, "confirm"), (ROUND.kind, "begin"), (ROUND.kind, "conclude")],
        hint=_("复查整改，开始和结束督查。"),
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="supervision", kind=ROUND.kind, title=_("督查"), icon="clipboard-check", order=70,
        related=["supervision_round"],
        columns=[Column(key="since", label=_("自")), Column(key="until", label=_("至"))],
        cells=lambda m: {
            "since": m.supervision_round.since.isoformat(), "until": m.supervision_round.until.isoformat(),
        },
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="findings", kind=FINDING.kind, title=_("督查问题"), icon="clipboard-list", order=72,
        related=["finding__unit", "finding__team"],
        columns=[Column(key="unit", label=_("责任单位")), Column(key="team", label=_("督查组"))],
        cells=lambda m: {"unit": m.finding.unit.name, "team": m.finding.team.name},
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="advice", kind=ADVICE.kind, title=_("督查建议"), icon="clipboard-list", order=74,
        related=["advice__unit", "advice__team"],
        columns=[Column(key="unit", label=_("给哪个单位")), Column(key="answer", label=_("答复"))],
        cells=lambda m: {"unit": m.advice.unit.name, "answer": m.advice.get_answer_display()},
    )
)  # fmt: skip


def _sees(request: HttpRequest) -> bool:
    return "inspector" in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="supervision", label=_("督查"), url_name="supervision:overview", icon="clipboard-check", order=51,
        group=_("统计与督查"),
        also=("supervision:new",), visible=_sees,
    ),
)  # fmt: skip
