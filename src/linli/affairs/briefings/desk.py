"""What the desk shows of briefings: the door, the queue, the list, the paper on its page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.briefings import figures
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import as_of, blocks_of
from linli.affairs.briefings.process import BRIEFING
from linli.affairs.statistics import selectors as statistics
from linli.affairs.statistics.selectors import Scope, shown
from linli.kernel import areas
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.tables import Column, Filter

EDITOR = "briefing_editor"

registry.add_queue(
    registry.Queue(
        key="briefings", title=gettext_lazy("简报起草"), icon="chart-column", duties=[EDITOR], order=70,
        expects=[(BRIEFING.kind, "send")], hint=gettext_lazy("数字由系统取好，话由人来写；写好送签。"),
    )
)  # fmt: skip


def _filters() -> list[Filter]:
    return [Filter(name="type", label=_("种类"), options=list(Briefing.Kind.choices))]


def _narrow(found: QuerySet[Matter], chosen: dict[str, str]) -> QuerySet[Matter]:
    return found.filter(briefing__kind=chosen["type"]) if chosen.get("type") else found


registry.add_listing(
    registry.Listing(
        key="briefings", kind=BRIEFING.kind, title=gettext_lazy("简报通报"), icon="chart-column", order=42,
        filters=_filters, narrow=_narrow, related=["briefing"],
        columns=[Column(key="type", label=gettext_lazy("种类")), Column(key="sent", label=gettext_lazy("印发"))],
        cells=lambda m: {"type": m.briefing.get_kind_display(), "sent": m.briefing.sent_on or ""},
    )
)  # fmt: skip


@registry.panel(BRIEFING.kind)
def panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return the paper as it stands, its files, and what was counted differently since it was sent."""
    briefing = Briefing.objects.defer("word", "pdf").get(pk=matter.pk)
    facts: list[tuple[Any, Any]] = [
        (_("种类"), briefing.get_kind_display()),
        (_("时段"), f"{briefing.since.isoformat()} — {briefing.until.isoformat()}"),
        (_("数据截至"), words.full_moment(briefing.as_of)),
    ]
    if briefing.sent_on:
        facts.append((_("印发日期"), words.day(briefing.sent_on)))
    context = {
        "title": briefing.title,
        "as_of": as_of(briefing),
        "blocks": [_shown(block) for block in blocks_of(briefing)],
        "sent": briefing.sent_on is not None,
        "word": reverse("briefings:file", args=[matter.number, "docx"]),
        "pdf": reverse("briefings:file", args=[matter.number, "pdf"]),
    }
    sections = [registry.Section(title=_("正文"), template="briefings/desk/paper.html", context=context)]
    if briefing.sent_on:
        sections.append(_since_then(matter, briefing))
    return registry.Panel(facts=facts, public_facts=facts, sections=sections)


def _shown(block: papers.Block) -> dict[str, Any]:
    """Return a block as the template reads it: a paragraph, a table, or a shape that draws itself."""
    if isinstance(block, papers.Paragraph):
        return {"text": block.text, "level": block.level}
    if isinstance(block, papers.Table):
        rows = [list(enumerate(row)) for row in block.rows]
        return {"table": block, "rows": rows}
    return {"shape": block}


def _since_then(matter: Matter, briefing: Briefing) -> registry.Section:
    """Return what the same days come to today, where it differs from what was printed."""
    area = areas.tree().by_id(matter.area_id)
    then = briefing.numbers.get("indices")
    rows: list[tuple[Any, Any]] = []
    if then is None:
        rows = [(_("核对"), _("印发时还没有按指标口径留存数字，不能逐项比对"))]
    else:
        scope = Scope(since=briefing.since, until=briefing.until, area=figures.code_of(area))
        for code, one in statistics.figures(scope, list(then)).items():
            before = then[code]["value"]
            if (None if one.value is None else str(one.value)) != before:
                kept = shown(one.definition, None if before is None else Decimal(before))
                said = _("印发时%(then)s，现在%(now)s") % {"then": kept, "now": one.text}
                rows.append((one.definition.title, said))
        rows = rows or [(_("核对"), _("与印发时一致"))]
    return registry.Section(title=_("印发后的变化"), icon="clock", shapes=[shapes.Facts(rows)], aside=True)


@registry.words(BRIEFING.kind)
def word(actor: Actor, matter: Matter, name: str, value: Any) -> str | None:  # noqa: ARG001 - the registry's signature
    """Return a recorded code in words."""
    return str(Briefing.Kind(value).label) if name == "kind" and value in Briefing.Kind.values else None


def _may_draft(request: HttpRequest) -> bool:
    return EDITOR in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="briefing", label=gettext_lazy("起草简报"), url_name="briefings:new", icon="chart-column", order=46,
        group=gettext_lazy("公文"),
        visible=_may_draft,
    ),
)  # fmt: skip
