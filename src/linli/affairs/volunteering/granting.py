"""A team's small grant, declared: asked for, granted by another, spent line by line, accounted for (G111, G112)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering import teamforms
from linli.affairs.volunteering.models import TeamGrant
from linli.kernel.matters import START, Action, NoteForm, Process, ReasonForm, Stage, duty, who_handled

ASKED = Stage("asked", _("待核定"))
GRANTED = Stage("granted", _("使用中"))
RENDERED = Stage("rendered", _("待核账"))
ACCOUNTED = Stage("accounted", _("已核账"), closed=True)
TURNED_DOWN = Stage("turned_down", _("未核定"), closed=True)

KEEPER = duty.team_keeper.within
APPROVER = duty.grant_approver.within & ~who_handled

GRANT = Process(
    kind="team_grant",
    prefix="TG",
    title=_("团队小额经费"),
    detail=TeamGrant,
    source="G111 G112",
    pins=("volunteering.rules",),
    actions=[
        Action("ask", START >> ASKED, title=_("申请"), by=duty.team_keeper, form=teamforms.AskForm, handles=True),
        Action("grant", ASKED >> GRANTED, title=_("核定"), by=APPROVER, form=teamforms.GrantForm, expected=True),
        Action("turn_down", ASKED >> TURNED_DOWN, title=_("不核定"), by=APPROVER, form=ReasonForm, alternative=True),
        Action("spend", GRANTED, title=_("登记支出"), by=KEEPER, form=teamforms.SpendForm, handles=True),
        Action("render", GRANTED >> RENDERED, title=_("交账"), by=KEEPER, form=NoteForm, handles=True, expected=True),
        Action("accept", RENDERED >> ACCOUNTED, title=_("核账，余款退回"), by=APPROVER, form=NoteForm, expected=True),
        Action("send_back", RENDERED >> GRANTED, title=_("退回补账"), by=APPROVER, form=ReasonForm, alternative=True),
    ],
)  # fmt: skip
