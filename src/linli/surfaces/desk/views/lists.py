"""The registers: lists of cases, tasks and whatever an affair registers, with saved views and exports."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import copying, exports, registry, rows
from linli.surfaces.desk import lists as listing
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.models import SavedView
from linli.surfaces.parts.paging import LongPaginator
from linli.surfaces.parts.shapes import Action, Empty
from linli.surfaces.parts.tables import SavedView as View
from linli.surfaces.parts.tables import Table, pages_for, table_for

PAGE = 50
TABS = 8
"""How many lists stand as tabs; the others wait in a menu."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _tabs(spec: registry.Listing) -> dict[str, list[registry.Listing]]:
    """Return the first lists, this one always among them, and the others: one row, whatever is installed."""
    every = sorted(registry.listings.values(), key=lambda s: s.order)
    first = every[:TABS] if spec in every[:TABS] else [*every[: TABS - 1], spec]
    return {"lists": first, "more_lists": [one for one in every if one not in first]}


def _spec(key: str) -> registry.Listing:
    found = registry.listings.get(key)
    if found is None:
        raise NotHere
    return found


@require_GET
@staff()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Lead to the first list."""
    first = min(registry.listings.values(), key=lambda s: s.order, default=None)
    if first is None:
        raise NotHere
    return HttpResponseRedirect(reverse("desk:list", args=[first.key]))


@require_GET
@staff()
def show(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Show one list; a fixed number of statements whatever its length."""
    spec = _spec(key)
    paginator = LongPaginator(listing.found(request, actor, spec), PAGE)
    page = paginator.get_page(request.GET.get("page"))
    matters = list(page.object_list)
    query = request.GET.urlencode()
    may_export = has_duty(actor, "exporter")
    table = Table(
        caption=spec.title,
        columns=listing.columns(spec),
        name=f"list-{key}",
        rows=rows.rows_of(matters, more=listing.more_cells(spec, matters)),
        pages=pages_for(request, page),
        bulk=_bulk(actor),
        export_url=f"{reverse('desk:export', args=[key, 'xlsx'])}?{query}" if may_export else "",
        empty=Empty(
            title=_("没有符合条件的事项"),
            text=_("放宽条件，或清除筛选再看。"),
            action=_("清除筛选"),
            url=reverse("desk:list", args=[key]),
            icon="search",
        ),
    )
    context = {
        "spec": spec,
        **_tabs(spec),
        "table": table_for(request, table, default_sort="-opened_at"),
        "filters": listing.bar(
            request,
            actor,
            spec,
            views=_views(actor, key, query),
            found=paginator.count,
            more=paginator.more,
            save_url=reverse("desk:view-save", args=[key]),
        ),
        "csv": f"{reverse('desk:export', args=[key, 'csv'])}?{query}" if may_export else "",
        "copy": f"{reverse('desk:list-copy', args=[key])}?{query}",
    }
    return render(request, "desk/list.html", context)


def _bulk(actor: Actor) -> list[Action]:
    return [Action(label=_("催办"), url=reverse("desk:urge"), icon="bell")] if has_duty(actor, "urger") else []


def _views(actor: Actor, key: str, query: str) -> list[View]:
    address = reverse("desk:list", args=[key])
    return [
        View(
            name=v.name,
            url=f"{address}?{v.query}",
            current=v.query == query,
            delete_url=reverse("desk:view-drop", args=[v.pk]),
        )
        for v in SavedView.objects.filter(person=actor.person_id, listing=key).order_by("name")
    ]


@require_POST
@staff()
def save_view(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Keep the page's filters under a name, for this person; the same name again replaces it."""
    spec = _spec(key)
    name, query = request.POST.get("name", "").strip()[:20], request.POST.get("query", "")[:1000]
    address = reverse("desk:list", args=[spec.key])
    if not name or actor.person is None:
        messages.error(request, _("请给视图起个名字。"))
        return HttpResponseRedirect(f"{address}?{query}")
    SavedView.objects.update_or_create(
        person=actor.person, listing=spec.key, name=name, defaults={"query": query, "created_at": clock.now()}
    )
    messages.success(request, _("视图“%(name)s”已存好，下次一点就到。") % {"name": name})
    return HttpResponseRedirect(f"{address}?{query}")


@require_POST
@staff()
def drop_view(request: HttpRequest, actor: Actor, view_id: uuid.UUID) -> HttpResponse:
    """Forget one of this person's own views."""
    view = SavedView.objects.filter(pk=view_id, person=actor.person_id).first()
    if view is None:
        raise NotHere
    view.delete()
    messages.success(request, _("视图“%(name)s”已删掉。") % {"name": view.name})
    return HttpResponseRedirect(reverse("desk:list", args=[view.listing]))


@require_GET
@staff("exporter")
def export(request: HttpRequest, actor: Actor, key: str, form: str) -> HttpResponse:
    """Answer with the list as a file, with the page's own filters."""
    spec = _spec(key)
    if form not in {"xlsx", "csv"}:
        raise NotHere
    columns, lines = exports.table(spec, listing.found(request, actor, spec))
    name = f"{key}-{clock.today().isoformat()}.{form}"
    if form == "csv":
        answer = HttpResponse(exports.as_csv(columns, lines), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(exports.as_xlsx(str(spec.title), columns, lines, actor.label), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
@staff()
def copy(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Show the list as plain text for a group chat, with the page's own filters."""
    spec = _spec(key)
    found = listing.found(request, actor, spec)
    total = found.count()
    text = copying.text_of_many(
        _("%(title)s %(n)d 件") % {"title": spec.title, "n": total}, found[:30], max(0, total - 30)
    )
    back = f"{reverse('desk:list', args=[key])}?{request.GET.urlencode()}"
    return render(request, "desk/copy.html", {"text": text, "title": _("复制到微信群"), "back": back})
