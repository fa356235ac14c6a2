"""The end of a case: looked at by another, judged by the resident, reviewed once above."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import photos, words
from linli.affairs.cases.policy import CallBack, Exclusions
from linli.kernel import policy
from linli.kernel.matters import ActionForm

SOLVED = [("solved", _("解决了")), ("partly", _("解决了一部分")), ("not_solved", _("没有解决"))]
SATISFIED = [("satisfied", _("满意")), ("basically", _("基本满意")), ("unsatisfied", _("不满意"))]


class VerifyForm(ActionForm):
    """What the verifier saw, and how."""

    way = forms.ChoiceField(
        label=_("核查方式"),
        choices=[("on_site", _("现场")), ("video", _("视频")), ("phone", _("电话"))],
        initial="on_site",
    )
    note = words(_("核查情况"), 300, required=False, rows=2)
    photos = photos(_("核查照片"))


class ReworkForm(ActionForm):
    """What is not done yet."""

    reason = words(_("哪里没办好"), 300)
    photos = photos(_("现场照片"))


class ExplainForm(ActionForm):
    """What policy or circumstances do not allow: the basis, and what the reporter is told."""

    basis = forms.CharField(label=_("政策或条件依据"), max_length=200)
    tell = words(_("向反映人的说明"), 500)


class JudgeForm(ActionForm):
    """Two questions in large type: is it solved, are you satisfied."""

    outcome = forms.ChoiceField(label=_("问题解决了吗？"), choices=SOLVED, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(label=_("对办理满意吗？"), choices=SATISFIED, widget=forms.RadioSelect)
    words = words(_("想说的话"), 300, required=False, rows=2)
    unrecorded = ("words",)


class DisputeForm(ActionForm):
    """What is still wrong; the level above looks once, on site."""

    reason = words(_("哪里没有解决"), 500)
    photos = photos(_("现在的照片"))
    unrecorded = ("reason",)


class TryForm(ActionForm):
    """An attempt to reach the reporter that failed."""

    channel = forms.ChoiceField(label=_("方式"))
    note = words(_("说明"), 200, required=False, rows=2)

    def prepare(self) -> None:
        """Offer the channels policy lists."""
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(policy.get(CallBack).channels.items())


class TakeVerdictForm(TryForm):
    """The reporter's verdict, taken down by staff and marked so."""

    outcome = forms.ChoiceField(label=_("反映人说解决了吗"), choices=SOLVED, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(
        label=_("是否满意"), choices=[*SATISFIED, ("unrated", _("未评价"))], widget=forms.RadioSelect
    )


class ReviewForm(ActionForm):
    """The reasoned decision of the level above, after a look on site."""

    decision = words(_("复核意见（反映人会看到）"), 500)
    photos = photos(_("现场照片"))


class ReopenForm(ActionForm):
    """What has come back."""

    reason = words(_("又出现了什么情况"), 500)
    photos = photos()
    unrecorded = ("reason",)


class ExcludeForm(ActionForm):
    """A listed reason and its basis; a second person agrees, and the list of exclusions is public to auditors."""

    code = forms.ChoiceField(label=_("剔除事由"))
    basis = forms.CharField(label=_("依据"), max_length=300)

    def prepare(self) -> None:
        """Offer the reasons that do exclude."""
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(r.code, f"{r.code} {r.title}") for r in policy.get(Exclusions).reasons if r.excludes]
