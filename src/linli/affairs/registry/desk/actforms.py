"""The forms behind the buttons of a resident's card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models import How, PendingChange, Source, Vault, Verification
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.kernel import policy
from linli.kernel.matters.forms import DayInput

DAY = DayInput()
NOT_VERIFIED = ("", _("这次没有核实"))


def _facts() -> list[tuple[str, Any]]:
    return [(c, f.title) for c, f in policy.get(RegistryRules).facts.items() if f.group == "asked" and not f.owner]


def _tags() -> list[tuple[str, Any]]:
    return [(w.code, f"{w.title}：{w.purpose}") for w in policy.get(TagDictionary).tags]


class VerifyForm(forms.Form):
    """An attempt to verify; 家中无人 refreshes nothing."""

    outcome = forms.ChoiceField(label=_("结果"), choices=Verification.Outcome.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("怎样核实的"), choices=[("", _("没有见到、没有联系上")), *How.choices], required=False,
        help_text=_("只有见面、电话、看过证件或行政事件才算核实。"),
    )  # fmt: skip


class PhoneForm(forms.Form):
    """Another number."""

    phone = forms.CharField(label=_("联系电话"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    shared = forms.BooleanField(label=_("借用他人号码"), required=False)
    how = forms.ChoiceField(label=_("怎样核实的"), choices=[NOT_VERIFIED, *How.choices], required=False)


class MoveForm(forms.Form):
    """Where somebody lives from a day on."""

    address = forms.CharField(label=_("新住址"), max_length=160, help_text=_("例如：天马路18号3幢2单元502室"))
    on = forms.DateField(label=_("哪天起"), widget=DAY)
    source = forms.ChoiceField(label=_("从哪里知道"), choices=Source.choices)
    how = forms.ChoiceField(label=_("怎样核实的"), choices=[NOT_VERIFIED, *How.choices], required=False)


class LeaveForm(forms.Form):
    """When somebody left the district."""

    on = forms.DateField(label=_("哪天迁出"), widget=DAY)


class AwayForm(forms.Form):
    """A seasonal absence."""

    until = forms.DateField(label=_("预计返回"), widget=DAY, required=False, help_text=_("已经回来的留空。"))


class TagForm(forms.Form):
    """A word of the dictionary."""

    code = forms.ChoiceField(label=_("标签"), choices=_tags, help_text=_("只能从审定的字典里选，到期自动失效。"))
    until = forms.DateField(label=_("到期"), widget=DAY, required=False, help_text=_("留空按字典的最长期限。"))


class FactForm(forms.Form):
    """An answer that forms ask for."""

    name = forms.ChoiceField(label=_("哪一项"), choices=_facts)
    value = forms.CharField(label=_("内容"), max_length=200)
    how = forms.ChoiceField(label=_("怎样核实的"), choices=[NOT_VERIFIED, *How.choices], required=False)


class OfferForm(forms.Form):
    """What somebody offers to do."""

    skill = forms.CharField(label=_("特长"), max_length=40, help_text=_("本人愿意做的事，例如：修电器、书法、调解。"))
    words = forms.CharField(label=_("本人怎么说"), max_length=100, required=False)


class ChangeForm(forms.Form):
    """A change that needs a second person."""

    field = forms.ChoiceField(
        label=_("要改什么"), choices=[c for c in PendingChange.Field.choices if c[0] != PendingChange.Field.JOINED]
    )
    value = forms.CharField(
        label=_("改成什么"), max_length=40, required=False,
        help_text=_("新的姓名或证件号；去世填日期，例如 2026-03-01；改为户主的留空。"),
    )  # fmt: skip
    evidence = forms.CharField(label=_("看过什么凭据"), max_length=100, help_text=_("例如：户口簿、医学死亡证明"))


class CheckForm(forms.Form):
    """A document that was seen, so that its owner can see their own record online."""

    number = forms.CharField(label=_("看到的身份证号"), max_length=20)
    how = forms.ChoiceField(label=_("在哪里核验的"), choices=[("window", _("窗口")), ("home", _("上门"))])


class ReasonForm(forms.Form):
    """Why a covered value is opened."""

    field = forms.ChoiceField(label=_("看什么"), choices=[("phone", _("电话")), ("registry.id_number", _("身份证号"))])
    reason = forms.CharField(label=_("为什么要看"), max_length=200, help_text=_("至少4个字；本人可以看到这次查看。"))


class VaultForm(forms.Form):
    """Why the vault is opened."""

    group = forms.ChoiceField(label=_("哪一格"), choices=Vault.Group.choices)
    reason = forms.CharField(label=_("为什么要看"), max_length=200, help_text=_("至少4个字；本人可以看到这次查看。"))
