"""Community analysis at the desk: figures only, small cells hidden; and what the auditor is shown of the box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.affairs.registry import assessing, selectors
from linli.affairs.registry.policy import TagDictionary
from linli.affairs.registry.selectors.analysis import Cell
from linli.kernel import areas, clock, policy
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.models import SavedView
from linli.surfaces.parts import shapes, tables
from linli.surfaces.parts.charts import Bar, Bars, Chart, Series
from linli.surfaces.parts.tables import Column, Filter, Row, Table, filters_for

DUTY = "registry_analyst"
LIST = "registry-analysis"
FRESH = {
    "residence.fresh": gettext_lazy("住址：有效期内"), "residence.due": gettext_lazy("住址：到期待核"),
    "residence.never": gettext_lazy("住址：从未核实"), "phone.fresh": gettext_lazy("电话：有效期内"),
    "phone.due": gettext_lazy("电话：到期待核"),
}  # fmt: skip
_WAYS = {
    "many": gettext_lazy("一天内次数很多"),
    "numbers": gettext_lazy("一天内多次按号码查"),
    "night": gettext_lazy("夜间查找"),
}


@require_GET
@staff(DUTY)
def analysis(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the composition of an area by age, household, tag, freshness and part, over any query."""
    tree = areas.tree()
    choices = [n for n in tree if n.level in {"district", "street", "community", "grid"} and actor.covers(n.code)]
    asked = request.GET.get("area", "")
    chosen = next((n for n in choices if n.code == asked), choices[0])
    query = {name: request.GET.get(name, "") for name in ("tag", "sex", "age_from", "age_to", "stay")}
    found = selectors.composition(actor, area=chosen.id, query=query)
    tags = policy.get(TagDictionary).tags
    bar = filters_for(
        request,
        [
            Filter(name="area", label=_("区域"), options=[(n.code, "　" * _depth(n) + n.name) for n in choices],
                   value=chosen.code),
            Filter(name="tag", label=_("标签"), options=[(t.code, t.title) for t in tags]),
            Filter(name="sex", label=_("性别"), options=[("1", _("男")), ("2", _("女"))]),
            Filter(name="age_from", label=_("岁数从"), options=_ages()),
            Filter(name="age_to", label=_("岁数到"), options=_ages()),
            Filter(name="stay", label=_("居住"), options=[("let", _("租住")), ("apart", _("人户分离"))]),
        ],
        found=found.residents, save_url=reverse("registry:analysis-save"),
        views=[
            tables.SavedView(name=view.name, url=f"?{view.query}", current=view.query == request.GET.urlencode(),
                             delete_url=reverse("registry:analysis-drop", args=[view.pk]))
            for view in SavedView.objects.filter(person=actor.person_id, listing=LIST).order_by("name")
        ],
    )  # fmt: skip
    context = {
        "filters": bar, "place": tree.label(chosen) if chosen.level != "district" else chosen.name, "found": found,
        "ages": _chart(_("年龄"), found.ages, found.smallest),
        "households": _chart(_("户规模（人）"), found.households, found.smallest),
        "tags": _bars(_("标签"), found.tags, found.smallest),
        "fresh": _bars(_("信息新鲜度"), [Cell(str(FRESH.get(c.label, c.label)), c.value) for c in found.freshness],
                       found.smallest),
        "skills": _bars(_("能人达人（本人提出）"), found.skills, found.smallest),
        "parts": _bars(_("各部分人数"), found.parts, found.smallest),
    }  # fmt: skip
    return render(request, "registry/desk/analysis.html", context)


def _depth(node: areas.Node) -> int:
    return {"district": 0, "street": 1, "community": 2}.get(node.level, 3)


def _ages() -> list[tuple[str, str]]:
    return [(str(age), str(age)) for age in (0, 3, 6, 14, 18, 35, 60, 65, 70, 80, 90)]


def _word(cell: Cell, smallest: int) -> str:
    return str(cell.value) if cell.value is not None else _("少于 %(n)d，不显示") % {"n": smallest}


def _chart(title: str, cells: Sequence[Cell], smallest: int) -> Chart:
    labels = [cell.label if cell.label != "?" else _("未知") for cell in cells]
    hidden = sum(cell.value is None for cell in cells)
    note = _("“—”为少于 %(n)d 人或为防反推而不显示的数。") % {"n": smallest} if hidden else ""
    series = Series(_("人数"), [None if c.value is None else float(c.value) for c in cells])
    return Chart(title=title, labels=labels, series=[series], as_of=clock.now(), note=note)


def _bars(title: str, cells: Sequence[Cell], smallest: int) -> Bars | shapes.Empty:
    rows = [
        Bar(label=cell.label, value=float(cell.value or 0), text=_word(cell, smallest))
        for cell in cells
        if cell.value != 0
    ]
    if not rows:
        return shapes.Empty(title=_("%(what)s：还没有数。") % {"what": title}, icon="chart-column")
    return Bars(title=title, rows=rows)


@require_GET
@staff("auditor")
def lookups(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the door asks for the duty
    """Show the auditor which posts' use of the box, of the last 30 days, is something to ask about."""
    now = clock.now()
    rows = [
        Row(
            id=str(n),
            cells={"day": one.day.isoformat(), "who": one.shown_as, "way": _WAYS[one.kind], "n": str(one.count)},
        )
        for n, one in enumerate(selectors.unusual_lookups(now - timedelta(days=30), now))
    ]
    table = Table(
        caption=_("近30天的异常查找"), name="lookups", rows=rows, choosable=False,
        columns=[Column(key="day", label=_("日期")), Column(key="who", label=_("单位与岗位"), always=True),
                 Column(key="way", label=_("情形")), Column(key="n", label=_("次数"), numeric=True)],
        empty=shapes.Empty(title=_("近30天没有异常查找。"), icon="shield-check"),
    )  # fmt: skip
    return render(request, "registry/desk/lookups.html", {"table": table})


@require_POST
@staff(DUTY)
def save(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keep a query under a name, for this person; the same name again replaces it."""
    name, query = request.POST.get("name", "").strip()[:20], request.POST.get("query", "")[:1000]
    if not name or actor.person is None:
        messages.error(request, _("请给视图起个名字。"))
    else:
        SavedView.objects.update_or_create(
            person=actor.person, listing=LIST, name=name, defaults={"query": query, "created_at": clock.now()}
        )
        messages.success(request, _("视图“%(name)s”已存好，下次一点就到。") % {"name": name})
    return HttpResponseRedirect(f"{reverse('registry:analysis')}?{query}")


@require_POST
@staff(DUTY)
def drop(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Forget one of this person's own queries."""
    view = SavedView.objects.filter(pk=key, person=actor.person_id, listing=LIST).first()
    if view is None:
        raise NotHere
    view.delete()
    messages.success(request, _("视图“%(name)s”已删掉。") % {"name": view.name})
    return HttpResponseRedirect(reverse("registry:analysis"))


@require_GET
@staff("policy_editor", "auditor", "registry_analyst")
def impact(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the door asks for the duty
    """Print the draft of the impact assessment from the policy in force."""
    return render(request, "registry/desk/impact.html", {"parts": assessing.draft()})
