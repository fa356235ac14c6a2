"""Who is told of events: subscribing, keys, and which subscriptions an event has."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Collection
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.outreach import templates

if TYPE_CHECKING:
    from linli.kernel.outreach.models import Subscription
    from linli.kernel.posts.actors import Actor

KEEP_SECONDS = 5.0
OLD_SECRET_HOURS = 24

_kept: tuple[float, dict[str, list[UUID]]] | None = None


def forget() -> None:
    """Read the subscriptions again at next use."""
    global _kept  # noqa: PLW0603 - the process' one cache
    _kept = None


def subscribed(event: str) -> list[UUID]:
    """Return the subscriptions to ``event``; a new one is known everywhere within five seconds."""
    global _kept  # noqa: PLW0603 - the process' one cache
    moment = time.monotonic()
    if _kept is None or moment - _kept[0] > KEEP_SECONDS:
        from linli.kernel.outreach.models import Subscription  # models load after this package

        by_event: dict[str, list[UUID]] = {}
        for identifier, events in Subscription.objects.filter(active=True).values_list("id", "events"):
            for name in events:
                by_event.setdefault(name, []).append(identifier)
        _kept = (moment, by_event)
    return _kept[1].get(event, [])


def _wrong_address(url: str) -> str:
    """Return what is wrong with an address, or nothing.

    Other systems of a district lie in its own network, so private addresses are as good as public ones. Link-local
    ones are not: there a cloud answers whoever asks with the machine's credentials.
    """
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return _("地址须以 https:// 或 http:// 开头，不带用户名")
    try:
        host = ip_address(parts.hostname)
    except ValueError:
        return ""
    if host.is_link_local or host.is_multicast or host.is_unspecified:
        return _("不能推送到这个地址：它只在本机或本网段内有意义")
    return ""


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _changed() -> None:
    forget()
    transaction.on_commit(forget)


@transaction.atomic
def subscribe(*, actor: Actor, name: str, url: str, events: Collection[str]) -> tuple[Subscription, str]:
    """Tell ``url`` of ``events`` from now on; returns the subscription and its secret, shown this once.

    Raises ``Invalid`` for an address that is not http(s), or an event that does not exist.
    """
    from linli.kernel.outreach.models import Subscription

    errors: dict[str, list[str]] = {}
    if wrong := _wrong_address(url):
        errors["url"] = [wrong]
    unknown = sorted(set(events) - set(templates.events()))
    if unknown or not events:
        errors["events"] = [_("没有这些事件：%(names)s") % {"names": "、".join(unknown) or _("（未选）")}]
    if not name.strip():
        errors["name"] = [_("请填写名称")]
    if errors:
        raise Invalid(errors)
    secret = _new_secret()
    made = Subscription.objects.create(
        name=name.strip(),
        url=url,
        events=sorted(set(events)),
        secret=secret,
        created_at=clock.now(),
        created_by_id=actor.post_id,
    )
    _changed()
    return made, secret


def _locked(identifier: UUID) -> Subscription:
    from linli.kernel.outreach.models import Subscription

    found = Subscription.objects.select_for_update().filter(pk=identifier).first()
    if found is None:
        raise NotHere
    return found


@transaction.atomic
def unsubscribe(*, actor: Actor, subscription_id: UUID) -> None:
    """Stop telling this address. What is waiting for it is dropped when its turn comes."""
    stop(_locked(subscription_id), _("由 %(who)s 停用") % {"who": actor.label})


def stop(subscription: Subscription, reason: str) -> None:
    """Stop ``subscription`` because of ``reason``."""
    subscription.active, subscription.stopped_because = False, reason[:200]
    subscription.save(update_fields=["active", "stopped_because"])
    _changed()


@transaction.atomic
def renew_secret(*, actor: Actor, subscription_id: UUID) -> str:  # noqa: ARG001 - every write names its actor
    """Give the subscription a new secret and return it; for a day messages carry both signatures."""
    found = _locked(subscription_id)
    found.old_secret, found.secret = found.secret, _new_secret()
    found.old_until = clock.now() + timedelta(hours=OLD_SECRET_HOURS)
    found.save(update_fields=["secret", "old_secret", "old_until"])
    return found.secret


@transaction.atomic
def send_again(*, actor: Actor, subscription_id: UUID) -> int:  # noqa: ARG001 - every write names its actor
    """Let what was given up leave once more, under the same ids, from now; returns how many messages that are."""
    from linli.kernel.outreach.models import Outbox, State

    found = _locked(subscription_id)
    given_up = Outbox.objects.filter(recipient_id=found.pk, state=State.FAILED)
    return given_up.update(state=State.WAITING, tries=0, next_at=clock.now(), error="")


@transaction.atomic
def resume(*, actor: Actor, subscription_id: UUID) -> None:  # noqa: ARG001 - every write names its actor
    """Tell this address again from now on; what happened meanwhile is not told."""
    found = _locked(subscription_id)
    found.active, found.stopped_because = True, ""
    found.save(update_fields=["active", "stopped_because"])
    _changed()


@transaction.atomic
def ping(*, actor: Actor, subscription_id: UUID, template: str) -> None:  # noqa: ARG001 - every write names its actor
    """Send one message that says nothing, so that the other side can see whether it arrives and verifies."""
    from linli.kernel.outreach.models import Channel, Outbox, Recipient
    from linli.kernel.outreach.rows import queue

    found = _locked(subscription_id)
    rows = queue(Channel.WEBHOOK, [found.pk], template, recipient=Recipient.SUBSCRIPTION)
    Outbox.objects.bulk_create(rows)
