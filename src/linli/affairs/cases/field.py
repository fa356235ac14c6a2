"""What the field shows of cases: reporting in three taps, settling on the spot, where things are, second looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.affairs.cases import choices
from linli.affairs.cases import selectors as cases
from linli.affairs.cases.icons import icon_of
from linli.affairs.cases.models import Case, Spot
from linli.affairs.cases.policy import Categories, Category
from linli.affairs.cases.process import CASE, SPOT, TASK
from linli.kernel import areas, policy
from linli.kernel.areas import Level
from linli.kernel.matters import Action, Process
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, kept
from linli.surfaces.field import registry
from linli.surfaces.field.access import worker
from linli.surfaces.parts.forms import CardRadio
from linli.surfaces.parts.registry import NavItem, register_nav

QUICK = 8
OFFERED = 400


@require_http_methods(["GET", "POST"])
@worker("reporter")
def report(request: HttpRequest, actor: Actor) -> HttpResponse:
    """上报: a photo, what it is, and the place the phone knows; filed at once."""
    return _take_in(request, actor, CASE, CASE.action("patrol"), on_the_spot=False)


@require_http_methods(["GET", "POST"])
@worker("settler")
def settle(request: HttpRequest, actor: Actor) -> HttpResponse:
    """即查即改: one screen, one photo, closed at once."""
    return _take_in(request, actor, SPOT, SPOT.action("settle"), on_the_spot=True)


def _take_in(
    request: HttpRequest, actor: Actor, process: Process, action: Action, *, on_the_spot: bool
) -> HttpResponse:
    tried = acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, action, process=process)
        if tried.outcome is not None:
            messages.success(request, _said(tried.outcome, on_the_spot=on_the_spot))
            back = (
                request.resolver_match.view_name if tried.outcome.repeated and request.resolver_match else "field:today"
            )
            return HttpResponseRedirect(reverse(back))
    restored = kept.take(request) if request.method == "GET" else None
    form = tried.form or acting.blank(action, actor, None, data=restored)
    table = choices.often(QUICK, area_code=_street(actor), on_the_spot=on_the_spot)
    chosen = request.POST.get("category", "")
    duties = duties_of(actor)
    context = {
        "form": _with_cards(form, _with(chosen, table)),
        "error": tried.error,
        "on_the_spot": on_the_spot,
        "groups": _groups(on_the_spot=on_the_spot),
        "areas": _areas(actor),
        "area": request.POST.get("area", "") or _home(actor),
        "key": request.POST.get("key") if tried.status == 422 else acting.new_key(),
        "may_settle": "settler" in duties,
        "may_report": "reporter" in duties,
    }
    return render(request, "cases/field/report.html", context, status=tried.status)


def _said(outcome: Any, *, on_the_spot: bool) -> str:
    if on_the_spot and not outcome.repeated:
        return _("已记下：%(title)s，当场办结。") % {"title": outcome.matter.title}
    return acting.what_next(outcome)


def _with(chosen: str, table: list[Category]) -> list[Category]:
    known = policy.get(Categories).by_code.get(chosen)
    return [known, *table[:-1]] if known is not None and known not in table else table


def _with_cards(form: Any, table: Sequence[Category]) -> Any:
    form.fields["category"].widget = CardRadio(
        choices=[(c.code, c.name) for c in table], icons={c.code: icon_of(c) for c in table}
    )
    return form


def _groups(*, on_the_spot: bool) -> list[tuple[str, list[Category]]]:
    table = policy.get(Categories)
    groups: dict[str, list[Category]] = {}
    for category in table.categories[:OFFERED]:
        if category.on_the_spot or not on_the_spot:
            groups.setdefault(table.majors_by_code[category.major].name, []).append(category)
    return list(groups.items())


def _areas(actor: Actor) -> list[tuple[str, str]]:
    """Return the areas this post covers, down to the grid, as a plain list."""
    tree = areas.tree()
    return [
        (node.code, tree.label(node))
        for code in actor.area_codes
        for node in tree.under(code)
        if node.level in (Level.COMMUNITY, Level.GRID)
    ]


def _home(actor: Actor) -> str:
    """Return the one area of a post that has one, small enough to stand for a place."""
    small = [code for code in actor.area_codes if len(code) >= 12]
    return small[0] if len(small) == 1 else ""


def _street(actor: Actor) -> str:
    return actor.area_codes[0][:9] if actor.area_codes else ""


def where(matters: Sequence[Matter]) -> registry.Where:
    """Return where cases are; a unit's task is where its case is."""
    of = {m.pk: (m.parent_id if m.kind == TASK.kind and m.parent_id else m.pk) for m in matters}
    rows = Case.objects.filter(pk__in=of.values(), lon__isnull=False).values_list("pk", "lon", "lat")
    points = {pk: (lon, lat) for pk, lon, lat in rows if lon is not None and lat is not None}
    return {pk: points[case] for pk, case in of.items() if case in points}


def spots_where(matters: Sequence[Matter]) -> registry.Where:
    """Return where settlements were made."""
    rows = Spot.objects.filter(pk__in=[m.pk for m in matters], lon__isnull=False).values_list("pk", "lon", "lat")
    return {pk: (lon, lat) for pk, lon, lat in rows if lon is not None and lat is not None}


@registry.errands
def second_looks(actor: Actor) -> QuerySet[Matter] | None:
    """Return the settlements drawn for a second look in the actor's areas, but for those it made itself."""
    if "rechecker" not in duties_of(actor):
        return None
    return cases.spots_to_look_at(actor).exclude(handler_ids__contains=[actor.person_id])


def _duty(*names: str) -> Any:
    def visible(request: HttpRequest) -> bool:
        return bool(duties_of(session.actor(request)) & set(names))

    return visible


registry.mount(path("report/", report, name="report"), path("settle/", settle, name="settle"))
registry.places([CASE.kind, TASK.kind], where)
registry.places([SPOT.kind], spots_where)
register_nav(
    "field",
    NavItem(
        key="report",
        label=gettext_lazy("上报"),
        url_name="field:report",
        icon="camera",
        order=20,
        also=("field:settle",),
        visible=_duty("reporter"),
    ),
)
