"""Log lines that say which request, post and matter they are about, and nothing about whom.

One line is one JSON object (``LINLI_LOG_FORMAT=json``) or one line of text (``plain``, the default on a terminal).
What identifies a person must not get in by accident, whoever writes the line:

- an exception is its type and the places it went through; what it says is left out, since a database quotes the
  row that it refuses. Only faults of the machine (no connection, no space) say what they say;
- Django's own lines name a request by its path, which may hold the secret of a tracking link: they get the pattern
  of the address instead;
- whatever still looks like a mobile number or an ID number is blotted out.
"""

from __future__ import annotations

import datetime as _datetime
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]

REQUEST = "_request"
"""Under this name the present request is bound; what a line needs of it is read when the line is written."""

_CHINA = _datetime.timezone(_datetime.timedelta(hours=8))
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86)?1[3-9]\d{9}(?![0-9A-Za-z])")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_OWN = ("_record", "_from_structlog")


def formatter(style: str = "") -> logging.Formatter:
    """Return the formatter of ``style``: ``json`` or ``plain``; by default plain on a terminal, else JSON."""
    chosen = style or ("plain" if sys.stderr.isatty() else "json")
    if chosen not in {"json", "plain"}:
        raise ValueError(f"LINLI_LOG_FORMAT={chosen!r}: json or plain")
    plain = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=_no_frames)
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False, default=str) if chosen == "json" else plain
    steps: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.stdlib.ExtraAdder(),
        _level, _request, _exception, _scrub, _without_own, last,
    ]  # fmt: skip
    return structlog.stdlib.ProcessorFormatter(processors=steps, pass_foreign_args=True)


def _no_frames(_out: Any, _exc: Any) -> None:
    """Draw nothing: the exception is in the line already."""


def _level(_logger: Any, _method: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    # The machine's own time, not the kernel's clock: a log is read beside those of other programs.
    event["at"] = _datetime.datetime.fromtimestamp(record.created, _CHINA).isoformat(timespec="milliseconds")
    event["level"] = record.levelname.lower()
    event["logger"] = record.name
    return event


def _request(_logger: Any, _method: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    request = event.pop(REQUEST, None)
    theirs = event.pop("request", None)  # Django hands the request itself to what it logs
    args = event.pop("positional_args", None)
    if record.name.startswith("django.") and theirs is not None and isinstance(args, tuple):
        # "Not Found: /t/C-…/the-secret/": the reason stays, the path goes.
        event["event"] = str(record.msg) % tuple("…" if str(arg).startswith("/") else arg for arg in args)
        request = request or theirs
    if request is not None:
        event.update(about(request))
    return event


def about(request: Any) -> dict[str, str]:
    """Return what a log line says of a request: its id, the pattern of its address, the post, the matter's number."""
    told = {"request": getattr(request, "linli_id", ""), "method": request.method or "", "route": route_of(request)}
    actor = getattr(request, "_linli_actor", None)
    if actor is not None and actor.post_id is not None:
        told["post"] = str(actor.post_id)
    match = getattr(request, "resolver_match", None)
    number = match.kwargs.get("number") if match else None
    if number:
        told["number"] = str(number)[:40]
    return {name: value for name, value in told.items() if value}


def route_of(request: Any) -> str:
    """Return the pattern that the request's address fits, such as ``t/<str:number>/<str:secret>/``; never the path."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else ""


def _exception(_logger: Any, _method: str, event: Event) -> Event:
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        kind = type(error)
        event["error"] = f"{kind.__module__}.{kind.__qualname__}"
        event["where"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)][-12:]
        if _of_the_machine(error):
            event["says"] = " ".join(str(error).split())[:300]
    for name in ("stack_info", "message", "asctime"):  # what another handler may have left on the record
        event.pop(name, None)
    return event


def _of_the_machine(error: BaseException) -> bool:
    """Return whether what ``error`` says is about the machine, never about a row: no server, no space, no file."""
    from django.db import OperationalError

    return isinstance(error, OSError | OperationalError)


def _scrub(_logger: Any, _method: str, event: Event) -> Event:
    for name, value in event.items():
        if isinstance(value, str) and name not in _OWN:
            event[name] = scrubbed(value)
    return event


def scrubbed(text: str) -> str:
    """Return ``text`` with whatever looks like a mobile number or an ID number blotted out."""
    return _PHONE.sub("1**********", _ID_NUMBER.sub("******************", text))


def _without_own(_logger: Any, _method: str, event: Event) -> Event:
    for name in _OWN:
        event.pop(name, None)
    return event
