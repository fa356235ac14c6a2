"""What the people room has to say to somebody, and what happens to messages when people change."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.outreach import rows
from linli.kernel.outreach.models import Channel, Notice, Recipient
from linli.kernel.outreach.rules import REQUESTED
from linli.kernel.outreach.templates import Message, template
from linli.kernel.people.events import CodeRequested, Merged, code_requested, people_merged
from linli.kernel.people.services.sign_in import message_of

CODE = "people.sign_in_code"


def _phone(message: Message) -> str:
    code = message_of(message.recipient_id) if message.recipient_id else None
    return code.phone if code else ""


@template(CODE, gettext_lazy("登录验证码"), address=_phone)
def sign_in_code(message: Message) -> str | None:
    """Say the code, unless it is used or too old by now."""
    code = message_of(message.recipient_id) if message.recipient_id else None
    if code is None:
        return None
    return _("验证码 %(code)s，5分钟内有效，请勿告诉他人。（邻里）") % {"code": code.code}


@code_requested.connect
def _send_code(request: CodeRequested) -> None:
    [row] = rows.queue(Channel.SMS, [request.code_id], CODE, recipient=Recipient.ADDRESS, interrupt=REQUESTED)
    row.save(force_insert=True)


@people_merged.connect
def _follow(merged: Merged) -> None:
    merged.repoint(Notice, "person_id")
