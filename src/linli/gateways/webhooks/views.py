"""Subscriptions at the desk: who is told of what, what arrived, a new key, stop, go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.gateways.webhooks import events
from linli.gateways.webhooks.desk import KEEPS, LOOKS
from linli.gateways.webhooks.forms import SubscribeForm
from linli.kernel import outreach
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.matters.models import Matter
from linli.kernel.outreach.models import Subscription
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.acting import add_error


@never_cache
@require_http_methods(["GET", "POST"])
@staff(LOOKS, KEEPS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who is told of what; whoever keeps accounts adds one, and sees its key this once."""
    keeps = has_duty(actor, KEEPS) and actor.may_write
    form = SubscribeForm(request.POST if request.method == "POST" else None) if keeps else None
    if request.method == "POST":
        if form is None:
            raise NotHere
        made = _subscribed(actor, form)
        if made is not None:
            return _shown_once(request, *made)
    context = {"subscribers": outreach.subscribers(), "form": form, "keeps": keeps}
    return render(request, "webhooks/index.html", context, status=422 if form is not None and form.errors else 200)


def _subscribed(actor: Actor, form: SubscribeForm) -> tuple[Subscription, str] | None:
    """Return the new subscription and its key; ``None`` when the form now says what is wrong."""
    if not form.is_valid():
        return None
    try:
        asked = form.cleaned_data
        return outreach.subscribe(actor=actor, name=asked["name"], url=asked["url"], events=form.names())
    except Invalid as error:
        for field, texts in error.errors.items():
            add_error(form, field, texts)
        return None


def _shown_once(request: HttpRequest, subscription: Subscription, secret: str) -> HttpResponse:
    """Show a key. It lies encrypted from now on, and no page shows it again."""
    return render(request, "webhooks/secret.html", {"subscription": subscription, "secret": secret})


@never_cache
@require_GET
@staff(LOOKS, KEEPS)
def one(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    """What a subscriber is told, and how its newest messages fared."""
    found = next((one for one in outreach.subscribers() if one.pk == subscription_id), None)
    if found is None:
        raise NotHere
    rows = outreach.deliveries(found.pk)
    numbers = dict(Matter.objects.filter(pk__in=[row.subject_id for row in rows]).values_list("pk", "number"))
    context = {
        "subscription": found,
        "told": events.in_words(found.events),
        "rows": [(row, numbers.get(row.subject_id, "") if row.subject_id else "", _what(row.template)) for row in rows],
        "keeps": has_duty(actor, KEEPS) and actor.may_write,
    }
    return render(request, "webhooks/one.html", context)


def _what(template: str) -> str:
    return _("试推") if template == events.PING else events.in_words([template])[0]


def _ping(actor: Actor, subscription_id: UUID) -> str:
    outreach.ping(actor=actor, subscription_id=subscription_id, template=events.PING)
    return _("已放入发送队列，几秒后刷新本页看结果。")


def _again(actor: Actor, subscription_id: UUID) -> str:
    sent = outreach.send_again(actor=actor, subscription_id=subscription_id)
    return ngettext("%(n)d 条将重新推送。", "%(n)d 条将重新推送。", sent) % {"n": sent}


def _stop(actor: Actor, subscription_id: UUID) -> str:
    outreach.unsubscribe(actor=actor, subscription_id=subscription_id)
    return _("已停用，不再推送。")


def _resume(actor: Actor, subscription_id: UUID) -> str:
    outreach.resume(actor=actor, subscription_id=subscription_id)
    return _("已恢复，从现在起发生的事会推送；停用期间的不补。")


ACTS: dict[str, Callable[[Actor, UUID], str]] = {"ping": _ping, "again": _again, "stop": _stop, "resume": _resume}


@never_cache
@require_POST
@staff(KEEPS)
def act(request: HttpRequest, actor: Actor, subscription_id: UUID, what: str) -> HttpResponse:
    """Do one thing to a subscription: try it, send again, a new key, stop, go on."""
    if not actor.may_write:
        raise NotHere
    if what == "renew":
        secret = outreach.renew_secret(actor=actor, subscription_id=subscription_id)
        return _shown_once(request, _subscription(subscription_id), secret)
    if what not in ACTS:
        raise NotHere
    messages.success(request, ACTS[what](actor, subscription_id))
    return redirect("webhooks:one", subscription_id)


def _subscription(subscription_id: UUID) -> Any:
    return Subscription.objects.get(pk=subscription_id)
