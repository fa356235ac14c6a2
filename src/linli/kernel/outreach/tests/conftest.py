"""Templates, people and a real HTTP server for the tests of this room."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from linli.kernel import clock, crypto, ids, outreach, policy
from linli.kernel.areas.models import Area
from linli.kernel.outreach import subscriptions
from linli.kernel.outreach.sinks import ConsoleSink
from linli.kernel.people.models import Contact, Person
from linli.kernel.posts.models import DutyShift, Unit

PHONE = "13888888888"


@outreach.template("tests.progress", "进展", event=True)
def progress(message: outreach.Message) -> str:
    return f"您反映的事项有新进展（{message.ref}）"


@outreach.template("tests.closed", "办结", essential=True, event=True)
def closed(message: outreach.Message) -> outreach.Text:
    return outreach.Text("您反映的事项已办结", link="/m/1", data={"number": "C-20261121-00042"})


@outreach.template("tests.pointless")
def pointless(_message: outreach.Message) -> None:
    return None


@outreach.template("tests.broken")
def broken(_message: outreach.Message) -> str:
    raise ZeroDivisionError


@outreach.template("tests.code", address=lambda message: f"139{message.recipient_id.int % 10**8:08d}")
def code(_message: outreach.Message) -> str:
    return "验证码 246810"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    ConsoleSink.last.clear()
    subscriptions.forget()
    policy.forget()
    yield
    subscriptions.forget()
    policy.forget()


def person_with_phone(number: str = PHONE, **extra: Any) -> Person:
    person = Person.objects.create(name="张三", created_at=clock.now(), **extra)
    Contact.objects.create(
        person=person,
        value=number,
        value_hash=crypto.keyed_hash(number, "phone"),
        last4_hash=crypto.keyed_hash(number[-4:], "phone.last4"),
        created_at=clock.now(),
    )
    return person


def unit_on_duty(phone: str, starts: datetime, ends: datetime) -> Unit:
    unit = Unit.objects.create(
        code=ids.uuid7().hex, name="指挥中心", kind="centre", area=Area.objects.create(level="street")
    )
    worker = Person.objects.create(name="李四", created_at=clock.now())
    DutyShift.objects.create(unit=unit, person=worker, starts_at=starts, ends_at=ends, phone=phone)
    return unit


@dataclass
class Server:
    """What a counterpart got, and what it shall answer (a status for each request, the last one for ever)."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.requests]


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((dict(self.headers), body))
            self.send_response(state.answers.pop(0) if len(state.answers) > 1 else state.answers[0])
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Keep the test's output quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}/hook"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()
