"""The procedure of a month's publication (一月一公示), declared: who draws it up never releases it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.whistles.bulletins import forms
from linli.affairs.whistles.models import Bulletin
from linli.kernel.matters import START, Action, Process, Stage, duty, who_handled

DRAWN_UP = Stage("drawn_up", _("拟稿"))
RELEASED = Stage("released", _("已公示"), closed=True)
DISCARDED = Stage("discarded", _("作废"), closed=True)
TAKEN_DOWN = Stage("taken_down", _("已撤下更正"), closed=True)

BULLETIN = Process(
    kind="bulletin",
    prefix="B",
    title=_("吹哨月公示"),
    detail=Bulletin,
    source="C46 R15",
    actions=[
        Action("draw_up", START >> DRAWN_UP, title=_("拟公示稿"), by=duty.bulletin_drafter, form=forms.DraftForm, handles=True),
        Action("refresh", DRAWN_UP, title=_("按现在的数据重拟"), by=duty.bulletin_drafter.within, handles=True),
        Action("release", DRAWN_UP >> RELEASED, title=_("审核公示"), by=duty.publisher & ~who_handled,
               form=forms.ReleaseBulletinForm, expected=True),
        Action("discard", DRAWN_UP >> DISCARDED, title=_("作废"), by=duty.bulletin_drafter.within | duty.publisher, secondary=True),
        Action("take_down", RELEASED >> TAKEN_DOWN, title=_("撤下更正"), by=duty.publisher, form=forms.WithdrawForm,
               secondary=True),
    ],
)  # fmt: skip
