"""Who holds what: units, posts, A and B holders, leave; appointing and leaving for whoever keeps posts."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts import selectors, services
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.events import may_manage
from linli.kernel.posts.models import Holding, Leave, Post, PostArea, Unit
from linli.surfaces.desk import staffforms
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.acting import carried_out
from linli.surfaces.desk.pages import back_to
from linli.surfaces.desk.views.units import may_change


@require_GET
@staff()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """List the units in use, with how many posts each has."""
    text = request.GET.get("q", "").strip()
    units = Unit.objects.filter(active=True).annotate(n=Count("posts", filter=Q(posts__active=True)))
    if text:
        units = units.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
    order = list(Unit.Kind.values)
    rows = sorted(units, key=lambda u: (order.index(u.kind), u.name))
    return render(request, "desk/units.html", {"units": rows, "q": text})


@require_http_methods(["GET", "POST"])
@staff()
def unit(request: HttpRequest, actor: Actor, unit_id: uuid.UUID) -> HttpResponse:
    """Show one unit: its posts and who is responsible for each now; whoever keeps posts may add one."""
    found = Unit.objects.filter(pk=unit_id).select_related("merged_into").first()
    if found is None:
        raise NotHere
    keeps = found.active and may_change(actor, found)
    form = staffforms.PostForm(request.POST or None, unit=found) if keeps else None
    if request.method == "POST":
        if form is None:
            raise NotHere
        if form.is_valid() and carried_out(
            form, lambda: services.open_post(actor=actor, unit=found, **form.cleaned_data)
        ):
            messages.success(request, _("岗位已设好，接下来任命A岗和B岗。"))
            return HttpResponseRedirect(reverse("desk:unit", args=[unit_id]))
    posts = list(selectors.posts_of_unit(found))
    lines = selectors.responsible([post.pk for post in posts])
    rows = [(post, policy.post_title(post.kind), lines.get(post.pk)) for post in posts]
    on_duty = selectors.on_duty(found)
    context = {"unit": found, "rows": rows, "form": form, "on_duty": on_duty, "may_change": keeps}
    return render(request, "desk/unit.html", context, status=422 if form is not None and form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff()
def post(request: HttpRequest, actor: Actor, post_id: uuid.UUID) -> HttpResponse:
    """Show one post: its duties and areas, who holds it and held it; whoever keeps posts may appoint."""
    found = Post.objects.filter(pk=post_id).select_related("unit").first()
    if found is None:
        raise NotHere
    keeps = services.may_appoint(actor, found)
    form = staffforms.AppointForm(request.POST or None) if keeps else None
    if request.method == "POST":
        if form is None:
            raise NotHere
        if form.is_valid() and carried_out(form, lambda: _appoint(actor, found, form)):
            messages.success(request, _("已任命，从现在起由任岗人以这个岗位办理。"))
            return HttpResponseRedirect(reverse("desk:post", args=[post_id]))
    holdings = list(
        Holding.objects.filter(post=found).select_related("person__account").order_by("part", "-valid_from")
    )
    now = clock.now()
    leaves = Leave.objects.filter(person__in=[h.person_id for h in holdings], ends_at__gt=now).order_by("starts_at")
    context = {
        "post": found,
        "kind": policy.post_title(found.kind),
        "duties": sorted(policy.duty_title(duty) for duty in policy.duties_of(found.kind)),
        "areas": _areas(found),
        "current": [h for h in holdings if h.valid_to is None or h.valid_to > now],
        "past": [h for h in holdings if h.valid_to is not None and h.valid_to <= now],
        "leaves": leaves,
        "active": selectors.active_holder(found),
        "keeps": keeps,
        "form": form,
        "username": request.GET.get("username", ""),
        "reason": request.GET.get("reason", ""),
        "second": _with_second_factor(holdings) if keeps else set(),
        "own": [h for h in holdings if h.person_id == actor.person_id and h.valid_to is None],
        "leave_form": staffforms.LeaveForm(),
        "may_leave": actor.may_write and may_manage.ask(actor=actor, act="leave", unit=found.unit),
    }
    return render(request, "desk/post.html", context, status=422 if form is not None and form.errors else 200)


def _with_second_factor(holdings: list[Holding]) -> set[uuid.UUID]:
    """Return the persons among these who have set up a second factor."""
    persons = [h.person_id for h in holdings if h.valid_to is None]
    return set(Authenticator.objects.filter(user__person__in=persons).values_list("user__person", flat=True))


def _appoint(actor: Actor, found: Post, form: staffforms.AppointForm) -> None:
    services.appoint(actor=actor, person=form.person(), post=found, part=form.cleaned_data["part"])


def _areas(found: Post) -> list[str]:
    from linli.kernel import areas

    tree = areas.tree()
    lines = PostArea.objects.filter(post=found, valid_to=None).values_list("area_id", flat=True)
    nodes = [node for area in lines if (node := tree.find_id(area))]
    home = tree.find_id(found.unit.area_id)
    return [tree.label(node) for node in nodes or ([home] if home else [])]


@require_POST
@staff()
def leave_post(request: HttpRequest, actor: Actor, holding_id: uuid.UUID) -> HttpResponse:
    """End somebody's holding; open matters never stay with nobody."""
    holding = Holding.objects.filter(pk=holding_id).select_related("post__unit").first()
    if holding is None:
        raise NotHere
    services.leave_post(actor=actor, holding=holding)
    messages.success(request, _("已办离岗。"))
    return HttpResponseRedirect(reverse("desk:post", args=[holding.post_id]))


