"""Doing declared actions through the API: reading the body, the idempotency key, and what came of it."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters import Action, Outcome, Process, perform
from linli.kernel.matters.declare import PROCESSES
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import System
from linli.kernel.posts.actors import Actor
from linli.surfaces.api import bodies

LONGEST_KEY = 200


def by_somebody(action: Action) -> bool:
    """Return whether anybody outside Linli may ask for ``action``: not only clocks, events and the system."""
    return action.by is not None and not isinstance(action.by, System)


def key_of(request: HttpRequest, whose: str) -> str | None:
    """Return the idempotency key of a request as it is kept: one caller's keys never meet another's.

    ``whose`` names the caller; the path and the method are part of it, so one key may serve two actions.
    """
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return None
    if len(given) > LONGEST_KEY:
        raise UserError(_("Idempotency-Key 最长%(n)d个字符。") % {"n": LONGEST_KEY}, field="Idempotency-Key")
    told = "\n".join((whose, request.method or "", request.path, given))
    return f"api:{hashlib.sha256(told.encode()).hexdigest()[:64]}"


def begin(request: HttpRequest, actor: Actor, whose: str) -> Outcome:
    """Begin the matter that the body asks for: ``{"kind", "action", "data"}``. Raises :class:`UserError`."""
    body = bodies.read(request)
    process, action = _opening(body)
    data = bodies.conform(bodies.schema_of(action.form), body.get("data", {}))
    return perform(process=process, action=action.name, actor=actor, data=data, key=key_of(request, whose))


def act(request: HttpRequest, actor: Actor, matter: Matter, name: str, whose: str) -> Outcome:
    """Do the action that path and body ask for: ``{"data", "version"}``. Raises :class:`UserError`."""
    process = PROCESSES.get(matter.kind)
    if process is None or not process.has(name):
        raise NotHere
    body = bodies.read(request)
    bodies.conform({"properties": {"data": {"type": "object"}, "version": {"type": ["integer", "null"]}}}, body)
    data = bodies.conform(bodies.schema_of(process.action(name).form), body.get("data", {}))
    return perform(
        matter=matter, action=name, actor=actor, data=data, version=body.get("version"), key=key_of(request, whose)
    )


def _opening(body: dict[str, Any]) -> tuple[Process, Action]:
    text = {"type": "string"}
    bodies.conform({"properties": {"kind": text, "action": text, "data": {"type": "object"}}}, body)
    process = PROCESSES.get(body.get("kind", ""))
    if process is None:
        raise Invalid({"kind": [_("没有这种事项；可用的见 /api/v1/processes。")]})
    name = body.get("action", "")
    action = process.action(name) if process.has(name) else None
    if action is None or not action.is_opening or not by_somebody(action):
        raise Invalid({"action": [_("没有这个用来新建的动作；可用的见 /api/v1/processes。")]})
    return process, action


def whose(request: HttpRequest) -> str:
    """Return the name of the caller that separates idempotency keys."""
    return str(getattr(request, "credential", ""))


def uuid_key(request: HttpRequest) -> str:
    """Return the name under which an anonymous caller's key is kept: the key itself, which must be a UUID.

    Whoever knows it gets the first answer again, with the secret of the report; so nobody may guess it.
    """
    try:
        return f"anonymous {uuid.UUID(request.headers.get('Idempotency-Key', ''))}"
    except ValueError as error:
        text = _("请在 Idempotency-Key 头中给出一个新生成的 UUID：重发时用同一个，就不会报两次。")
        raise Invalid({"Idempotency-Key": [text]}) from error
