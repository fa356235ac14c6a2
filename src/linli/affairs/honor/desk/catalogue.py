"""The catalogue with its photos, the shops, and merchants that join."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.honor import selectors
from linli.affairs.honor.models import Good, Shop
from linli.affairs.honor.services import catalogue, members
from linli.kernel import people
from linli.kernel.errors import NotHere, UserError
from linli.kernel.people import phones
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import has_duty, staff


class GoodForm(forms.ModelForm):  # type: ignore[type-arg] # not generic when it runs
    """A line of the catalogue and its photo."""

    photo = forms.FileField(
        label=gettext_lazy("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=gettext_lazy("上传后自动重新编码，去掉拍摄位置等信息，几秒后显示"),
    )  # fmt: skip

    class Meta:
        model = Good
        fields = catalogue.FIELDS
        help_texts = {
            "photo_says": gettext_lazy("照片上是什么，如：蓝色包装的香皂一块"),
            "per_person": gettext_lazy("0 为不限"),
            "per_household": gettext_lazy("0 为不限"),
            "window_days": gettext_lazy("0 为一直算，如 30 为每 30 天重新算"),
            "scarce": gettext_lazy("线上、柜台、送到家各留份额"),
        }


class ShopForm(forms.ModelForm):  # type: ignore[type-arg] # as above
    """A shop: where, when, whom to call."""

    area = forms.ChoiceField(label=gettext_lazy("所在社区（村）"))

    class Meta:
        model = Shop
        fields = ("name", "kind", "place", "hours", "phone", "active")

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(node.code, node.name) for node in selectors.communities_of(actor)]


class MerchantForm(forms.Form):
    """A merchant that joins, and who speaks for it."""

    name = forms.CharField(label=gettext_lazy("商户名称"), max_length=100)
    area = forms.ChoiceField(label=gettext_lazy("所在社区（村）"))
    contact = forms.CharField(label=gettext_lazy("负责人姓名"), max_length=25)
    phone = forms.CharField(label=gettext_lazy("负责人手机号"), max_length=20)

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(node.code, node.name) for node in selectors.communities_of(actor)]

    def clean_phone(self) -> str:
        """Return the number as stored."""
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except UserError as error:
            raise forms.ValidationError(str(error.message)) from error


@require_GET
@staff("market_manager", "shop_keeper")
def goods(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every line of the catalogue with its photo, and the shops of one's place."""
    shops = [shop for shop in Shop.objects.order_by("area_code", "name") if actor.covers(shop.area_code)]
    context = {
        "goods": Good.objects.order_by("-active", "name"),
        "shops": shops,
        "manages": has_duty(actor, "market_manager"),
    }
    return render(request, "honor/desk/goods.html", context)


@require_http_methods(["GET", "POST"])
@staff("market_manager")
def good(request: HttpRequest, actor: Actor, good_id: uuid.UUID | None = None) -> HttpResponse:
    """A new line of the catalogue, or a change of one."""
    row = Good.objects.filter(pk=good_id).first() if good_id else None
    if good_id and row is None:
        raise NotHere
    form = GoodForm(request.POST or None, request.FILES or None, instance=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in catalogue.FIELDS}
            try:
                catalogue.save_good(
                    actor=actor, given=given, good=Good.objects.filter(pk=good_id).first() if good_id else None,
                    photo=form.cleaned_data["photo"],
                )  # fmt: skip
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else "photo", str(error))
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("honor:goods"))
    return _page(request, form, _("兑换品：%(name)s") % {"name": row.name} if row else _("新的兑换品"), status)


@require_http_methods(["GET", "POST"])
@staff("market_manager")
def shop(request: HttpRequest, actor: Actor, shop_id: uuid.UUID | None = None) -> HttpResponse:
    """A new shop, or a change of one."""
    row = Shop.objects.filter(pk=shop_id).first() if shop_id else None
    if shop_id and (row is None or not actor.covers(row.area_code)):
        raise NotHere
    form = ShopForm(request.POST or None, actor=actor, instance=row, initial={"area": row.area_code if row else ""})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                catalogue.save_shop(
                    actor=actor, given=given, community=selectors.community_of(given["area"]),
                    shop=Shop.objects.filter(pk=shop_id).first() if shop_id else None,
                )  # fmt: skip
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("honor:goods"))
    return _page(request, form, _("兑换点：%(name)s") % {"name": row.name} if row else _("新的兑换点"), status)


@require_http_methods(["GET", "POST"])
@staff("shop_keeper")
def merchant(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let a merchant join, with a card of its own: it earns by its own rules."""
    form, status = MerchantForm(request.POST or None, actor=actor), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            node = selectors.community_of(given["area"])
            contact = people.ensure_by_phone(given["phone"], given["contact"])
            member = members.enrol_merchant(actor=actor, name=given["name"], contact=contact, community=node)
            number = members.give_card(actor=actor, member=member)
            messages.success(request, _("已加入，商户卡号 %(number)s，请写在卡上交给负责人。") % {"number": number})
            return HttpResponseRedirect(reverse("honor:counter"))
    return _page(request, form, _("商户加入"), status)


def _page(request: HttpRequest, form: forms.BaseForm, title: str, status: int) -> HttpResponse:
    context = {"form": form, "title": title, "name": "", "key": request.POST.get("key") or acting.new_key()}
    return render(request, "honor/desk/new.html", context, status=status)