@require_POST
@staff()
def account(request: HttpRequest, actor: Actor, holding_id: uuid.UUID) -> HttpResponse:
    """Open an account for a holder, or renew its password; the password is on this answer only."""
    holding = Holding.objects.filter(pk=holding_id).select_related("post__unit", "person").first()
    if holding is None:
        raise NotHere
    name = request.POST.get("username", "")
    try:
        if name:
            given = services.open_account(actor=actor, holding=holding, username=name)
        else:
            given = services.renew_password(actor=actor, holding=holding)
    except UserError as error:
        if error.status == 403:
            raise
        messages.error(request, str(error.message))
        return HttpResponseRedirect(f"{reverse('desk:post', args=[holding.post_id])}?username={quote(name)}")
    answer = render(request, "desk/account.html", {"given": given, "holding": holding, "sign_in": _sign_in(request)})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@staff()
def second_factor(request: HttpRequest, actor: Actor, holding_id: uuid.UUID) -> HttpResponse:
    """Take a lost second factor away, with a reason that the auditor reads."""
    holding = Holding.objects.filter(pk=holding_id).select_related("post__unit", "person").first()
    if holding is None:
        raise NotHere
    reason = request.POST.get("reason", "")
    back = reverse("desk:post", args=[holding.post_id])
    try:
        services.remove_second_factor(actor=actor, holding=holding, reason=reason)
    except UserError as error:
        if error.status == 403:
            raise
        messages.error(request, str(error.message))
        return HttpResponseRedirect(f"{back}?reason={quote(reason)}")
    messages.success(request, _("已解除两步验证，此人在各处的登录也已结束；请他登录后马上重新设一个。"))
    return HttpResponseRedirect(back)


def _sign_in(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("account_login"))


@require_POST
@staff()
def take_leave(request: HttpRequest, actor: Actor, holding_id: uuid.UUID) -> HttpResponse:
    """Note a leave: the B post acts meanwhile, by itself; says which posts would have nobody."""
    holding = Holding.objects.filter(pk=holding_id).select_related("person").first()
    if holding is None:
        raise NotHere
    form = staffforms.LeaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填好休假的开始和结束时间。"))
        return HttpResponseRedirect(back_to(request, "desk:post", holding.post_id))
    span = form.cleaned_data
    services.take_leave(actor=actor, person=holding.person, **span)
    alone = selectors.without_cover(holding.person, span["starts_at"], span["ends_at"])
    messages.success(request, _("休假已登记，期间由B岗办理，不用逐件移交。"))
    if alone:
        names = "、".join(post.title for post in alone)
        messages.warning(request, _("这些岗位没有B岗可顶：%(posts)s。请先任命，或排上值班。") % {"posts": names})
    return HttpResponseRedirect(reverse("desk:post", args=[holding.post_id]))


@require_POST
@staff()
def end_leave(request: HttpRequest, actor: Actor, leave_id: uuid.UUID) -> HttpResponse:
    """Come back early (销假)."""
    leave = Leave.objects.filter(pk=leave_id).first()
    if leave is None:
        raise NotHere
    services.end_leave(actor=actor, leave=leave)
    messages.success(request, _("已销假。"))
    return HttpResponseRedirect(back_to(request, "desk:posts"))
