"""Paper counts the same: cards for whoever has no phone, points entered from a sheet; and a community's budget."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.affairs.honor.forms import CardField
from linli.affairs.honor.models import Member
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import budgets, earning, members, noticing
from linli.kernel import areas, people, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere, UserError
from linli.kernel.people import phones
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff


class JoinForm(forms.Form):
    """Who gets a card; without a phone the name is enough, because they stand at the counter."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=25)
    phone = forms.CharField(label=gettext_lazy("手机号（没有可不填）"), max_length=20, required=False)
    area = forms.ChoiceField(label=gettext_lazy("所在社区"))

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        nodes = [n for n in areas.tree().of_level(Level.COMMUNITY) if actor.covers(n.code)]
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(n.code, n.name) for n in nodes]

    def clean_phone(self) -> str:
        """Return the number as stored, or nothing."""
        text = self.cleaned_data["phone"]
        try:
            return phones.normalise(text) if text else ""
        except UserError as error:
            raise forms.ValidationError(str(error.message)) from error


class EarnForm(forms.Form):
    """Points from a signature sheet: whose card, for what."""

    card = CardField()
    rule = forms.ChoiceField(label=gettext_lazy("做了什么"))
    reason = forms.CharField(label=gettext_lazy("不确认的理由（确认不用填）"), max_length=300, required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        rules = policy.get(HonorRules).behaviours
        field.choices = [
            (code, _("%(title)s（%(points)d 分）") % {"title": rule.title, "points": rule.points})
            for code, rule in rules.items()
            if rule.confirmed_by == "points_confirmer"
        ]


class BudgetForm(forms.Form):
    """How much more a community may give out."""

    area = forms.ChoiceField(label=gettext_lazy("社区"))
    points = forms.IntegerField(label=gettext_lazy("增加的积分额度"), min_value=1, max_value=budgets.MOST)

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        nodes = [n for n in areas.tree().of_level(Level.COMMUNITY) if actor.covers(n.code)]
        field.choices = [(n.code, n.name) for n in nodes]


def _page(
    request: HttpRequest, form: forms.Form, title: str, hint: str, status: int = 200, *, refusable: bool = False
) -> HttpResponse:
    context = {
        "form": form, "title": title, "hint": hint, "name": "", "refusable": refusable,
        "key": request.POST.get("key") or acting.new_key(),
    }  # fmt: skip
    return render(request, "honor/desk/new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff("shop_keeper")
def card(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Join somebody at the counter and print their card's number."""
    form = JoinForm(request.POST or None, actor=actor)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            person = (
                people.ensure_by_phone(given["phone"], given["name"])
                if given["phone"]
                else people.create(actor=actor, name=given["name"])
            )
            member = members.join(actor=actor, person=person, community=areas.tree().by_code(given["area"]))
            number = members.give_card(actor=actor, member=member)
            messages.success(request, _("卡已办好，卡号 %(number)s，请写在卡上交给本人。") % {"number": number})
            return HttpResponseRedirect(reverse("honor:counter"))
        status = 422
    return _page(request, form, _("办一张纸质卡"), _("没有手机也一样用；卡丢了再办一张，旧卡即作废。"), status)


@require_http_methods(["GET", "POST"])
@staff("points_confirmer")
def earn(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter points from a signature sheet; nobody confirms their own."""
    form = EarnForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            member, rule = form.cleaned_data["card"], form.cleaned_data["rule"]
            if not actor.covers(member.area_code):
                raise NotHere
            try:
                said = _settle(request, actor, member, rule, form.cleaned_data["reason"])
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else "rule", str(error))
            else:
                messages.success(request, said)
                return HttpResponseRedirect(reverse("honor:earn"))
    return _page(
        request, form, _("记分"), _("按签到表或现场所见逐人登记；自己的请另一位同事记。"), status, refusable=True
    )


def _settle(request: HttpRequest, actor: Actor, member: Member, rule: str, reason: str) -> str:
    """Confirm what was done, or refuse it with a reason that its owner reads; return what to say."""
    key = f"sheet:{actor.post_id}:{request.POST.get('key', '')[:36]}"
    if "refuse" not in request.POST:
        done = earning.earn(actor=actor, member=member, rule=rule, key=key)
        return _("已记 %(points)d 分。") % {"points": done.earning.points}
    if not reason.strip():
        raise UserError(_("不确认的，请写明理由，本人看得到、可以申诉。"), field="reason")
    points = policy.get(HonorRules).behaviours[rule].points
    told = noticing.refuse(actor=actor, member=member, rule=rule, points=points, reason=reason, key=key)
    return _("已告知本人（%(number)s），可以申诉。") % {"number": told.matter.number}


@require_http_methods(["GET", "POST"])
@staff("honor_budgeter")
def budget(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Grant a community points to give out."""
    form = BudgetForm(request.POST or None, actor=actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            node = areas.tree().by_code(form.cleaned_data["area"])
            key = f"{actor.post_id}:{request.POST.get('key', '')[:36]}"
            budgets.grant(actor=actor, community=node, points=form.cleaned_data["points"], key=key)
            messages.success(request, _("已给%(name)s增加额度。") % {"name": node.name})
            return HttpResponseRedirect(reverse("honor:budget"))
    return _page(request, form, _("积分额度"), _("社区发出去的积分是欠居民的账，总额以这里核定的为限。"), status)
