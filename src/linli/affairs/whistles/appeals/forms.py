"""The forms of an appeal: which part and why; the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.policy import Scorecard
from linli.kernel import policy
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import words
from linli.kernel.matters.models import Matter

FALSE_CLOSING = "false_closing"
"""What an appeal may contest beside the parts: points that were deducted for a closing proven false."""


def parts_of(share: Matter) -> list[tuple[str, Any]]:
    """Return what of a share's card can be appealed against: its parts, and what was deducted."""
    card = policy.pinned(share.parent.pins, Scorecard) if share.parent else policy.get(Scorecard)
    row = share.report_in
    choices: list[tuple[str, Any]] = [(name, part.title) for name, part in card.parts.items() if name in row.parts]
    if row.false_closing:
        choices.append((FALSE_CLOSING, _("虚假办结扣分")))
    return choices


class AppealForm(ActionForm):
    """Which part of the card is wrong, and why."""

    part = forms.ChoiceField(label=_("哪一项不对"))
    reason = words(_("申诉理由和依据"), 500)

    def prepare(self) -> None:
        """Offer the parts of this card."""
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if self.matter is not None:
            field.choices = parts_of(self.matter)


class KeepForm(ActionForm):
    """Why the score stays."""

    decision = words(_("复核意见"), 500)


class CorrectForm(KeepForm):
    """How many points the part gives instead."""

    points = forms.DecimalField(
        label=_("这一项改为几分"), min_value=Decimal(0), max_digits=4, decimal_places=1, required=False,
        help_text=_("撤销扣分的不用填"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for points, no more than the part can give."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.matter is None:
            return data
        appeal = self.matter.score_appeal
        if appeal.part == FALSE_CLOSING:
            return data
        share = Matter.objects.select_related("parent").get(pk=appeal.share_id)
        card = policy.pinned(share.parent.pins, Scorecard) if share.parent else policy.get(Scorecard)
        most = {str(name): part.points for name, part in card.parts.items()}[appeal.part]
        points = data.get("points")
        if points is None:
            self.add_error("points", _("请填写更正后的分数。"))
        elif points > most:
            self.add_error("points", _("这一项最多 %(most)s 分。") % {"most": most})
        return data
