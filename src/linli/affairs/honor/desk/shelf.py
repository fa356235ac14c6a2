"""The shelf of a shop: what stands there, new goods in, counting, bringing to another shop, throwing out."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Batch, Good, Redemption, Shop
from linli.affairs.honor.services import drawing, stock
from linli.kernel import clock, ledger
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff


class PutInForm(forms.Form):
    """A new batch; for scarce goods the shares of those who reserve online and of those it is brought to."""

    good = forms.ModelChoiceField(Good.objects.filter(active=True), label=gettext_lazy("兑换品"))
    pieces = forms.IntegerField(label=gettext_lazy("件数"), min_value=1, max_value=1_000_000)
    use_by = forms.DateField(label=gettext_lazy("保质期至"), required=False, widget=DayInput())
    online = forms.IntegerField(label=gettext_lazy("其中线上份额（紧缺物资）"), min_value=0, required=False)
    home = forms.IntegerField(label=gettext_lazy("其中送到家份额（紧缺物资）"), min_value=0, required=False)
    draw_at = forms.DateTimeField(
        label=gettext_lazy("线上份额抽签时间（不抽签不填）"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip


class CountForm(forms.Form):
    """What was counted, or what goes to another shop."""

    counted = forms.IntegerField(label=gettext_lazy("实点件数（含已预约未领的）"), min_value=0, required=False)
    reason = forms.CharField(label=gettext_lazy("不一样的原因"), max_length=120, required=False)
    target = forms.ModelChoiceField(Shop.objects.filter(active=True), label=gettext_lazy("调拨到"), required=False)
    source_way = forms.ChoiceField(label=gettext_lazy("从哪一份调出"), required=False)
    target_way = forms.ChoiceField(label=gettext_lazy("调到哪一份"), required=False)
    pieces = forms.IntegerField(label=gettext_lazy("调拨件数"), min_value=1, required=False)

    def __init__(self, data: Any = None, *, scarce: bool, **options: Any) -> None:
        super().__init__(data, **options)
        for name in ("source_way", "target_way"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("", "—"), *Redemption.Way.choices]
            if not scarce:
                del self.fields[name]


@require_GET
@staff("shop_keeper")
def shelf(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What stands in this keeper's shops, with what is set aside and whose day comes first."""
    shops = selectors.kept_by(actor)
    lines = selectors.shelf(shops)
    context = {"shops": [(shop, [one for one in lines if one.shop.pk == shop.pk]) for shop in shops]}
    return render(request, "honor/desk/shelf.html", {**context, "today": clock.today()})


@require_http_methods(["GET", "POST"])
@staff("shop_keeper")
def put_in(request: HttpRequest, actor: Actor, shop_id: uuid.UUID) -> HttpResponse:
    """Put a new batch onto the shelf."""
    shop = selectors.access_shop(actor, shop_id)
    form = PutInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                _put_in(actor, shop, given)
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("已上架。"))
                return HttpResponseRedirect(reverse("honor:shelf"))
    return _page(request, form, _("上架：%(shop)s") % {"shop": shop.name}, status)


@transaction.atomic
def _put_in(actor: Actor, shop: Shop, given: dict[str, Any]) -> None:
    """Put the batch onto the shelf and, where its online share is drawn, say when; both or neither."""
    good = given["good"]
    shares = {"online": given["online"] or 0, "home": given["home"] or 0} if good.scarce else {}
    stock.put_in(actor=actor, shop=shop, good=good, pieces=given["pieces"], use_by=given["use_by"], shares=shares)
    if given["draw_at"]:
        drawing.announce(actor=actor, good=good, draw_at=given["draw_at"])


@require_http_methods(["GET", "POST"])
@staff("shop_keeper")
def batch(request: HttpRequest, actor: Actor, shop_id: uuid.UUID, stock_id: uuid.UUID) -> HttpResponse:
    """Count one batch, bring some of it elsewhere, or take it off when its day is over."""
    shop = selectors.access_shop(actor, shop_id)
    row = Batch.objects.filter(pk=stock_id).select_related("good").first()
    if row is None:
        raise NotHere
    form = CountForm(request.POST or None, scarce=row.good.scarce)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = _do(request, actor, shop, row, form.cleaned_data)
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, said)
                return HttpResponseRedirect(reverse("honor:shelf"))
    title = _title(row, shop)
    past = row.use_by is not None and row.use_by < clock.today()
    return _page(request, form, title, status, past=past)


def _title(row: Batch, shop: Shop) -> str:
    """Return what the books say of a batch; of a scarce good, by share."""
    if not row.good.scarce:
        held = ledger.balance(accounts.on_shelf(accounts.SHELF, row, shop.pk))
        return _("%(good)s：账上 %(n)d %(piece)s，其中已预约 %(held)d") % {
            "good": row.good.name, "n": held.balance, "piece": row.good.piece, "held": held.held,
        }  # fmt: skip
    shares = {way: ledger.balance(accounts.on_shelf(kind, row, shop.pk)) for way, kind in stock.SHELF_OF.items()}
    told = "，".join(f"{Redemption.Way(way).label} {held.available}" for way, held in shares.items())
    return _("%(good)s：还可领 %(shares)s") % {"good": row.good.name, "shares": told}


def _do(request: HttpRequest, actor: Actor, shop: Shop, row: Batch, given: dict[str, Any]) -> str:
    key = f"{actor.post_id}:{request.POST.get('key', '')[:36]}"
    if "throw" in request.POST:
        return _("已下架报损 %(n)d 件。") % {"n": stock.throw_out(actor=actor, batch=row, shop=shop)}
    ways = given.get("source_way"), given.get("target_way")
    if all(ways):
        stock.share_out(
            actor=actor, batch=row, shop=shop, source=str(ways[0]), target=str(ways[1]), pieces=given["pieces"] or 0,
            key=key,
        )  # fmt: skip
        return _("已在份额之间调整。")
    if given["target"] is not None:
        stock.move_on(actor=actor, batch=row, source=shop, target=given["target"], pieces=given["pieces"] or 0, key=key)
        return _("已调拨。")
    if given["counted"] is None:
        raise UserError(_("请填实点件数，或选调拨到哪里。"), field="counted")
    gone = stock.take_stock(
        actor=actor, batch=row, shop=shop, counted=given["counted"], reason=given["reason"], key=key
    )
    return _("盘点完成，差异 %(n)d 件。") % {"n": gone}


def _page(request: HttpRequest, form: forms.Form, title: str, status: int, *, past: bool = False) -> HttpResponse:
    context = {
        "form": form, "title": title, "past": past, "name": "shelf",
        "key": request.POST.get("key") or acting.new_key(),
    }  # fmt: skip
    return render(request, "honor/desk/new.html", context, status=status)
