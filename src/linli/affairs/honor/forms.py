"""What the steps of the honor market ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models import Article, Donation, Good, Member, Notice, Redemption, Shop
from linli.affairs.honor.policy import HonorRules
from linli.kernel import clock, policy
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput, RowField, words

MOST_AT_ONCE = 20


class PiecesForm(ActionForm):
    """What, where and how many."""

    good = RowField(Good.objects.filter(active=True), label=_("兑换品"))
    shop = RowField(Shop.objects.filter(active=True), label=_("在哪里领"))
    pieces = forms.IntegerField(label=_("几件"), min_value=1, max_value=MOST_AT_ONCE, initial=1)


class ReserveForm(PiecesForm):
    """A resident's reservation: to be picked up, or brought home where the shop does that."""

    way = forms.ChoiceField(
        label=_("怎么领"),
        choices=[(Redemption.Way.ONLINE, _("自己去领，或请人代领")), (Redemption.Way.HOME, _("行动不便，请送到家"))],
        initial=Redemption.Way.ONLINE,
        required=False,
    )

    def clean_way(self) -> str:
        """Pick-up is what is meant when nothing is said."""
        return self.cleaned_data["way"] or Redemption.Way.ONLINE


class DrawnForm(PiecesForm):
    """What the drawing sets aside for a member."""

    member = forms.ModelChoiceField(Member.objects.filter(left_at=None), label=_("成员"))
    unrecorded = ("member",)


class CardField(forms.CharField):
    """The number on a paper card or passbook, cleaned to the member who has it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("卡号"))
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=20, **options)

    def clean(self, value: Any) -> Any:
        """Return the :class:`Member`. An unknown card gets a message of its own."""
        text = str(super().clean(value) or "").replace(" ", "")
        if not text:
            return None
        member = Member.objects.filter(card=text, left_at=None).select_related("person").first()
        if member is None:
            raise forms.ValidationError(_("没有这张卡，请核对卡上的数字。"))
        return member


class HandOutForm(PiecesForm):
    """At the counter, by paper card; somebody else may come for the owner."""

    card = CardField()
    by_proxy = forms.CharField(
        label=_("代领人与关系"), max_length=40, required=False, help_text=_("本人来不填；如：女儿 李女士")
    )
    unrecorded = ("card", "by_proxy")


class ConfirmForm(ActionForm):
    """The code on the phone, the paper or the card, and who came for it."""

    code = forms.CharField(
        label=_("领取码"), max_length=300, help_text=_("8 位数字，或扫到的内容"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    by_proxy = forms.CharField(
        label=_("代领人与关系"), max_length=40, required=False, help_text=_("本人来不填；如：女儿 李女士")
    )
    unrecorded = ("code", "by_proxy")


class GiveOnForm(ActionForm):
    """Whom somebody gives to what they reserved."""

    card = CardField(label=_("对方的卡号"))
    unrecorded = ("card",)


class TakeBackForm(ActionForm):
    """Why something came back, and whether it can stand on the shelf again."""

    reason = words(_("退还原因"), 200)
    usable = forms.BooleanField(label=_("完好，重新上架"), required=False, initial=True)


class OfferForm(ActionForm):
    """What somebody wants to give, and whether their name may be read by all."""

    donor = forms.ChoiceField(label=_("捐赠方"), choices=Donation.Donor)
    name = forms.CharField(label=_("姓名或单位名称"), max_length=60)
    public = forms.BooleanField(
        label=_("同意公示名称"), required=False, help_text=_("不勾选，公示为“爱心人士”或“爱心单位”")
    )
    form = forms.ChoiceField(label=_("捐什么"), choices=Donation.Form, initial=Donation.Form.GOODS)
    what = forms.CharField(label=_("物品或场地"), max_length=60, help_text=_("如：大米 5 公斤装、活动室周末使用"))
    pieces = forms.IntegerField(label=_("件数"), min_value=0, max_value=1_000_000, initial=0, required=False)
    use_by = forms.DateField(label=_("保质期至"), required=False, widget=DayInput())
    shop = forms.ModelChoiceField(Shop.objects.filter(active=True), label=_("送到哪里"))
    unrecorded = ("name",)

    def clean(self) -> dict[str, Any]:
        """Ask for a number of pieces with goods."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["pieces"] = data.get("pieces") or 0
        if data.get("form") == Donation.Form.GOODS and data["pieces"] < 1:
            self.add_error("pieces", _("捐物品请填件数。"))
        return data


