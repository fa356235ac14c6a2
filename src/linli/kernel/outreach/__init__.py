"""In-app messages, SMS, webhooks: one outbox."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from linli.kernel.outreach.templates import Message, Text, events, names, render, template

if TYPE_CHECKING:
    from linli.kernel.outreach.delivery import deliver_due
    from linli.kernel.outreach.models import Channel, Recipient
    from linli.kernel.outreach.rows import notice_rows, queue, webhook_rows
    from linli.kernel.outreach.rules import OVERDUE, REQUESTED, RETURNED, URGENT
    from linli.kernel.outreach.selectors import (
        backlog,
        deliveries,
        morning_list,
        notices,
        subscribers,
        unread_count,
    )
    from linli.kernel.outreach.services import mark_read
    from linli.kernel.outreach.sinks import ConsoleSink
    from linli.kernel.outreach.subscriptions import ping, renew_secret, resume, send_again, subscribe, unsubscribe

__all__ = [
    "OVERDUE",
    "REQUESTED",
    "RETURNED",
    "URGENT",
    "Channel",
    "ConsoleSink",
    "Message",
    "Recipient",
    "Text",
    "backlog",
    "deliver_due",
    "deliveries",
    "events",
    "mark_read",
    "morning_list",
    "names",
    "notice_rows",
    "notices",
    "ping",
    "queue",
    "render",
    "renew_secret",
    "resume",
    "send_again",
    "subscribe",
    "subscribers",
    "template",
    "unread_count",
    "unsubscribe",
    "webhook_rows",
]

_HOMES = {
    "delivery": ("deliver_due",),
    "models": ("Channel", "Recipient"),
    "rows": ("notice_rows", "queue", "webhook_rows"),
    "rules": ("OVERDUE", "REQUESTED", "RETURNED", "URGENT"),
    "selectors": ("backlog", "deliveries", "morning_list", "notices", "subscribers", "unread_count"),
    "services": ("mark_read",),
    "sinks": ("ConsoleSink",),
    "subscriptions": ("ping", "renew_secret", "resume", "send_again", "subscribe", "unsubscribe"),
}
_LATER = {name: module for module, found in _HOMES.items() for name in found}


def __getattr__(name: str) -> Any:
    # These know models, and this package is imported before Django has any.
    if name in _LATER:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
