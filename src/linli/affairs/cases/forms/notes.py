"""What may be added at any time: an urging, a remark, a release to the public."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import words
from linli.kernel.matters import ActionForm


class UrgeForm(ActionForm):
    """An urging, with words or without."""

    note = words(_("催办内容"), 200, required=False, rows=2)


class OptionalReasonForm(ActionForm):
    """A reason that may be left out."""

    reason = words(_("理由"), 200, required=False, rows=2)


class SuperviseForm(ActionForm):
    """What the supervising post asks for, and by when."""

    demand = words(_("督办要求"), 300)


class RemarkForm(ActionForm):
    """A remark by who sees and comments, and never handles or verifies (B31)."""

    remark = words(_("监督意见"), 300)


class ReleaseForm(ActionForm):
    """Text that a person has looked at before the public sees it: no names, no house numbers."""

    public_title = forms.CharField(label=_("公开标题"), max_length=60)
    public_text = words(_("公开内容"), 500)
    seen = forms.BooleanField(label=_("我已看过：没有姓名、电话、门牌号、车牌和人脸"))
