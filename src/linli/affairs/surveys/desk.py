"""What the desk shows of surveys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.surveys import selectors, showing
from linli.affairs.surveys.process import SURVEY
from linli.affairs.surveys.services import CALLER
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.matters.selectors import visible
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.tables import Column

KEEPER = "survey_keeper"

registry.add_queue(
    registry.Queue(
        key="surveys", title=gettext_lazy("抽样调查"), icon="chart-column", duties=[KEEPER, "publisher"], order=75,
        expects=[(SURVEY.kind, "draw"), (SURVEY.kind, "count"), (SURVEY.kind, "publish")],
        hint=gettext_lazy("抽样、汇总、公布；结果连同误差和抽样说明一起公布。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="surveys-ask", title=gettext_lazy("电话调查"), icon="phone", duties=[CALLER], order=76,
        rows=lambda actor: visible(actor, kind=SURVEY.kind, stage="asking").order_by("pk"),
        hint=gettext_lazy("打开一件，逐个联系；答卷不记是谁答的。"),
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="surveys", kind=SURVEY.kind, title=gettext_lazy("抽样调查"), icon="chart-column", order=46,
        related=["survey"],
        columns=[Column(key="size", label=gettext_lazy("样本数"), numeric=True)],
        cells=lambda m: {"size": str(m.survey.size)},
    )
)  # fmt: skip


@registry.panel(SURVEY.kind)
def panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return who can be drawn, how far the calls are, and the results once they are fixed."""
    survey = selectors.of(matter)
    progress = selectors.progress(survey)
    facts: list[tuple[Any, Any]] = [
        (_("样本数"), str(survey.size)),
        (_("抽样框"), showing.frame_words(survey) if survey.drawn_on else ""),
        (_("抽样日期"), words.day(survey.drawn_on) if survey.drawn_on else ""),
        (_("抽样种子"), survey.seed),
        (_("进度"), showing.response_words(progress) if survey.drawn_on else ""),
        (_("公布日期"), words.day(survey.published_on) if survey.published_on else ""),
    ]
    told = [(name, value) for name, value in facts if value]
    links = []
    if matter.stage == "asking" and CALLER in duties_of(actor):
        url = reverse("surveys:ask", args=[matter.number])
        links.append(shapes.Action(label=_("逐个联系"), url=url, icon="phone"))
    sections = []
    if survey.results:
        context = showing.shown(survey)
        sections.append(registry.Section(title=_("结果"), template="surveys/desk/results.html", context=context))
    return registry.Panel(facts=told, public_facts=told, sections=sections, links=links)


def _may_plan(request: HttpRequest) -> bool:
    return KEEPER in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="survey", label=gettext_lazy("拟定调查"), url_name="surveys:new", icon="chart-column", order=48,
        group=gettext_lazy("公文"),
        visible=_may_plan,
    ),
)  # fmt: skip
