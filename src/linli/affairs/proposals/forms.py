"""The forms of the proposals' actions."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms import OptionalReasonForm, UrgeForm
from linli.affairs.cases.forms.common import words
from linli.affairs.proposals import letters
from linli.affairs.proposals.models import Grade, Proposal
from linli.affairs.proposals.policy import ProposalRules
from linli.affairs.whistles.forms import CollectForm
from linli.kernel import clock, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import ActionForm, ReasonForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.matters.models import Matter
from linli.kernel.matters.selectors import access_matter
from linli.kernel.people import phones
from linli.kernel.posts.models import Unit

__all__ = [
    "AddUnitForm", "AssignForm", "DraftForm", "ExtendForm", "GiveBackForm", "LinkForm", "NeedReasonForm", "OpinionForm",
    "OptionalReasonForm", "PublishForm", "RateForm", "RedoForm", "RegisterForm", "SignForm", "SpeakForm", "UrgeForm",
    "WhistleForm",
]  # fmt: skip

NeedReasonForm = ReasonForm
ANSWERING = (Unit.Kind.DEPARTMENT, Unit.Kind.STREET_OFFICE, Unit.Kind.CENTRE, Unit.Kind.PARTY, Unit.Kind.ENTERPRISE)


def _choices(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - the classes below declare it so
    field.choices = choices


class RegisterForm(ActionForm):
    """A suggestion or proposal as it came: number, subject, who proposes it. The phone stays out of the trail."""

    kind = forms.ChoiceField(label=_("种类"))
    session = forms.CharField(label=_("届次"), max_length=60, help_text=_("如：市十五届人大五次会议"))
    serial = forms.CharField(label=_("编号"), max_length=20, help_text=_("如：第0238号"))
    subject = forms.CharField(label=_("案由"), max_length=120)
    text = words(_("建议内容"), 6000, required=False, rows=8)
    proposers = forms.CharField(
        label=_("提出人"), max_length=200, help_text=_("几人之间用顿号隔开；单位提出的写单位名")
    )
    phone = forms.CharField(label=_("提出人电话"), max_length=20, required=False)
    received_on = forms.DateField(label=_("收到日期"), widget=DayInput())
    unrecorded = ("phone", "text")

    def prepare(self) -> None:
        """Offer the kinds that are answered here; it came today unless somebody says otherwise."""
        _choices(self.fields["kind"], [(code, k.title) for code, k in policy.get(ProposalRules).kinds.items()])
        self.initial.setdefault("received_on", clock.today())

    def clean_serial(self) -> str:
        """Return the number as papers write it: 238 and 第238号 are one."""
        written = re.sub(r"\s+", "", self.cleaned_data["serial"])
        return written if written.startswith("第") else f"第{written.removesuffix('号')}号"

    def clean_received_on(self) -> Any:
        """Refuse a day to come."""
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("收到日期不能晚于今天。"))
        return day

    def clean_phone(self) -> str:
        """Return the number as it is kept; refuse what is none."""
        written = self.cleaned_data["phone"]
        try:
            return phones.normalise(written) if written else ""
        except UserError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Refuse a number that is registered already, and name where."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        same = {name: data.get(name) for name in ("kind", "session", "serial")}
        first = Proposal.objects.filter(**same).select_related("matter").first() if all(same.values()) else None
        if first is not None:
            self.add_error("serial", _("这个编号已经登记过：%(number)s。") % {"number": first.matter.number})
        return data


class _Units(ActionForm):
    """Units that may answer."""

    choosing: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Offer the units in use that write papers."""
        for name in self.choosing:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - the subclasses declare them so
            field.queryset = Unit.objects.filter(active=True, kind__in=ANSWERING).order_by("kind", "name")


class AssignForm(_Units):
    """Who leads, who says their part."""

    lead = forms.ModelChoiceField(Unit.objects.none(), label=_("主办单位"))
    assistants = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("会办单位"), required=False)
    note = words(_("交办意见"), 300, required=False, rows=2)
    choosing = ("lead", "assistants")

    def clean(self) -> dict[str, Any]:
        """Refuse a unit named twice."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("lead") and data["lead"] in (data.get("assistants") or []):
            self.add_error("assistants", _("%(unit)s已是主办单位，不用再列为会办。") % {"unit": data["lead"].name})
        return data


class AddUnitForm(_Units):
    """One more unit whose opinion is asked."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("会办单位"))
    note = words(_("交办意见"), 300, required=False, rows=2)
    choosing = ("unit",)

    def clean_unit(self) -> Unit:
        """Refuse the lead, and a unit that was asked already."""
        unit: Unit = self.cleaned_data["unit"]
        asked = Matter.objects.filter(parent=self.matter, kind="proposal_opinion").exclude(stage="recalled")
        lead = self.matter is not None and self.matter.proposal.lead_unit_id == unit.pk
        if lead or asked.filter(held_unit=unit).exists():
            raise forms.ValidationError(_("%(unit)s已经在办。"), params={"unit": unit.name})
        return unit


