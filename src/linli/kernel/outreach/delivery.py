"""Sending what is due: claimed in one short transaction, sent outside any, recorded in another.

A worker killed in between leaves its claim to run out; the message is then sent again under the same id, by
which the gateway or the subscriber knows it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.outreach import rules, sinks, subscriptions, templates
from linli.kernel.outreach.models import Channel, Outbox, Recipient, State, Subscription
from linli.kernel.people import selectors as people
from linli.kernel.people.models import Person
from linli.kernel.posts import selectors as posts
from linli.kernel.posts.models import Unit

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 50
WAITS = {
    Channel.SMS: [30, 120, 600, 1800, 7200],
    Channel.WEBHOOK: [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
}


class _Drop(Exception):
    """By rule this is not sent; the text says why."""


class _Later(Exception):
    """Not now, but at ``at``."""

    def __init__(self, at: datetime) -> None:
        super().__init__(str(at))
        self.at = at


# What is held for the morning is due later than it was written. Whatever is not is due at once, also where the clock
# ran ahead when it was written and was put right since: it would wait until that moment comes.
_CLAIM = """
    UPDATE outreach_outbox o SET next_at = %(lease)s, tries = tries + 1
      FROM (SELECT id FROM outreach_outbox
             WHERE state = 'waiting' AND channel = %(channel)s AND next_at <= greatest(%(now)s, created_at)
             ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) due
     WHERE o.id = due.id AND o.state = 'waiting'
    RETURNING o.id
"""


def deliver_due(*channels: Channel | str, limit: int = 10_000) -> dict[str, int]:
    """Send what is due through ``channels`` (or all); returns how many ended in which state.

    Raises ``RuntimeError`` inside a transaction: nothing is sent from there.
    """
    counts: Counter[str] = Counter()
    for channel in [Channel(name) for name in channels] or list(Channel):
        left = limit
        while left > 0 and (claimed := _claim(channel, min(left, BATCH))):
            for row in claimed:
                counts[_deliver(row)] += 1
            left -= len(claimed)
    return dict(counts)


def _claim(channel: Channel, limit: int) -> list[Outbox]:
    now = clock.now()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": now + LEASE, "now": now, "channel": channel.value, "limit": limit})
        claimed = [identifier for (identifier,) in cursor.fetchall()]
    return list(Outbox.objects.filter(pk__in=claimed).order_by("id"))


def _deliver(row: Outbox) -> str:
    try:
        _SEND[Channel(row.channel)](row)
    except _Drop as reason:
        return _record(row, State.DROPPED, str(reason))
    except _Later as later:
        Outbox.objects.filter(pk=row.pk).update(next_at=later.at, tries=row.tries - 1)
        return State.WAITING.value
    except sinks.Refused as refusal:
        return _record(row, State.FAILED, str(refusal))
    except sinks.TryAgain as failure:
        return _again(row, str(failure))
    except Exception as error:
        log.exception("message %s (%s) failed", row.pk, row.template)
        return _again(row, type(error).__name__)
    return _record(row, State.SENT, "")


def _record(row: Outbox, state: State, error: str) -> str:
    sent = clock.now() if state is State.SENT else None
    Outbox.objects.filter(pk=row.pk).update(state=state, error=error[:200], sent_at=sent)
    return state.value


def _again(row: Outbox, error: str) -> str:
    waits = WAITS[Channel(row.channel)]
    if row.tries > len(waits):
        return _record(row, State.FAILED, error)
    at = clock.now() + timedelta(seconds=waits[row.tries - 1])
    Outbox.objects.filter(pk=row.pk).update(next_at=at, error=error[:200])
    return State.WAITING.value


def _message(row: Outbox) -> templates.Message:
    return templates.Message(
        template=row.template,
        channel=row.channel,
        recipient=row.recipient,
        recipient_id=row.recipient_id,
        subject_id=row.subject_id,
        ref=row.ref,
        at=row.created_at,
    )


def _rendered(row: Outbox) -> templates.Text:
    text = templates.render(_message(row))
    if text is None:
        raise _Drop(_("已不需要"))
    return text


# -- SMS -----------------------------------------------------------------------------------------------


def _send_sms(row: Outbox) -> None:
    if row.recipient == Recipient.PERSON and row.interrupt != rules.REQUESTED:
        _keep_quiet(row)
    phone = _ADDRESS[Recipient(row.recipient)](row)
    if not phone:
        raise _Drop(_("没有可用的号码"))
    text = _rendered(row)
    sinks.sms_sink().send(sinks.Sms(row.pk, phone, text.body))


def _keep_quiet(row: Outbox) -> None:
    now = clock.now()
    allowed = rules.out_of_quiet(now)
    if allowed > now:
        raise _Later(allowed)
    if row.subject_id is None:
        return
    # Earlier ones count whether sent or still waiting, so two workers come to the same answer.
    earlier = Outbox.objects.filter(
        Q(state=State.SENT) | Q(state=State.WAITING),
        channel=Channel.SMS,
        recipient=Recipient.PERSON,
        recipient_id__in=people.same_human(row.recipient_id),
        subject_id=row.subject_id,
        pk__lt=row.pk,
    ).count()
    if earlier >= rules.ceiling(essential=templates.find(row.template).essential):
        raise _Drop(_("此事项的消息已达上限"))


def _phone_of_person(row: Outbox) -> str:
    found = Person.objects.filter(pk=row.recipient_id).first()
    if found is None:
        return ""
    person = people.canonical(found)
    if not people.may_be_messaged(person):
        raise _Drop(_("不再联系此人"))
    contact = people.contact(person)
    return contact.value if contact else ""


def _phone_on_duty(row: Outbox) -> str:
    unit = Unit.objects.filter(pk=row.recipient_id).select_related("parent").first()
    return posts.duty_phone(unit) if unit else ""


def _phone_by_template(row: Outbox) -> str:
    address = templates.find(row.template).address
    return address(_message(row)) if address else ""


def _no_phone(_row: Outbox) -> str:
    return ""


_ADDRESS: dict[Recipient, Callable[[Outbox], str]] = {
    Recipient.PERSON: _phone_of_person,
    Recipient.DUTY: _phone_on_duty,
    Recipient.ADDRESS: _phone_by_template,
    Recipient.SUBSCRIPTION: _no_phone,
}


# -- webhooks ------------------------------------------------------------------------------------------


def _send_webhook(row: Outbox) -> None:
    if settings.LINLI_PRACTICE:
        raise _Drop(_("练习库不向外发送"))
    subscription = Subscription.objects.filter(pk=row.recipient_id, active=True).first()
    if subscription is None:
        raise _Drop(_("订阅已停用"))
    text = _rendered(row)
    ids: dict[str, Any] = {"subject_id": row.subject_id, "ref": row.ref}
    try:
        sinks.send_webhook(
            subscription.url,
            _secrets(subscription),
            identifier=row.pk,
            event=row.template,
            happened=row.created_at,
            data=ids | text.data,
        )
    except sinks.Refused as refusal:
        if refusal.gone:
            subscriptions.stop(subscription, _("对方答复不再接收（410）"))
            raise
        # Standard Webhooks: whatever else comes back may be a passing fault of the subscriber's.
        raise sinks.TryAgain(str(refusal)) from refusal


def _secrets(subscription: Subscription) -> Sequence[str]:
    old = subscription.old_until and subscription.old_until > clock.now()
    return [subscription.secret, subscription.old_secret] if old else [subscription.secret]


_SEND: dict[Channel, Callable[[Outbox], None]] = {
    Channel.SMS: _send_sms,
    Channel.WEBHOOK: _send_webhook,
}
