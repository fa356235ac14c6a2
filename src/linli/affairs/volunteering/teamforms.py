"""What the registers of teams, partners and small grants ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.models import Outlay, Team, TeamMember
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Level
from linli.kernel.errors import UserError
from linli.kernel.matters import ActionForm, UUIDListField
from linli.kernel.matters.forms import DayInput, words
from linli.kernel.people import phones


def yuan(label: Any, **options: Any) -> forms.DecimalField:
    """Return a field for an amount of money in yuan."""
    return forms.DecimalField(label=label, min_value=Decimal("0.01"), max_digits=10, decimal_places=2, **options)


def fen(amount: Decimal) -> int:
    """Return yuan as fen."""
    return int(amount * 100)


class _OfAPlace(forms.Form):
    """Something of one of the actor's communities."""

    area = forms.ChoiceField(label=_("社区"))

    def __init__(self, data: Any = None, *, actor: Any, **options: Any) -> None:
        super().__init__(data, **options)
        nodes = [n for n in areas.tree().of_level(Level.COMMUNITY) if actor.covers(n.code)]
        _fill(self, "area", [(n.code, n.name) for n in nodes])


def _fill(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
    field.choices = list(choices)


class TeamForm(_OfAPlace):
    """A new team: its kind, name, purpose, and the day it began."""

    name = forms.CharField(label=_("团队名称"), max_length=40)
    kind = forms.ChoiceField(label=_("类别"))
    purpose = forms.CharField(label=_("做什么"), max_length=200)
    founded_on = forms.DateField(label=_("成立日期"), widget=DayInput())

    def __init__(self, data: Any = None, *, actor: Any, **options: Any) -> None:
        super().__init__(data, actor=actor, **options)
        _fill(self, "kind", policy.get(VolunteeringRules).teams.items())

    def clean_founded_on(self) -> Any:
        """Refuse a day to come."""
        if self.cleaned_data["founded_on"] > clock.today():
            raise forms.ValidationError(_("成立日期不能在今天以后。"))
        return self.cleaned_data["founded_on"]


class PartnerForm(_OfAPlace):
    """Who works together with the community, and in what."""

    name = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(label=_("类别"))
    does = forms.CharField(label=_("一起做什么"), max_length=120)

    def __init__(self, data: Any = None, *, actor: Any, **options: Any) -> None:
        super().__init__(data, actor=actor, **options)
        _fill(self, "kind", policy.get(VolunteeringRules).partners.items())


class MemberForm(forms.Form):
    """Somebody on the roster: by card, or by name and number."""

    card = forms.CharField(label=_("荣誉超市卡号"), max_length=20, required=False)
    name = forms.CharField(label=_("姓名（没有卡时填）"), max_length=25, required=False)
    phone = forms.CharField(label=_("手机号（没有卡时填）"), max_length=20, required=False)
    part = forms.ChoiceField(label=_("担任"), choices=TeamMember.Part, initial=TeamMember.Part.MEMBER)

    def clean(self) -> dict[str, Any]:
        """Ask for a card, or a name with a number."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["card"] = (data.get("card") or "").replace(" ", "")
        if not data["card"] and not (data.get("name") and data.get("phone")):
            raise forms.ValidationError(_("请填卡号；没有卡的，填姓名和手机号。"))
        if data.get("phone"):
            try:
                data["phone"] = phones.normalise(data["phone"])
            except UserError as error:
                self.add_error("phone", str(error.message))
        return data


class FundForm(_OfAPlace):
    """Money that a community may give to its teams, and where it comes from (社区自治金)."""

    yuan = yuan(_("增加额度（元）"))
    source = forms.CharField(label=_("资金来源"), max_length=60, help_text=_("如：社区自治金、福彩公益金"))


class AskForm(ActionForm):
    """What a team needs money for, and how much."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("团队"))
    yuan = yuan(_("申请多少元"))
    purpose = words(_("用途"), 200, rows=2)

    def prepare(self) -> None:
        """Offer the teams of this post's areas."""
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        field.queryset = Team.objects.filter(self.actor.covering(), ended_on=None).order_by("name")
        field.label_from_instance = lambda row: row.name  # type: ignore[method-assign,assignment] # Django's own way

    def clean_yuan(self) -> Decimal:
        """Refuse more than a small grant may be."""
        most, amount = policy.get(VolunteeringRules).grant_most_yuan, Decimal(self.cleaned_data["yuan"])
        if amount > most:
            raise forms.ValidationError(_("小额经费一次最多 %(most)d 元。") % {"most": most})
        return amount


class GrantForm(ActionForm):
    """How much is granted: at most what was asked for."""

    yuan = yuan(_("核定多少元"))
    source = forms.CharField(label=_("资金来源"), max_length=60)
    note = words(_("核定意见"), 200, required=False, rows=2)

    def prepare(self) -> None:
        """Start from what was asked for."""
        if self.matter is not None:
            self.initial = {"yuan": Decimal(self.matter.team_grant.asked_fen) / 100, **self.initial}

    def clean_yuan(self) -> Decimal:
        """Refuse more than was asked for."""
        amount = Decimal(self.cleaned_data["yuan"])
        if self.matter is not None and fen(amount) > self.matter.team_grant.asked_fen:
            raise forms.ValidationError(_("核定的不能超过申请的。"))
        return amount


class SpendForm(ActionForm):
    """One thing that money went to, with its receipt."""

    what = forms.CharField(label=_("花在哪里"), max_length=100)
    yuan = yuan(_("多少元"))
    receipt = forms.CharField(label=_("票据号"), max_length=40)
    spent_on = forms.DateField(label=_("日期"), widget=DayInput())
    photos = UUIDListField(label=_("票据照片"), required=False)

    def clean_spent_on(self) -> Any:
        """Refuse a day to come."""
        if self.cleaned_data["spent_on"] > clock.today():
            raise forms.ValidationError(_("日期不能在今天以后。"))
        return self.cleaned_data["spent_on"]

    def clean_receipt(self) -> str:
        """Refuse a receipt that is entered already."""
        given = str(self.cleaned_data["receipt"]).strip()
        if self.matter is not None and Outlay.objects.filter(grant=self.matter.pk, receipt=given).exists():
            raise forms.ValidationError(_("这个票据号已经登记过。"))
        return given
