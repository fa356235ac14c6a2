"""The market's first page, a good's page, joining."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Good, Member, Redemption
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import drawing, members
from linli.kernel import areas, ids, ledger
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.people.models import Person
from linli.kernel.posts import session
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.portal import places
from linli.surfaces.portal.views.me import signed_in

NEAR = 4


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My points and what waits for me, if this device is known; the shelf near me; the ways to everything else."""
    person_id = session.person_id(request)
    member = members.of_person(person_id) if person_id else None
    here = places.remembered(request)
    code = member.area_code if member else here.code if here else ""
    shops = selectors.shops_for(code)
    near = shops[:NEAR]
    context = {
        "person": person_id,
        "member": member,
        "balance": ledger.balance(accounts.of_member(member)) if member else None,
        "lapse": ledger.next_lapse(accounts.of_member(member)) if member else None,
        "waiting": list(selectors.redemptions_of(member).filter(matter__is_open=True)) if member else [],
        "businesses": members.shops_of(person_id) if person_id else [],
        "lines": selectors.shelf(near),
        "shops": shops,
        "here": here,
        "code": code[:12],
    }
    return render(request, "honor/portal/home.html", context)


@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Take part, at the place this device last chose; one press for whoever is signed in."""
    return _join(request)


@signed_in
def _join(request: HttpRequest, person: Person) -> HttpResponse:
    here = places.remembered(request)
    tree = areas.tree()
    node = next((n for n in (here, *tree.ancestors(here)) if n.level == Level.COMMUNITY), None) if here else None
    if node is None:
        messages.info(request, _("先选您住的社区，再回来加入。"))
        return HttpResponseRedirect(reverse("portal:helper"))
    members.join(actor=resident_actor(person), person=person, community=node)
    messages.success(request, _("已加入荣誉超市（%(name)s）。") % {"name": node.name})
    return HttpResponseRedirect(reverse("portal:honor"))


@require_http_methods(["GET", "POST"])
def good(request: HttpRequest, good_id: uuid.UUID) -> HttpResponse:
    """One good: where it stands, what it takes, what the limits are; and reserving it."""
    row = Good.objects.filter(pk=good_id, active=True).first()
    if row is None:
        raise NotHere
    if request.method == "POST":
        return _reserve(request, row)
    return _page(request, row, {})


def _reserve(request: HttpRequest, row: Good) -> HttpResponse:
    person_id = session.person_id(request)
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    if person is None:
        return HttpResponseRedirect(f"{reverse('portal:enter')}?next={request.path}")
    typed = {name: request.POST.get(name, "") for name in ("shop", "pieces", "way")}
    key = request.POST.get("key", "")[:36]
    try:
        if row.by_lot and typed["way"] != Redemption.Way.HOME:
            return _enter(request, person, row, typed)
        outcome = perform(
            actor=resident_actor(person),
            process=REDEMPTION,
            action="reserve",
            data={**typed, "good": str(row.pk)},
            key=f"h:{person.pk.hex}:{key}" if key else None,
        )
    except UserError as error:
        return _page(request, row, typed, str(error), error.status)
    messages.success(request, _("已给您留着，凭下面的领取码来领。"))
    return HttpResponseRedirect(reverse("portal:honor-redemption", args=[outcome.matter.number]))


def _enter(request: HttpRequest, person: Person, row: Good, typed: dict[str, str]) -> HttpResponse:
    member = members.of_person(person.pk)
    shop = next((one for one in selectors.shops_for("") if str(one.pk) == typed["shop"]), None)
    if member is None or shop is None or not typed["pieces"].isdecimal():
        raise UserError(_("请先加入荣誉超市，选好在哪里领、要几件。"))
    drawing.enter(actor=resident_actor(person), member=member, good=row, shop=shop, pieces=int(typed["pieces"]))
    messages.success(request, _("已登记抽签，开签后抽中的会直接给您留着。"))
    return HttpResponseRedirect(reverse("portal:honor-good", args=[row.pk]))


def _page(request: HttpRequest, row: Good, typed: dict[str, str], error: str = "", status: int = 200) -> HttpResponse:
    person_id = session.person_id(request)
    member: Member | None = members.of_person(person_id) if person_id else None
    shops = selectors.shops_for(member.area_code if member else "")
    lines = selectors.shelf(shops, row)
    context = {
        "good": row,
        "member": member,
        "person": person_id,
        "balance": ledger.balance(accounts.of_member(member)) if member else None,
        "lines": lines,
        "typed": typed,
        "ticket": row.tickets.filter(member=member).first() if member and row.by_lot else None,
        "entries": row.tickets.count() if row.by_lot else 0,
        "error": error,
        "key": request.POST.get("key") or str(ids.uuid7()),
    }
    return render(request, "honor/portal/good.html", context, status=status)
