"""The words of the honor market's messages, made from ids at the moment they are shown or sent."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import outreach
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.outreach import Message, Text

SAYS = {
    "told": gettext_lazy("您的积分有一条告知 %(number)s，理由和申诉请点开看。"),
    "upheld": gettext_lazy("您的积分申诉 %(number)s 已复核，维持，理由请点开看。"),
    "corrected": gettext_lazy("您的积分申诉 %(number)s 成立，已改正。"),
}


@outreach.template("points.notice", title=gettext_lazy("积分告知"), essential=True)
def notice(message: Message) -> Text | None:
    """Say that there is something about one's points; what and why stands behind the link."""
    matter = Matter.objects.filter(pk=message.subject_id).first() if message.subject_id else None
    if matter is None:
        return None
    says = SAYS.get(matter.stage, SAYS["told"])
    path = reverse("portal:track", args=[matter.number, secret_of(matter.pk)])
    return Text(
        str(says) % {"number": matter.number}, link=f"{settings.BASE_URL}{path}",
        data={"number": matter.number, "stage": matter.stage},
    )  # fmt: skip


@outreach.template("points.present", title=gettext_lazy("有人送您东西"))
def present(message: Message) -> Text | None:
    """Say that something waits to be picked up; who gave it is for the giver to tell."""
    matter = Matter.objects.filter(pk=message.subject_id).first() if message.subject_id else None
    if matter is None or not matter.is_open:
        return None
    path = reverse("portal:honor-redemption", args=[matter.number])
    text = _("有人送您“%(what)s”，凭领取码到兑换点领；不要的可以退回。") % {"what": matter.title}
    return Text(text, link=f"{settings.BASE_URL}{path}", data={"number": matter.number, "stage": matter.stage})