class ReceiveForm(ActionForm):
    """Taking a gift in: seen, counted, valued, with the receiver's receipt."""

    good = forms.ModelChoiceField(Good.objects.filter(active=True), label=_("上架为"), required=False)
    pieces = forms.IntegerField(label=_("实收件数"), min_value=0, max_value=1_000_000, required=False)
    value_yuan = forms.DecimalField(label=_("价值（元）"), min_value=0, max_digits=12, decimal_places=2)
    basis = forms.ChoiceField(label=_("计价依据"), choices=Donation.Basis)
    receiver = forms.CharField(
        label=_("受赠单位"), max_length=60, help_text=_("有接收资格的单位，如：区慈善会、居委会")
    )
    receipt = forms.CharField(label=_("收据号"), max_length=40)
    use_by = forms.DateField(label=_("保质期至"), required=False, widget=DayInput())

    def prepare(self) -> None:
        """Start from what was offered."""
        if self.matter is not None:
            given = self.matter.donation
            self.initial = {"pieces": given.pieces, "use_by": given.use_by, **self.initial}

    def clean(self) -> dict[str, Any]:
        """Goods go onto a shelf, counted, and never past their day; a receipt is used once."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        donation = self.matter.donation if self.matter is not None else None
        if donation is not None and donation.form == Donation.Form.GOODS:
            if data.get("good") is None:
                self.add_error("good", _("请选上架为哪种兑换品。"))
            if not data.get("pieces"):
                self.add_error("pieces", _("请填实收件数。"))
        if data.get("use_by") and data["use_by"] <= clock.today():
            self.add_error("use_by", _("已到或已过保质期，不能接收。"))
        receipt = Donation.objects.filter(receiver=data.get("receiver", ""), receipt=data.get("receipt", ""))
        if donation is not None and receipt.exclude(pk=donation.pk).exists():
            self.add_error("receipt", _("这个收据号已经登记在另一笔捐赠上。"))
        return data


class DeclineForm(ActionForm):
    """Why a gift was not taken in."""

    reason = words(_("理由"), 200)


class NominateForm(ActionForm):
    """Whom to commend, for what, with their consent."""

    card = CardField(label=_("被推荐人的卡号"))
    title = forms.ChoiceField(label=_("称号"))
    deeds = words(_("事迹"), 500)
    consent = forms.BooleanField(label=_("本人同意参评，并公示姓名和事迹"))
    unrecorded = ("card", "deeds")

    def prepare(self) -> None:
        """Offer the titles that the rules know."""
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(policy.get(HonorRules).commendations.items())


class ObjectionForm(ActionForm):
    """What somebody says against a commendation."""

    objection = words(_("不同意见"), 500)


class DecisionForm(ActionForm):
    """The reasons of a decision."""

    reason = words(_("评定意见"), 300)


class TellForm(ActionForm):
    """What somebody is told about points they did not get, or are to lose."""

    member = forms.ModelChoiceField(Member.objects.all(), label=_("成员"))
    what = forms.ChoiceField(label=_("事由"), choices=Notice.What)
    rule = forms.CharField(label=_("规则"), max_length=40, required=False)
    article = forms.ModelChoiceField(Article.objects.select_related("covenant"), label=_("公约条款"), required=False)
    points = forms.IntegerField(label=_("积分"), min_value=1, max_value=1000)
    reason = words(_("理由，本人看得到"), 300)
    subject = forms.UUIDField(label=_("所属事项"), required=False)
    key = forms.CharField(label=_("幂等键"), max_length=120, required=False)
    unrecorded = ("member",)


class AppealForm(ActionForm):
    """What the person says against it."""

    words = words(_("您的理由"), 500)
    unrecorded = ("words",)


class AnswerForm(ActionForm):
    """What is answered to an appeal."""

    answer = words(_("复核意见，本人看得到"), 300)
