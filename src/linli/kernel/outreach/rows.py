"""New messages, as unsaved rows for the caller's transaction: ``together.add(*outreach.queue(...))``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from linli.kernel import clock
from linli.kernel.outreach import rules, subscriptions, templates
from linli.kernel.outreach.models import Channel, Notice, Outbox, Recipient


def notice_rows(
    template: str,
    *,
    posts: Iterable[UUID] = (),
    people: Iterable[UUID] = (),
    subject_id: UUID | None = None,
    ref: str = "",
    interrupt: str = "",
) -> list[Notice]:
    """Return a notice for each post and person. Raises ``LookupError`` for an unknown template.

    People see theirs at once. Posts see what interrupts (``URGENT``, ``RETURNED``, ``OVERDUE``; policy)
    at once, and all else in the next morning list.
    """
    templates.find(template)
    at = clock.now()
    rings = rules.interrupts(interrupt)
    later = at if rings else rules.next_morning(at)
    readers: list[tuple[UUID | None, UUID | None, datetime]] = [(post, None, later) for post in dict.fromkeys(posts)]
    readers += [(None, person, at) for person in dict.fromkeys(people)]
    return [
        Notice(
            post_id=post,
            person_id=person,
            template=template,
            subject_id=subject_id,
            ref=ref,
            interrupt=interrupt if rings else "",
            created_at=at,
            visible_at=visible,
        )
        for post, person, visible in readers
    ]


def queue(
    channel: Channel | str,
    recipients: Iterable[UUID],
    template: str,
    *,
    recipient: Recipient | str = Recipient.PERSON,
    subject_id: UUID | None = None,
    ref: str = "",
    interrupt: str = "",
) -> list[Outbox]:
    """Return an outbox row for each of ``recipients``; the worker sends them once the caller has committed.

    ``recipient`` says whose ids they are: ``person``, ``duty`` (a unit's, for whoever is on duty then; only
    for what interrupts, so nothing is returned otherwise), ``address`` (the template finds the phone).
    Raises ``LookupError`` for an unknown template.
    """
    templates.find(template)
    if recipient == Recipient.DUTY and not rules.interrupts(interrupt):
        return []
    at = clock.now()
    held = recipient == Recipient.PERSON and interrupt != rules.REQUESTED
    return [
        Outbox(
            channel=Channel(channel),
            recipient=Recipient(recipient),
            recipient_id=identifier,
            template=template,
            subject_id=subject_id,
            ref=ref,
            interrupt=interrupt,
            created_at=at,
            next_at=rules.out_of_quiet(at) if held else at,
        )
        for identifier in dict.fromkeys(recipients)
    ]


def webhook_rows(template: str, *, subject_id: UUID | None = None, ref: str = "") -> list[Outbox]:
    """Return an outbox row for each subscription to the event ``template``; usually none, at no cost."""
    return queue(
        Channel.WEBHOOK,
        subscriptions.subscribed(template),
        template,
        recipient=Recipient.SUBSCRIPTION,
        subject_id=subject_id,
        ref=ref,
    )
