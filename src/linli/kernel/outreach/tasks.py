"""What the worker does for this room; each channel on its own, so that a slow one holds up nobody."""

from __future__ import annotations

from linli.kernel import jobs
from linli.kernel.outreach import delivery
from linli.kernel.outreach.models import Channel


@jobs.periodic(2, "outreach.sms")
def send_sms() -> None:
    """Send the text messages that are due."""
    delivery.deliver_due(Channel.SMS, limit=200)


@jobs.periodic(2, "outreach.webhooks")
def send_webhooks() -> None:
    """Tell subscribers what is due."""
    delivery.deliver_due(Channel.WEBHOOK, limit=200)
