"""What the field shows of cases: reporting in three taps, settling on the spot, where things are, second looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.affairs.cases import choices
from linli.affairs.cases import selectors as cases
from linli.affairs.cases.forms import PatrolForm, SettleForm
from linli.affairs.cases.icons import icon_of
from linli.affairs.cases.models import Case, Spot
from linli.affairs.cases.policy import Categories, Category
from linli.affairs.cases.process import CASE, SPOT, TASK
from linli.kernel import areas, evidence, policy
from linli.kernel.areas import Level
from linli.kernel.matters import Action, Process, perform
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
    duties = duties_of(actor)
    context = _filled(form, actor, request.POST, on_the_spot=on_the_spot) | {
        "error": tried.error,
        "on_the_spot": on_the_spot,
        "key": request.POST.get("key") if tried.status == 422 else acting.new_key(),
        "may_settle": "settler" in duties,
        "may_report": "reporter" in duties,
    }
    return render(request, "cases/field/report.html", context, status=tried.status)


def _filled(form: Any, actor: Actor, typed: Mapping[str, Any], *, on_the_spot: bool) -> dict[str, Any]:
    """Return what the fields of a report are drawn with: the quick categories as cards, this post's areas."""
    table = choices.often(QUICK, area_code=_street(actor), on_the_spot=on_the_spot)
    return {
        "form": _with_cards(form, _with(typed.get("category", ""), table)),
        "groups": _groups(on_the_spot=on_the_spot),
        "areas": _areas(actor),
        "area": typed.get("area", "") or _home(actor),
    }


def _drawn(process: Process, action: str, *, on_the_spot: bool) -> Callable[[Actor], str]:
    def draw(actor: Actor) -> str:
        form = acting.blank(process.action(action), actor, None)
        return render_to_string("cases/field/fields.html", _filled(form, actor, {}, on_the_spot=on_the_spot))

    return draw


def _taken(process: Process, action: str, *, on_the_spot: bool) -> Callable[[Actor, registry.Sent], registry.Taken]:
    def take(actor: Actor, sent: registry.Sent) -> registry.Taken:
        outcome = perform(process=process, action=action, actor=actor, data=sent.data, key=sent.key)
        said = _said(outcome, on_the_spot=on_the_spot)
        url = reverse("field:matter", args=[outcome.matter.number])
        return registry.Taken(said, outcome.matter.number, url, outcome.repeated)

    return take


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


def cards(actor: Actor, matters: Sequence[Matter]) -> dict[UUID, registry.Card]:  # noqa: ARG001 - a maker's signature
    """Return what a phone keeps of cases and their tasks: the problem and the place, never who reported."""
    about = {m.pk: (m.parent_id if m.kind == TASK.kind and m.parent_id else m.pk) for m in matters}
    found = {case.pk: case for case in Case.objects.filter(pk__in=about.values())}
    photos = evidence.of_many(about.values(), role=evidence.Role.BEFORE, only_ready=True)
    return {
        pk: registry.Card(
            lines=[(_("问题"), found[of].description), (_("地点"), found[of].place)] if of in found else [],
            before=next((p.pk for p in photos.get(of, []) if p.is_image), None),
        )
        for pk, of in about.items()
    }


def spot_cards(actor: Actor, matters: Sequence[Matter]) -> dict[UUID, registry.Card]:  # noqa: ARG001 - as above
    """Return what a phone keeps of settlements that are looked at again."""
    photos = evidence.of_many([m.pk for m in matters], only_ready=True)
    return {
        spot.pk: registry.Card(
            lines=[(_("做了什么"), spot.description), (_("地点"), spot.place)],
            before=next((p.pk for p in photos.get(spot.pk, []) if p.is_image), None),
        )
        for spot in Spot.objects.filter(pk__in=[m.pk for m in matters])
    }


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
registry.offline(CASE.kind, "look", "verify", "rework", cards=cards)
registry.offline(TASK.kind, "sign", "contact", "feed_back", cards=cards)
registry.offline(SPOT.kind, "confirm", "doubt", cards=spot_cards)
registry.filing(
    registry.Filing(
        key="report",
        title=gettext_lazy("上报"),
        icon="camera",
        page="field:report",
        duties={"reporter"},
        form=PatrolForm,
        draw=_drawn(CASE, "patrol", on_the_spot=False),
        take=_taken(CASE, "patrol", on_the_spot=False),
    )
)
registry.filing(
    registry.Filing(
        key="settle",
        title=gettext_lazy("我办好了"),
        icon="check-check",
        page="field:settle",
        duties={"settler"},
        form=SettleForm,
        draw=_drawn(SPOT, "settle", on_the_spot=True),
        take=_taken(SPOT, "settle", on_the_spot=True),
    )
)
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
