"""My own pages: the statement, a pick-up code, giving points away, titles, a statement for a bank."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.honor import accounts, codes, selectors
from linli.affairs.honor.models import Earning, Member
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import credit as crediting
from linli.affairs.honor.services import giving, members
from linli.affairs.honor.services import titles as titling
from linli.kernel import clock, ids, ledger, policy
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.ledger import Line
from linli.kernel.matters import perform
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.parts import shapes
from linli.surfaces.portal import tracking
from linli.surfaces.portal.views.me import signed_in

KINDS = {
    "earn": gettext_lazy("得分"),
    "earn_back": gettext_lazy("得分撤回"),
    "earn_again": gettext_lazy("申诉成立，得分恢复"),
    "deduct": gettext_lazy("按公约扣减"),
    "reserve": gettext_lazy("预约兑换，先留着"),
    "redeem": gettext_lazy("兑换"),
    "release": gettext_lazy("预约取消，退回可用"),
    "take_back": gettext_lazy("退还"),
    "gift": gettext_lazy("转赠"),
    "title": gettext_lazy("兑荣誉"),
    "lapse": gettext_lazy("到期"),
    "carry": gettext_lazy("旧系统结转"),
    "merge": gettext_lazy("两份档案合并"),
    "reversal": gettext_lazy("冲回"),
}
PAGE = 30
ALL = 10_000


MemberView = Callable[..., HttpResponse]


def members_only(view: MemberView) -> MemberView:
    """Open the page to a signed-in member; whoever has not joined yet is shown where to."""

    @wraps(view)
    def page(request: HttpRequest, **named: Any) -> HttpResponse:
        @signed_in
        def inner(request: HttpRequest, person: Person) -> HttpResponse:
            member = _speaks_for(request, person) or members.of_person(person.pk)
            if member is None:
                messages.info(request, _("先加入荣誉超市，就能看到自己的积分。"))
                return HttpResponseRedirect(reverse("portal:honor"))
            return view(request, person, member, **named)

        return inner(request)

    return page


def _speaks_for(request: HttpRequest, person: Person) -> Member | None:
    """Return the merchant or team of ``?as=`` that this person speaks for; ``None`` for themselves."""
    asked = request.GET.get("as", "")
    return next((one for one in members.shops_of(person.pk) if str(one.pk) == asked), None) if asked else None


def _said(lines: list[Line]) -> list[dict[str, Any]]:
    """Return the lines of a statement in words: what for, by which rule and version."""
    rules = policy.get(HonorRules).behaviours
    wanted = [line.transfer.subject_id for line in lines if line.transfer.subject_id and line.transfer.kind == "earn"]
    earned = {row.pk: row for row in Earning.objects.filter(pk__in=wanted)}
    rows = []
    for line in lines:
        earning = earned.get(line.transfer.subject_id) if line.transfer.subject_id else None
        rule = rules.get(earning.rule) if earning else None
        rows.append(
            {
                "at": line.posting.at,
                "what": KINDS.get(line.transfer.kind, line.transfer.kind),
                "rule": rule.title if rule else "",
                "version": earning.version if earning else "",
                "amount": line.posting.amount,
                "hold": line.posting.hold,
                "balance": line.posting.balance,
                "available": line.posting.balance - line.posting.held,
                "until": line.posting.expires_on,
            }
        )
    return rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@require_GET
@members_only
def statement(request: HttpRequest, _person: Person, member: Member) -> HttpResponse:
    """My points, line by line, with what is left until when; to take along as a file."""
    account = accounts.of_member(member)
    before, day = request.GET.get("before", ""), _day(request.GET.get("on", ""))
    found = ledger.statement(
        account, before=int(before) if before.isdecimal() else None, limit=PAGE,
        until=clock.at(day + timedelta(days=1), 0) if day else None,
    )  # fmt: skip
    context = {
        "member": member,
        "on": day,
        "then": found.closing,
        "balance": ledger.balance(account),
        "lots": ledger.lots(account),
        "rows": _said(list(found.lines)),
        "more": found.more,
        "as": request.GET.get("as", "") if member.organisation_id else "",
        "notices": [(one, tracking.path_of(one.matter)) for one in selectors.notices_of(member)],
        "recognitions": member.recognitions.order_by("-on"),
        "names": {**policy.get(HonorRules).commendations}
        | {code: title.title for code, title in policy.get(HonorRules).titles.items()}
        | {code: rule.title for code, rule in policy.get(HonorRules).behaviours.items()},
    }
    return render(request, "honor/portal/statement.html", context)


@require_GET
@members_only
def statement_csv(_request: HttpRequest, _person: Person, member: Member) -> HttpResponse:
    """My whole statement as a file for a spreadsheet."""
    found = ledger.statement(accounts.of_member(member), limit=ALL)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="points.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_("时间"), _("事项"), _("规则"), _("规则版本"), _("增减"), _("余额"), _("可用"), _("有效期至")])
    for row in _said(list(found.lines)):
        writer.writerow(
            [
                f"{clock.local(row['at']):%Y-%m-%d %H:%M}", row["what"], row["rule"], row["version"], row["amount"],
                row["balance"], row["available"], row["until"] or "",
            ]
        )  # fmt: skip
    return response


@require_http_methods(["GET", "POST"])
@members_only
def redemption(request: HttpRequest, person: Person, member: Member, number: str) -> HttpResponse:
    """My reservation with its code to show; saved or printed it works without a network."""
    row = selectors.redemptions_of(member).filter(matter__number=number).first()
    if row is None:
        raise NotHere
    if request.method == "POST":
        try:
            perform(actor=resident_actor(person), matter=row.matter, action="cancel")
            messages.success(request, _("已取消，积分退回可用。"))
        except UserError as error:
            messages.info(request, str(error))
        return HttpResponseRedirect(reverse("portal:honor-redemption", args=[number]))
    svg = segno.make(codes.address_of(number, row.pk), error="m").svg_inline(
        scale=4, omitsize=True, svgclass=None, lineclass=None
    )
    digits = codes.digits_of(row.pk)
    context = {
        "row": row,
        "matter": row.matter,
        "stage": REDEMPTION.stage(row.matter.stage),
        "due": tracking.by_when(row.matter.due_at) if row.matter.due_at else "",
        "qr": shapes.QrSlot(svg=svg, caption=_("给兑换点的人扫"), text=""),
        "digits": f"{digits[:4]} {digits[4:]}",
    }
    return render(request, "honor/portal/redemption.html", context)


def by_card(card: str) -> Member | None:
    """Return whose card this is, whether they still take part or not."""
    return Member.objects.filter(card=card.replace(" ", "")).first() if card else None


@require_http_methods(["GET", "POST"])
@members_only
def give_on(request: HttpRequest, person: Person, member: Member, number: str) -> HttpResponse:
    """Give something I reserved to somebody else: they have the code from now on."""
    row = selectors.redemptions_of(member).filter(matter__number=number, receiver=None, matter__is_open=True).first()
    if row is None:
        raise NotHere
    linked = members.linked_to(person.pk)
    error, status, card = "", 200, request.POST.get("card", "").strip()
    if request.method == "POST":
        receiver = next((one for one in linked if str(one.pk) == request.POST.get("linked")), None)
        try:
            given = receiver.card if receiver and receiver.card else card
            perform(actor=resident_actor(person), matter=row.matter, action="give_on", data={"card": given})
        except Invalid as refused:
            error, status = " ".join(str(one) for found in refused.errors.values() for one in found), refused.status
        except NotHere:
            raise
        except UserError as refused:
            error, status = str(refused), refused.status
        else:
            messages.success(request, _("已送出“%(what)s”，领取码到了对方那里。谢谢您。") % {"what": row.matter.title})
            return HttpResponseRedirect(reverse("portal:honor"))
    context = {"row": row, "linked": linked, "typed": {"card": card}, "error": error}
    return render(request, "honor/portal/give_on.html", context, status=status)


@require_http_methods(["GET", "POST"])
@members_only
def give(request: HttpRequest, person: Person, member: Member) -> HttpResponse:
    """Give points to a neighbour by the number on their card; only the two of us know."""
    typed = {name: request.POST.get(name, "").strip() for name in ("card", "points")}
    linked = members.linked_to(person.pk)
    error, field, status = "", "", 200
    if request.method == "POST":
        try:
            receiver = next((one for one in linked if str(one.pk) == request.POST.get("linked")), None) or by_card(
                typed["card"]
            )
            if receiver is None:
                raise UserError(_("没有这张卡，请核对对方卡上的数字。"), field="card")
            if not typed["points"].isdecimal():
                raise UserError(_("请填要转赠的积分，整数。"), field="points")
            key = f"{member.pk.hex}:{request.POST.get('key', '')[:36]}"
            giving.give(
                actor=resident_actor(person), giver=member, receiver=receiver, points=int(typed["points"]), key=key
            )
        except NotHere:
            raise
        except UserError as refused:
            error, field, status = str(refused), refused.field or "", refused.status
        else:
            messages.success(request, _("已转赠 %(points)s 分。谢谢您。") % {"points": typed["points"]})
            return HttpResponseRedirect(reverse("portal:honor-statement"))
    context = {
        "member": member, "balance": ledger.balance(accounts.of_member(member)), "typed": typed, "error": error,
        "field": field, "linked": linked, "cap": policy.get(HonorRules).gifts.per_day,
        "key": request.POST.get("key") or str(ids.uuid7()),
    }  # fmt: skip
    return render(request, "honor/portal/give.html", context, status=status)


@require_http_methods(["GET", "POST"])
@members_only
def titles(request: HttpRequest, person: Person, member: Member) -> HttpResponse:
    """Turn points into a title; shown to others only if I say so."""
    error, status = "", 200
    if request.method == "POST":
        try:
            code = request.POST.get("code", "")
            titling.take(
                actor=resident_actor(person), member=member, code=code, public=request.POST.get("public") == "1"
            )
        except NotHere:
            raise
        except UserError as refused:
            error, status = str(refused), refused.status
        else:
            messages.success(request, _("称号已记入您的荣誉簿。"))
            return HttpResponseRedirect(reverse("portal:honor-statement"))
    have = set(member.recognitions.values_list("code", flat=True))
    held = ledger.balance(accounts.of_member(member))
    context = {
        "member": member,
        "balance": held,
        "titles": [
            (code, title, code in have, max(0, title.points - held.available))
            for code, title in sorted(policy.get(HonorRules).titles.items(), key=lambda pair: pair[1].points)
        ],
        "error": error,
    }
    return render(request, "honor/portal/titles.html", context, status=status)


@require_http_methods(["GET", "POST"])
@members_only
def credit(request: HttpRequest, person: Person, member: Member) -> HttpResponse:
    """A signed statement for a bank: I consent, I carry it, the bank decides."""
    error, status = "", 200
    if request.method == "POST":
        try:
            made = crediting.issue(
                actor=resident_actor(person), member=member, bank=request.POST.get("bank", ""),
                consent=request.POST.get("consent") == "1",
            )  # fmt: skip
        except NotHere:
            raise
        except UserError as refused:
            error, status = str(refused), refused.status
        else:
            return HttpResponseRedirect(reverse("portal:honor-credit-statement", args=[made.pk]))
    context = {
        "member": member, "error": error, "bank": request.POST.get("bank", ""),
        "content": crediting.content_of(member), "made": member.statements.order_by("-at")[:10],
    }  # fmt: skip
    return render(request, "honor/portal/credit.html", context, status=status)
