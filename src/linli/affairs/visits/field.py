"""What the field shows of visits: whom to see next as a list and on a map, the visit itself, my two lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.visits import members, selectors, services
from linli.affairs.visits.forms import VisitForm
from linli.affairs.visits.models import Outcome
from linli.affairs.visits.process import PROMISE
from linli.kernel import areas, clock
from linli.kernel.errors import Invalid, UserError
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, kept
from linli.surfaces.field import registry
from linli.surfaces.field.access import worker
from linli.surfaces.parts import dressing
from linli.surfaces.parts.forms import CardRadio
from linli.surfaces.parts.maps import AreaMap, Point, Region
from linli.surfaces.parts.registry import NavItem, register_nav

ICONS = {
    Outcome.SEEN: "handshake",
    Outcome.PHONED: "phone",
    Outcome.NOBODY: "house",
    Outcome.DECLINED: "ban",
    Outcome.MOVED: "arrow-right",
}


@require_GET
@worker("visitor")
def visits(request: HttpRequest, actor: Actor) -> HttpResponse:
    """走访: whom to see next and why, in walking order; on a map below."""
    rows = selectors.next_visits(actor)
    context = {
        "rows": rows,
        "walk": _walk(actor, rows),
        "latest": selectors.latest(actor, 10),
        "member": members.mine(actor.post.kind) if actor.post else None,
    }
    return render(request, "visits/field/list.html", context)


def _walk(actor: Actor, rows: Sequence[selectors.Next]) -> AreaMap | None:
    """Draw this post's areas with who is to be seen as numbered points; nothing without a point."""
    points = [
        Point(
            lon=row.lon,
            lat=row.lat,
            label=f"{number} {row.name}",
            url=_url(row),
            tone="whistle" if row.pressing else "qing",
        )
        for number, row in enumerate(rows, start=1)
        if row.lon is not None and row.lat is not None
    ]
    if not points:
        return None
    tree = areas.tree()
    nodes = [node for code in actor.area_codes if (node := tree.get(code))]
    regions = [Region(name=n.name, geometry=n.boundary, code=n.code) for n in nodes if n.boundary]
    sketch = any(n.sketch for n in nodes)
    return AreaMap(title=_("今天的走访"), regions=regions, points=points, sketch=sketch, table=False)


def _url(row: selectors.Next) -> str:
    return f"{reverse('field:visit')}?{urlencode(row.fill)}"


@require_http_methods(["GET", "POST"])
@worker("visitor")
def visit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """记一次走访: one screen; the outcome by thumb, or a few words."""
    sent = request.POST if request.method == "POST" else request.GET
    whom = {name: sent.get(name, "") for name in ("person", "organisation")}
    error, status = "", 200
    form = _blank(actor, {**whom, **_kept(request)})
    if request.method == "POST":
        key = f"{actor.post_id}:{request.POST.get('key', '')[:36]}"
        form = _dressed(VisitForm(request.POST, actor=actor, matter=None), actor)
        try:
            if form.is_valid():
                done = services.record_visit(actor=actor, data=form.cleaned_data, key=key)
                messages.success(request, said(done))
                return HttpResponseRedirect(reverse("field:visits"))
            status = 422
        except UserError as refused:
            error, status = str(refused), refused.status
            if refused.field:
                acting.add_error(form, refused.field, [error])
    context = {
        "form": form,
        "error": error,
        "row": next((r for r in selectors.next_visits(actor) if str(r.subject_id) in whom.values()), None),
        "key": request.POST.get("key") or acting.new_key(),
    }
    return render(request, "visits/field/visit.html", context, status=status)


def _kept(request: HttpRequest) -> dict[str, Any]:
    restored = kept.take(request) if request.method == "GET" else None
    return {name: restored[name] for name in VisitForm.base_fields if name in restored} if restored else {}


def _blank(actor: Actor, initial: dict[str, Any]) -> VisitForm:
    return _dressed(VisitForm(None, actor=actor, matter=None, initial=initial), actor)


def _dressed(form: VisitForm, actor: Actor) -> VisitForm:
    dressing.dress(form, within=actor.area_codes)
    form.fields["outcome"].widget = CardRadio(choices=Outcome.choices, icons={str(k): v for k, v in ICONS.items()})
    return form


def said(done: services.Recorded) -> str:
    """Return what to tell the person about a visit that was written."""
    if done.repeated:
        return _("这次走访已经记过，没有重复记。")
    if done.promise is not None:
        return _("记好了。答应的事 %(number)s 到日子会提醒您。") % {"number": done.promise.number}
    if done.visit.outcome == Outcome.NOBODY:
        return _("记好了：家中无人。过几天会再提醒，登记的情况没有变动。")
    return _("记好了。")


# -- without a network ---------------------------------------------------------------------------------------------


def _draw(actor: Actor) -> str:
    return render_to_string("visits/field/fields.html", {"form": _blank(actor, {})})


def _take(actor: Actor, sent: registry.Sent) -> registry.Taken:
    made_on = clock.local(sent.made_at).date()
    form = VisitForm(sent.data, actor=actor, matter=None, made_on=made_on)
    if not form.is_valid():
        raise Invalid({name: [str(e) for e in errors] for name, errors in form.errors.items()})
    done = services.record_visit(actor=actor, data=form.cleaned_data, key=sent.key, at=sent.made_at)
    number = done.promise.number if done.promise else ""
    url = reverse("field:matter", args=[number]) if number else reverse("field:visits")
    return registry.Taken(said(done), number, url, done.repeated)


@registry.calls
def calls(actor: Actor) -> Sequence[registry.Call]:
    """Return whom this post should see, for its phone: names and addresses of today's list, nothing more."""
    if "visitor" not in duties_of(actor):
        return []
    return [
        registry.Call(
            key=str(row.subject_id), title=row.name, reasons=row.reasons, address=row.address, lon=row.lon,
            lat=row.lat, filing="visit", fill=row.fill, urgent=row.pressing,
        )
        for row in selectors.next_visits(actor)
    ]  # fmt: skip


def cards(actor: Actor, matters: Sequence[Matter]) -> dict[UUID, registry.Card]:  # noqa: ARG001 - a maker's signature
    """Return what a phone keeps of promises."""
    rows = selectors.promises([m.pk for m in matters])
    return {row.pk: registry.Card(lines=[(_("答应了什么"), row.words), (_("给谁"), name)]) for row, name in rows}


def _may_visit(request: HttpRequest) -> bool:
    return "visitor" in duties_of(session.actor(request))


registry.mount(path("visits/", visits, name="visits"), path("visits/new/", visit, name="visit"))
registry.offline(PROMISE.kind, "keep", "cannot", cards=cards)
registry.filing(
    registry.Filing(
        key="visit",
        title=gettext_lazy("走访"),
        icon="footprints",
        page="field:visit",
        duties={"visitor"},
        form=VisitForm,
        draw=_draw,
        take=_take,
        listed=False,
    )
)
register_nav(
    "field",
    NavItem(
        key="visits",
        label=gettext_lazy("走访"),
        url_name="field:visits",
        icon="footprints",
        order=30,
        also=("field:visit",),
        visible=_may_visit,
    ),
)
