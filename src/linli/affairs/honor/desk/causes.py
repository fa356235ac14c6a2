"""Causes of one's own community and the households they help; and noting who looks after which household."""

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
from django.views.decorators.http import require_http_methods

from linli.affairs.honor import selectors
from linli.affairs.honor.forms import CardField
from linli.affairs.honor.services import giving, members
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff


class CauseForm(forms.Form):
    """A cause: whose, called what, for what, until when."""

    area = forms.ChoiceField(label=gettext_lazy("社区（村）"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    purpose = forms.CharField(label=gettext_lazy("用来做什么"), max_length=200)
    until = forms.DateField(label=gettext_lazy("收到哪天为止（不填为长期）"), required=False, widget=DayInput())

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(node.code, node.name) for node in selectors.communities_of(actor)]


class PassForm(forms.Form):
    """To which helped household, how many points, why."""

    card = CardField(label=gettext_lazy("帮扶户的卡号"))
    points = forms.IntegerField(label=gettext_lazy("积分"), min_value=1, max_value=100_000)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=120)


class LinkForm(forms.Form):
    """A household that is helped, and the cadre who looks after it."""

    card = CardField(label=gettext_lazy("帮扶户的卡号"))
    helper = CardField(label=gettext_lazy("挂联干部的卡号（没有不填）"), required=False)
    consent = forms.BooleanField(label=gettext_lazy("这一户同意"), required=False)


@require_http_methods(["GET", "POST"])
@staff("market_manager")
def causes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The causes of one's place, and a new one."""
    form, status = CauseForm(request.POST or None, actor=actor), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                giving.open_cause(actor=actor, community=selectors.community_of(given.pop("area")), **given)
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("已发起，居民在荣誉超市看得到。"))
                return HttpResponseRedirect(reverse("honor:causes"))
    baskets = [one for one in selectors.causes() if actor.covers(one.cause.area_code)]
    return _page(request, form, _("爱心池"), "", status, "honor/desk/causes.html", baskets=baskets)


@require_http_methods(["GET", "POST"])
@staff("market_manager")
def pass_on(request: HttpRequest, actor: Actor, cause_id: uuid.UUID) -> HttpResponse:
    """Bring points of a cause to a household."""
    basket = next((one for one in selectors.causes() if one.cause.pk == cause_id), None)
    if basket is None or not actor.covers(basket.cause.area_code):
        raise NotHere
    form, status = PassForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                giving.pass_on(
                    actor=actor, cause=basket.cause, receiver=given["card"], points=given["points"],
                    reason=given["reason"], key=f"{actor.post_id}:{request.POST.get('key', '')[:36]}",
                )  # fmt: skip
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("已转给这一户。"))
                return HttpResponseRedirect(reverse("honor:causes"))
    title = _("%(title)s：池里 %(left)d 分") % {"title": basket.cause.title, "left": basket.left}
    return _page(request, form, title, _("只给登记的帮扶户；账上记着理由和经手岗位，不公开收的人。"), status)


@require_http_methods(["GET", "POST"])
@staff("market_manager")
def link(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Note a helped household and its cadre, with the household's consent."""
    form, status = LinkForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                members.link(actor=actor, member=given["card"], helper=given["helper"], consent=given["consent"])
            except NotHere:
                form.add_error("card", _("这位成员不在您的辖区。"))
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("已登记挂联。"))
                return HttpResponseRedirect(reverse("honor:causes"))
    return _page(request, form, _("登记帮扶户"), _("征得这一户同意；送多少、送不送由干部自愿，不进考核。"), status)


def _page(
    request: HttpRequest, form: forms.Form, title: str, hint: str, status: int,
    template: str = "honor/desk/new.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "title": title, "hint": hint, "name": "", "key": request.POST.get("key") or acting.new_key(),
    }  # fmt: skip
    return render(request, template, context | more, status=status)
