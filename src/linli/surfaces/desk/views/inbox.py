"""What waits for this post: the inbox, the queues of one kind of step, and urging several at once."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import perform, process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, copying, registry, rows, shell
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.pages import back_to
from linli.surfaces.parts.paging import LongPaginator
from linli.surfaces.parts.shapes import Action, Empty
from linli.surfaces.parts.tables import Column, Filter, Table, filters_for, pages_for, sort_of, table_for

PAGE = 60
MOST = 50


@require_GET
@staff()
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what waits for this post, grouped by when it is due; kind and step narrow it."""
    waiting = shell.waiting(request, actor)
    found, known, step = selectors.inbox(actor), sum(waiting.values()), None
    bar = filters_for(request, _filters(waiting), found=None)
    chosen = {one.name: one.value for one in bar.filters}
    if ":" in chosen["step"]:
        kind, _colon, expected = chosen["step"].partition(":")
        step = (kind, expected)
        found, known = found.filter(kind=kind, expected=expected), waiting.get(step, 0)
    if chosen["urgent"]:
        found = found.filter(priority__gte=1)
    sort = sort_of(request, rows.SORTS, "due_at")
    if sort != "due_at":
        found = found.order_by(sort, "pk")
    if chosen["urgent"] or sort != "due_at":
        paginator = LongPaginator(found, PAGE)
    else:
        paginator = LongPaginator(found, PAGE, known=known, keys=partial(selectors.soonest, actor, step=step))
    page = paginator.get_page(request.GET.get("page"))
    matters = list(page.object_list)
    columns = [rows.NUMBER, *rows.COLUMNS[1:2], Column(key="step", label=_("要办")), *rows.COLUMNS[3:]]
    more = {m.pk: {"step": rows.step_word(m)} for m in matters}
    table = Table(
        caption=_("待办"),
        columns=columns,
        rows=rows.rows_of(matters, grouped=sort == "due_at", more=more),
        name="inbox",
        bulk=_bulk(actor),
        pages=pages_for(request, page) if page.has_other_pages() else None,
        empty=Empty(
            title=_("手头没有待办"),
            text=_("新的事一到就会出现在这里；要查已经办过的，请看登记簿。"),
            action=_("看登记簿"),
            url=reverse("desk:lists"),
            icon="check-check",
        ),
    )
    context = {
        "table": table_for(request, table, default_sort="due_at"),
        "filters": bar,
        "clerk": has_duty(actor, "intake_clerk"),
    }
    return render(request, "desk/inbox.html", context)


def _filters(waiting: dict[tuple[str, str], int]) -> list[Filter]:
    steps = []
    for (kind, expected), n in sorted(waiting.items()):
        process = process_of(kind)
        title = process.action(expected).title if process.has(expected) else process.title
        steps.append((f"{kind}:{expected}", f"{title}（{n}）"))
    return [
        Filter(name="step", label=_("要办的事"), options=steps),
        Filter(name="urgent", label=_("只看应急、加急"), kind="check"),
    ]


def _bulk(actor: Actor) -> list[Action]:
    if not has_duty(actor, "urger"):
        return []
    return [Action(label=_("催办"), url=reverse("desk:urge"), icon="bell")]


@require_GET
@staff()
def queues(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the queues this post has a duty for, with how many wait in each."""
    waiting = shell.waiting(request, actor)
    found = [
        (queue, sum(waiting.get(pair, 0) for pair in queue.expects) if queue.expects else None)
        for queue in sorted(registry.queues.values(), key=lambda q: q.order)
        if queue.open_to(actor)
    ]
    return render(request, "desk/queues.html", {"queues": found})


@require_GET
@staff()
def queue(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Show one queue: what waits for one kind of step, soonest due first."""
    spec = registry.queues.get(key)
    if spec is None or not spec.open_to(actor):
        raise NotHere
    if spec.rows is not None:
        found = spec.rows(actor).select_related("held_unit", "area")
    else:
        kinds = {kind for kind, _step in spec.expects}
        steps = {step for _kind, step in spec.expects}
        found = selectors.inbox(actor).filter(kind__in=kinds, expected__in=steps)
    page = LongPaginator(found, PAGE).get_page(request.GET.get("page"))
    matters = list(page.object_list)
    more = spec.cells(actor, matters) if spec.cells else None
    table = Table(
        caption=spec.title,
        columns=[*rows.COLUMNS[:2], *spec.extra, *rows.COLUMNS[2:]],
        name=f"queue-{key}",
        rows=rows.rows_of(matters, grouped=spec.rows is None, more=more),
        bulk=_bulk(actor),
        pages=pages_for(request, page) if page.has_other_pages() else None,
        empty=Empty(
            title=_("这个队列是空的"),
            text=_("有新的会自己出现，不用守着。"),
            action=_("回到待办"),
            url=reverse("desk:inbox"),
            icon="check-check",
        ),
    )
    context = {"queue": spec, "table": table_for(request, table), "first": matters[0] if matters else None}
    return render(request, "desk/queue.html", context)


@require_POST
@staff("urger")
def urge(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Urge whoever holds the ticked matters; says how many, and why not the others."""
    chosen = [_id(text) for text in request.POST.getlist("rows")[:MOST]]
    found = selectors.visible(actor, pk__in=[one for one in chosen if one], is_open=True)
    done, not_done = 0, []
    for matter in found:
        try:
            _urge(actor, matter)
            done += 1
        except UserError as error:
            not_done.append(_("%(number)s：%(why)s") % {"number": matter.number, "why": error.message})
    if done:
        messages.success(request, _("已催办 %(n)d 件，承办方的待办里会标出来。") % {"n": done})
    if not_done:
        messages.warning(request, _("%(n)d 件没有催成：%(why)s") % {"n": len(not_done), "why": "；".join(not_done[:5])})
    if not chosen:
        messages.info(request, _("请先勾选要催办的事项。"))
    return HttpResponseRedirect(back_to(request, "desk:inbox"))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _urge(actor: Actor, matter: Matter) -> None:
    if not process_of(matter.kind).has("urge"):
        raise UserError(_("这类事项不用催办"))
    perform(actor=actor, matter=matter, action="urge", key=f"{actor.post_id}:{acting.new_key()}")


@require_GET
@staff()
def copy(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the inbox as plain text for a group chat."""
    found = selectors.inbox(actor)
    total = found.count()
    text = copying.text_of_many(_("待办 %(n)d 件") % {"n": total}, found[:30], max(0, total - 30))
    return render(request, "desk/copy.html", {"text": text, "title": _("复制到微信群"), "back": reverse("desk:inbox")})


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act through another of one's posts from now on."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    chosen = _id(request.POST.get("post", ""))
    if chosen is None:
        raise NotHere
    actor = session.choose(request, chosen)
    messages.info(request, _("现在以“%(post)s”的岗位工作。") % {"post": actor.label})
    return redirect("desk:inbox")
