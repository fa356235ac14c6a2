"""The words of the cases' messages, made from ids at the moment they are shown or sent."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import outreach
from linli.kernel.matters import process_of
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.outreach import Message, Text

SAYS = {
    "case.received": gettext_lazy("您反映的问题已收到，编号 %(number)s，社区会先来核实。"),
    "case.filed": gettext_lazy("您反映的问题 %(number)s 已立案，正在安排单位办理。"),
    "case.dispatched": gettext_lazy("您反映的问题 %(number)s 已派给承办单位。"),
    "case.answered": gettext_lazy("您的问题 %(number)s 已答复，请点开看。"),
    "case.refused": gettext_lazy("您反映的问题 %(number)s 没有立案，理由请点开看。"),
    "case.redirected": gettext_lazy("您反映的问题 %(number)s 有专门的受理渠道，请点开看。"),
    "case.verified": gettext_lazy("您反映的问题 %(number)s 已办理并核实，请点开说一声办好没有，或等我们来电。"),
    "case.upheld": gettext_lazy("您要求复核的 %(number)s 已有书面决定，请点开看。"),
}


def tracking_path(matter: Matter) -> str:
    """Return the secret tracking address of a case, within the product."""
    return reverse("portal:track", args=[matter.number, secret_of(matter.pk)])


def _register(name: str) -> None:
    @outreach.template(name, title=gettext_lazy("案件进展"), essential=name in {"case.verified", "case.upheld"})
    def render(message: Message) -> Text | None:
        matter = Matter.objects.filter(pk=message.subject_id).first() if message.subject_id else None
        if matter is None:
            return None
        return Text(
            str(SAYS[name]) % {"number": matter.number},
            link=f"{settings.BASE_URL}{tracking_path(matter)}",
            data={"number": matter.number, "stage": matter.stage},
        )


for _name in SAYS:
    _register(_name)


@outreach.template("matter.waits", title=gettext_lazy("有事等您办"))
def waits(message: Message) -> Text | None:
    """Say that an urgent, returned or overdue matter waits; no personal data, nothing once it has ended."""
    matter = Matter.objects.filter(pk=message.subject_id).first() if message.subject_id else None
    if matter is None or not matter.is_open:
        return None
    stage = process_of(matter.kind).stage(matter.stage).title
    why = {"urgent": _("紧急"), "overdue": _("已超时"), "returned": _("退回给您")}.get(message.ref, "")
    words = _("%(number)s %(title)s（%(stage)s）%(why)s，请即办理。") % {
        "number": matter.number, "title": matter.title, "stage": stage, "why": why,
    }  # fmt: skip
    return Text(words, link=f"{settings.BASE_URL}/desk/m/{matter.number}/", data={"number": matter.number})
