"""The words of volunteering's messages, made from ids at the moment they are shown or sent."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel import outreach
from linli.kernel.matters.models import Matter
from linli.kernel.outreach import Message, Text

MOVED_UP = "volunteering.moved_up"
CONFIRMED = "volunteering.confirmed"
REFUSED = "volunteering.refused"
STRUCK = "volunteering.struck"
CHANGED = "volunteering.changed"
CALLED_OFF = "volunteering.called_off"

SAYS = {
    MOVED_UP: _("您候补的“%(title)s”有名额了，已给您报上；来不了请退出，让给下一位。"),
    CONFIRMED: _("您参加的“%(title)s”已确认，时长和积分已记上。"),
    REFUSED: _("您参加的“%(title)s”没有通过确认，理由请点开看；不同意可以申诉。"),
    STRUCK: _("您参加的“%(title)s”复查后撤销，理由请点开看；不同意可以申诉。"),
    CHANGED: _("您报名的“%(title)s”换了地点，请点开看。"),
    CALLED_OFF: _("您报名的“%(title)s”取消了，原因请点开看。"),
}


def path_of(matter: Matter) -> str:
    """Return the page that a message leads to: one's own of a service, everybody's of an activity."""
    name = "portal:volunteer-service" if matter.kind == "volunteer_signup" else "portal:volunteer-activity"
    return reverse(name, args=[matter.number])


def _register(name: str) -> None:
    @outreach.template(name, title=_("志愿服务"))
    def render(message: Message) -> Text | None:
        matter = Matter.objects.filter(pk=message.subject_id).first() if message.subject_id else None
        if matter is None:
            return None
        return Text(str(SAYS[name]) % {"title": matter.title}, link=f"{settings.BASE_URL}{path_of(matter)}")


for _name in SAYS:
    _register(_name)
