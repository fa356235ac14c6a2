"""The end of a whistle: back to the units, graded by the street and by those affected, duty and cost settled."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import photos, words
from linli.affairs.whistles.forms.fields import NamesSharesForm, SharesField
from linli.affairs.whistles.models import Grade
from linli.affairs.whistles.policy import Scorecard
from linli.kernel import clock, policy
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit


def replied(matter: Matter) -> QuerySet[Matter]:
    """Return the shares of a whistle that were answered, with their units."""
    shares = Matter.objects.filter(parent=matter, kind="report_in", stage="replied")
    return shares.select_related("report_in", "held_unit").order_by("pk")


def answered(matter: Matter) -> list[Matter]:
    """Return the shares of a whistle that were answered, the lead's first."""
    return sorted(replied(matter), key=lambda share: share.report_in.role != "lead")


class ReworkForm(NamesSharesForm):
    """What is not done, and by whom it is done again; proven false closing is noted."""

    shares = SharesField(Matter.objects.none(), label=_("返工单位"))
    reason = words(_("哪里没办好"), 300)
    false_closing = forms.BooleanField(label=_("查实为虚假办结（没办报办好）"), required=False)
    photos = photos(_("现场照片"))

    def prepare(self) -> None:
        """Offer the units that answered."""
        field = self.fields["shares"]
        assert isinstance(field, SharesField)  # noqa: S101 - declared above
        if self.matter is not None:
            field.queryset = replied(self.matter)


class RateUnitsForm(NamesSharesForm):
    """Every unit that reported in gets one grade; a bonus goes to who removed the cause."""

    good = SharesField(Matter.objects.none(), label=_("满意的单位"), required=False)
    fair = SharesField(Matter.objects.none(), label=_("基本满意的单位"), required=False)
    poor = SharesField(Matter.objects.none(), label=_("不满意的单位"), required=False)
    bonus_to = SharesField(Matter.objects.none(), label=_("加分给（根治问题或做法被推广）"), required=False)
    bonus = forms.DecimalField(
        label=_("加几分"), required=False, min_value=Decimal(0), max_digits=4, decimal_places=1, initial=0
    )
    words = words(_("评语"), 300, required=False, rows=2)

    def prepare(self) -> None:
        """Offer the units that answered; there is no grade beforehand."""
        if self.matter is None:
            return
        shares = replied(self.matter)
        for name in (*Grade.values, "bonus_to"):
            field = self.fields[name]
            assert isinstance(field, SharesField)  # noqa: S101 - declared above
            field.queryset = shares

    def clean(self) -> dict[str, Any]:
        """Ask for one grade for each unit, and for no more bonus than the card allows."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.matter is None:
            return data
        graded: dict[uuid.UUID, list[str]] = {share.pk: [] for share in answered(self.matter)}
        for grade in Grade.values:
            for share in data.get(grade) or []:
                graded[share.pk].append(grade)
        if any(len(grades) != 1 for grades in graded.values()):
            raise forms.ValidationError(_("每个单位选一档评价，不漏选也不重选。"))
        most = policy.pinned(self.matter.pins, Scorecard).bonus_at_most
        if (data.get("bonus") or 0) > most:
            self.add_error("bonus", _("加分最多 %(most)s 分。") % {"most": most})
        return data


class RateWholeForm(ActionForm):
    """What those affected say of the whole."""

    grade = forms.ChoiceField(label=_("整件办得怎么样"), choices=Grade.choices, widget=forms.RadioSelect)
    words = words(_("意见"), 300, required=False, rows=2)


class SettleDutyForm(ActionForm):
    """Whose it was after all, and who bears the cost (先处置后确权)."""

    unit = forms.ModelChoiceField(Unit.objects.filter(active=True), label=_("权属单位"))
    settled = words(_("费用怎么承担、依据"), 300)


class FinishForm(ActionForm):
    """What was done of a remainder."""

    result = words(_("完成情况"), 500)
    photos = photos(_("完成后的照片"))


class NotDoneForm(ActionForm):
    """Why a remainder is not done."""

    reason = words(_("哪里没完成"), 300)
    photos = photos(_("现场照片"))


class PostponeForm(ActionForm):
    """A later date for a remainder, and why."""

    due = forms.DateTimeField(label=_("改到"), input_formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], widget=DayInput())
    reason = words(_("理由"), 300, rows=2)

    def clean_due(self) -> Any:
        """Refuse a date that has passed."""
        due = self.cleaned_data["due"]
        if due <= clock.now():
            raise forms.ValidationError(_("新的日期要晚于今天。"))
        return due