class GiveBackForm(_Units):
    """Why it is not this unit's, and whose it is."""

    reason = words(_("不归本单位的理由和依据"), 300)
    competent = forms.ModelChoiceField(Unit.objects.none(), label=_("建议主办单位"), required=False)
    choosing = ("competent",)


class OpinionForm(ActionForm):
    """What a co-handling unit says."""

    opinion = words(_("会办意见"), 4000, rows=8)


class SpeakForm(ActionForm):
    """A talk with the proposer: when, how, what was said."""

    way = forms.ChoiceField(
        label=_("方式"),
        choices=[("visit", _("上门走访")), ("meet", _("座谈")), ("phone", _("电话")), ("site", _("现场办理"))],
    )
    said = words(_("沟通情况"), 1000)


class WhistleForm(CollectForm):
    """A whistle order, begun from what the proposal asks; its source is the proposals' own."""

    def prepare(self) -> None:
        """Fill in what the proposal says already."""
        super().prepare()
        for problem in ("required", "invalid_choice"):
            self.fields["type"].error_messages[problem] = _(
                "请选择您的岗位可以吹的哨型；没有可选的，请街道吹哨后再来关联。"
            )
        about = self.matter.parent if self.matter and self.matter.parent else self.matter
        if about is not None:
            paper, rules = about.proposal, policy.pinned(about.pins, ProposalRules)
            self.initial.setdefault("title", paper.subject[:60])
            self.initial.setdefault("description", paper.text[:1000])
            self.initial.setdefault("basis", letters.called(paper, rules))
            self.initial.setdefault("source", rules.source_code)


class LinkForm(ActionForm):
    """Whistles and cases that are about the same thing."""

    numbers = forms.CharField(label=_("编号"), max_length=400, help_text=_("几件之间用逗号或空格隔开"))

    def clean_numbers(self) -> list[Matter]:
        """Return the matters, each visible to the actor and a whistle or a case."""
        written = re.split(r"[\s,，、;；]+", self.cleaned_data["numbers"])
        return [self._one(number) for number in dict.fromkeys(written) if number]

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data with the matters by their numbers, which people read."""
        return {"numbers": "、".join(matter.number for matter in self.cleaned_data["numbers"])}

    def _one(self, number: str) -> Matter:
        try:
            found = access_matter(self.actor, number)
        except NotHere as error:
            raise forms.ValidationError(_("找不到 %(number)s。"), params={"number": number}) from error
        if found.kind not in {"whistle", "case"}:
            raise forms.ValidationError(_("%(number)s 不是哨件或案件。"), params={"number": number})
        return found


class DraftForm(ActionForm):
    """The reply: its class, its words, whether the public may read it."""

    result = forms.ChoiceField(label=_("办理类型"))
    reply = words(_("答复正文"), 12000, rows=20)
    number = forms.CharField(label=_("发文字号"), max_length=40, required=False, help_text=_("如：西民函〔2020〕38号"))
    answers_for_it = forms.CharField(
        label=_("联系人及电话"), max_length=80, help_text=_("承办单位的联系人，印在答复函上")
    )
    copies = forms.CharField(label=_("抄送"), max_length=120, required=False)
    public = forms.BooleanField(label=_("可以公开"), required=False, initial=True)
    not_public_because = forms.CharField(label=_("不公开的理由"), max_length=200, required=False)
    unrecorded = ("reply",)

    def prepare(self) -> None:
        """Begin with what stands there, or with opinions and results put together for the writer."""
        if self.matter is None:
            return
        rules, paper = policy.pinned(self.matter.pins, ProposalRules), self.matter.proposal
        self.fields["reply"].help_text = _("一、（一）1. 开头的行印成标题；空行不印。")
        _choices(self.fields["result"], [(code, f"{r.title}：{r.words}") for code, r in rules.results.items()])
        for name in ("result", "reply", "number", "answers_for_it", "copies", "public", "not_public_because"):
            self.initial.setdefault(name, getattr(paper, name))
        if not self.initial["reply"]:
            self.initial["reply"] = letters.begun(self.matter, paper)

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the reply is kept from the public."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("public") and not data.get("not_public_because"):
            self.add_error("not_public_because", _("不公开的，请写明理由。"))
        if data.get("public"):
            data["not_public_because"] = ""
        return data


class SignForm(ActionForm):
    """Which leader's name the letter goes out under."""

    signed_by = forms.CharField(label=_("签发领导职务"), max_length=40)


class ExtendForm(ActionForm):
    """More time, and why."""

    due = forms.DateTimeField(
        label=_("延至"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    reason = words(_("延期理由"), 300)


class RateForm(ActionForm):
    """The proposer's word on the reply."""

    grade = forms.ChoiceField(label=_("评价"), choices=Grade.choices, widget=forms.RadioSelect)
    note = words(_("意见"), 500, required=False)


class RedoForm(ActionForm):
    """What the proposer is not satisfied with."""

    reason = words(_("哪里不满意"), 500)


class PublishForm(ActionForm):
    """A person has read the whole reply before the public does."""

    seen = forms.BooleanField(label=_("我已看过全文：没有居民个人信息、内部情况和不宜公开的内容"))
