"""The desk's pages of drafts: which there are, and one drawn beside today's grids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.gridding import selectors, services
from linli.affairs.gridding.drawing import drawing
from linli.affairs.gridding.models import Draft, DraftGrid
from linli.affairs.gridding.policy import GridRules
from linli.kernel import policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff

Work = Callable[[HttpRequest, Actor, Draft], str]


@require_http_methods(["GET", "POST"])
@staff("grid_drawer")
def drafts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The drafts of these communities, and a new one."""
    choices = selectors.communities(actor)
    error, status = "", 200
    if request.method == "POST":
        chosen = next((n for n in choices if n.code == request.POST.get("community")), None)
        try:
            if chosen is None:
                raise UserError(_("请选择社区。"), field="community")
            draft = services.begin(actor=actor, community=chosen, title=request.POST.get("title", ""))
            return HttpResponseRedirect(reverse("gridding:draft", args=[draft.pk]))
        except NotHere:
            raise
        except UserError as refused:
            error, status = str(refused), 422
    names = {n.id: n.name for n in choices}
    rows = [(row, names.get(row.community_id, "")) for row in selectors.drafts(actor)[:200]]
    context = {"rows": rows, "choices": choices, "error": error, "typed": request.POST}
    return render(request, "gridding/drafts.html", context, status=status)


@require_GET
@staff("grid_drawer")
def draft(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """One draft: both maps, both tables, the buildings to be moved."""
    return _page(request, actor, selectors.access_draft(actor, draft_id))


def _page(request: HttpRequest, actor: Actor, row: Draft, error: str = "", status: int = 200) -> HttpResponse:
    both = selectors.compared(actor, row)
    by_grid = {line.key: [b for b in both.blocks if both.grid_of.get(b.id) == line.key] for line in both.draft}
    context = {
        "draft": row,
        "both": both,
        "now": drawing(both.community, both.blocks, both.today_of, both.today_cells),
        "then": drawing(both.community, both.blocks, both.draft_of, both.draft_cells),
        "groups": [(line, by_grid[line.key]) for line in both.draft],
        "rules": policy.get(GridRules),
        "open": row.state in (Draft.State.DRAWING, Draft.State.REFUSED),
        "error": error,
        "typed": request.POST,
        "chosen": request.POST.getlist("buildings"),
        "key": acting.new_key(),
    }
    return render(request, "gridding/draft.html", context, status=status)


@require_http_methods(["POST"])
@staff("grid_drawer")
def change(request: HttpRequest, actor: Actor, draft_id: UUID, what: str) -> HttpResponse:
    """Change a draft: move buildings, add, rename or drop a grid, propose; what was typed stays when it fails."""
    row = selectors.access_draft(actor, draft_id)
    work = WORKS.get(what)
    if work is None:
        raise NotHere
    try:
        messages.success(request, work(request, actor, row))
    except NotHere:
        raise
    except UserError as error:
        return _page(request, actor, row, str(error), error.status)
    return HttpResponseRedirect(reverse("gridding:draft", args=[row.pk]))


def _grid(request: HttpRequest, row: Draft) -> DraftGrid:
    number = request.POST.get("grid", "")
    found = row.grids.filter(number=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise UserError(_("请选择网格。"), field="grid")
    return found


def _move(request: HttpRequest, actor: Actor, row: Draft) -> str:
    try:
        chosen = [UUID(text) for text in request.POST.getlist("buildings")]
    except ValueError:
        raise UserError(_("楼幢的编号不对，请刷新后重选。"), field="buildings") from None
    grid = _grid(request, row)
    count = services.move(actor=actor, draft=row, buildings=chosen, grid=grid)
    return _("%(n)d 幢已移到“%(grid)s”。") % {"n": count, "grid": grid.name}


def _add(request: HttpRequest, actor: Actor, row: Draft) -> str:
    grid = services.add_grid(actor=actor, draft=row, name=request.POST.get("name", ""))
    return _("已加上“%(grid)s”，把楼幢移进去。") % {"grid": grid.name}


def _rename(request: HttpRequest, actor: Actor, row: Draft) -> str:
    services.rename_grid(actor=actor, draft=row, grid=_grid(request, row), name=request.POST.get("name", ""))
    return _("名称改好了。")


def _drop(request: HttpRequest, actor: Actor, row: Draft) -> str:
    grid = _grid(request, row)
    services.drop_grid(actor=actor, draft=row, grid=grid)
    return _("“%(grid)s”已从方案里去掉。") % {"grid": grid.name}


def _propose(request: HttpRequest, actor: Actor, row: Draft) -> str:
    try:
        day = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise UserError(_("请选生效日。"), field="on") from None
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise UserError(_("请写为什么要这样划。"), field="reason")
    key = request.POST.get("key", "")[:36]
    matter = services.propose(
        actor=actor, draft=row, on=day, reason=reason, key=f"{actor.post_id}:{key}" if key else None
    )
    return _("已提请审批 %(number)s；批准并到生效日之前，网格照旧。") % {"number": matter.number}


WORKS: dict[str, Work] = {"move": _move, "add": _add, "rename": _rename, "drop": _drop, "propose": _propose}
