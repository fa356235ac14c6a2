"""Teams with their rosters and grants, partners, and the fund out of which grants are made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.affairs.volunteering import selectors, statements
from linli.affairs.volunteering.desk.running import access
from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.models import Partner, Team, TeamMember
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.process import SIGNUP
from linli.affairs.volunteering.services import grants, teams
from linli.affairs.volunteering.teamforms import FundForm, MemberForm, PartnerForm, TeamForm, fen
from linli.kernel import areas, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, exports
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.opening import opening
from linli.surfaces.parts.tables import Column

READERS = ("team_keeper", "grant_approver", "fund_keeper", "activity_organiser")


@require_GET
@staff(*READERS)
def registers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The teams and partners of this post's areas, and how the fund stands."""
    rules = policy.get(VolunteeringRules)
    rows = Team.objects.filter(actor.covering(), ended_on=None).order_by("area_code", "name")
    partners = Partner.objects.filter(actor.covering(), until=None).order_by("area_code", "name")
    code = next(iter(actor.area_codes), "")
    context = {
        "teams": [{"row": row, "kind": rules.teams.get(row.kind, row.kind)} for row in rows[:300]],
        "partners": [{"row": row, "kind": rules.partners.get(row.kind, row.kind)} for row in partners[:300]],
        "money": statements.money(code),
        "may_keep": has_duty(actor, "team_keeper"),
        "may_fund": has_duty(actor, "fund_keeper"),
    }
    return render(request, "volunteering/desk/registers.html", context)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, form: forms.Form, title: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "title": title, "key": request.POST.get("key") or acting.new_key()}
    return render(request, "volunteering/desk/register.html", context, status=status)


def _returned(request: HttpRequest, form: forms.Form, title: str, error: UserError) -> HttpResponse:
    form.add_error(error.field if error.field in form.fields else None, str(error))
    return _page(request, form, title, error.status)


@require_http_methods(["GET", "POST"])
@staff("team_keeper")
def new_team(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a team."""
    title, form = _("登记自治团队"), TeamForm(_sent(request), actor=actor)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, title, 422 if request.method == "POST" else 200)
    data = form.cleaned_data
    try:
        row = teams.found(
            actor=actor, community=areas.tree().by_code(data["area"]), name=data["name"], kind=data["kind"],
            purpose=data["purpose"], on=data["founded_on"],
        )  # fmt: skip
    except NotHere:
        raise
    except UserError as error:
        return _returned(request, form, title, error)
    messages.success(request, _("已登记“%(name)s”，可以加队员了。") % {"name": row.name})
    return HttpResponseRedirect(reverse("volunteering:team", args=[row.pk]))


@require_http_methods(["GET", "POST"])
@staff("team_keeper")
def new_partner(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a partner of 三社联动."""
    title, form = _("登记共建伙伴"), PartnerForm(_sent(request), actor=actor)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, title, 422 if request.method == "POST" else 200)
    data = form.cleaned_data
    try:
        row = teams.add_partner(
            actor=actor, community=areas.tree().by_code(data["area"]), name=data["name"], kind=data["kind"],
            does=data["does"],
        )  # fmt: skip
    except NotHere:
        raise
    except UserError as error:
        return _returned(request, form, title, error)
    messages.success(request, _("已登记“%(name)s”，发布活动时可以选它。") % {"name": row.name})
    return HttpResponseRedirect(reverse("volunteering:registers"))


