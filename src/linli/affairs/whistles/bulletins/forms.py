"""The forms of a month's publication."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.models import Bulletin
from linli.kernel import clock
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import words


class DraftForm(ActionForm):
    """Which month; one that is over, and not drawn up yet."""

    month = forms.DateField(label=_("月份"), input_formats=["%Y-%m", "%Y-%m-%d"])

    def clean_month(self) -> date:
        """Return the first day of the month. Refuses one that is not over, and one that has its publication."""
        first: date = self.cleaned_data["month"].replace(day=1)
        if first >= clock.today().replace(day=1):
            raise forms.ValidationError(_("这个月还没有结束，下个月 1 日起才能公示。"))
        if Bulletin.objects.filter(month=first, standing=True).exists():
            raise forms.ValidationError(_("这个月已有公示或拟稿；要改，请先撤下再重拟。"))
        return first


class ReleaseBulletinForm(ActionForm):
    """That somebody looked: figures and units only."""

    seen = forms.BooleanField(label=_("我已看过：只有数字和单位，没有个人"))


class WithdrawForm(ActionForm):
    """Why it is taken down; readers see the reason."""

    reason = words(_("撤下和更正的原因（公开可见）"), 300)