@require_http_methods(["GET", "POST"])
@staff("fund_keeper")
def fund(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let a community grant more: an entry of the ledger, no payment."""
    title, form = _("社区自治金额度"), FundForm(_sent(request), actor=actor)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, title, 422 if request.method == "POST" else 200)
    data = form.cleaned_data
    key = f"{actor.post_id}:{request.POST.get('key', '')[:36]}"
    node = areas.tree().by_code(data["area"])
    grants.fund(actor=actor, community=node, amount=fen(data["yuan"]), source=data["source"], key=key)
    messages.success(request, _("已增加额度 %(n)s 元。") % {"n": data["yuan"]})
    return HttpResponseRedirect(reverse("volunteering:registers"))


@require_http_methods(["GET", "POST"])
@staff("team_keeper")
def new_grant(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a small grant on a team's behalf; somebody else grants it."""
    return opening(request, actor, GRANT, "ask", "volunteering/desk/grant.html", title=_("申请团队小额经费"))


def _team(actor: Actor, team_id: uuid.UUID) -> Team:
    row = Team.objects.filter(actor.covering(), pk=team_id).first()
    if row is None:
        raise NotHere
    return row


@require_http_methods(["GET", "POST"])
@staff("team_keeper", "activity_organiser")
def team(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    """One team: roster, grants; adding somebody."""
    row = _team(actor, team_id)
    form, status = MemberForm(_sent(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = teams.join(actor=actor, team=row, **form.cleaned_data)
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
                status = error.status
            else:
                messages.success(request, _("%(name)s 已加入。") % {"name": made.person.name})
                return HttpResponseRedirect(reverse("volunteering:team", args=[row.pk]))
    context = {
        "team": row,
        "kind": policy.get(VolunteeringRules).teams.get(row.kind, row.kind),
        "members": list(row.members.filter(until=None).select_related("person").order_by("part", "since")),
        "grants": [
            {"row": one, "stage": GRANT.stage(one.matter.stage).title, "granted": statements.yuan(one.granted_fen)}
            for one in row.grants.select_related("matter").order_by("-matter_id")[:20]
        ],
        "form": form,
        "may_keep": has_duty(actor, "team_keeper"),
    }
    return render(request, "volunteering/desk/team.html", context, status=status)


@require_POST
@staff("team_keeper")
def change_team(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the roster, or note that the team has dissolved."""
    row = _team(actor, team_id)
    if request.POST.get("do") == "end":
        teams.end(actor=actor, team=row)
        messages.success(request, _("已记为解散，经费和历史还在。"))
        return HttpResponseRedirect(reverse("volunteering:registers"))
    member = TeamMember.objects.filter(team=row, pk=_uuid(request.POST.get("member", ""))).first()
    if member is None:
        raise NotHere
    teams.leave(actor=actor, member=member)
    messages.success(request, _("已从名册上去掉。"))
    return HttpResponseRedirect(reverse("volunteering:team", args=[row.pk]))


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotHere from None


@require_POST
@staff("team_keeper")
def export_team(request: HttpRequest, actor: Actor, team_id: uuid.UUID) -> HttpResponse:
    """A team's roster as a file; the reason stands in each member's access log."""
    row = _team(actor, team_id)
    try:
        found = teams.take_roster(actor=actor, team=row, reason=request.POST.get("reason", ""))
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("volunteering:team", args=[row.pk]))
    columns = [
        Column(key="name", label=_("姓名")),
        Column(key="part", label=_("担任")),
        Column(key="since", label=_("加入")),
    ]
    lines = ([one.person.name, one.get_part_display(), one.since.isoformat()] for one in found)
    return _file(columns, lines, f"team-{row.pk.hex[-8:]}")


@require_POST
@staff("activity_organiser")
def export_signups(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Who takes part in an activity, as a file; the reason stands in each one's access log."""
    row = access(actor, number)
    rows = [one for one in selectors.roster(row) if one.matter.stage != "waiting"]
    try:
        teams.take_signups(actor=actor, rows=rows, reason=request.POST.get("reason", ""), code=row.matter.area_code)
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("volunteering:roster", args=[number]))
    columns = [
        Column(key=key, label=label)
        for key, label in (
            ("name", _("姓名")), ("stage", _("环节")), ("in", _("签到")), ("out", _("签退")), ("minutes", _("分钟")),
        )
    ]  # fmt: skip
    lines = (
        [one.person.name, SIGNUP.stage(one.matter.stage).title, one.in_at, one.out_at, one.minutes or one.claimed]
        for one in rows
    )
    return _file(columns, lines, number)


def _file(columns: list[Column], lines: Iterator[list[Any]], name: str) -> HttpResponse:
    response = HttpResponse(exports.as_csv(columns, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
