"""Log lines say which request, post and matter they are about, and nothing about whom."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.db import DataError, OperationalError, connection
from django.test import Client
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in

from linli.affairs.cases.process import CASE
from linli.kernel.matters import perform
from linli.kernel.matters.secrets import secret_of
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.watch import logs, noting
from linli.surfaces.watch.middleware import HEADER

pytestmark = pytest.mark.django_db

PHONE, ID_NUMBER, NAME = "13887300001", "532503195501011234", "赵淑芬"


class Kept(logging.Handler):
    """Keeps each line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.formatter("json"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [told for told in map(json.loads, self.lines) if told["logger"] == logger]


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    structlog.contextvars.clear_contextvars()
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)
    structlog.contextvars.clear_contextvars()


def a_case() -> Any:
    data = {"description": "路灯不亮", "area": COMMUNITY, "phone": PHONE}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def test_each_request_has_one_line_with_its_id_post_and_matter(world: World, kept: Kept) -> None:
    matter, secretary = a_case(), world.actor("community_secretary")
    answer = signed_in(secretary).get(f"/desk/m/{matter.number}/", headers={HEADER: "from-the-proxy-0001"})
    assert answer[HEADER] == "from-the-proxy-0001"
    (line,) = kept.of("linli.request")
    assert (line["request"], line["post"], line["number"]) == (
        "from-the-proxy-0001", str(secretary.post_id), matter.number,
    )  # fmt: skip
    assert (line["method"], line["status"], line["route"]) == ("GET", 200, "desk/m/<str:number>/")
    assert line["ms"] > 0


def test_what_is_not_an_id_is_not_taken_for_one(client: Client) -> None:
    for given in ("short", "x" * 80, 'a"b<c>-12345678', PHONE + " " + NAME):
        answer = client.get("/healthz", headers={HEADER: given})
        assert answer[HEADER] != given
        assert len(answer[HEADER]) == 32


def test_an_action_names_its_matter_in_what_is_logged_meanwhile(world: World, kept: Kept) -> None:
    matter = a_case()
    logging.getLogger("linli.tests").warning("something")
    (line,) = kept.of("linli.tests")
    assert (line["matter"], line["action"]) == (str(matter.pk), "report")


def test_the_secret_of_a_link_never_reaches_the_log(world: World, kept: Kept, client: Client) -> None:
    matter = a_case()
    secret = secret_of(matter.pk)
    assert client.get(f"/t/{matter.number}/{secret}/").status_code == 200
    assert client.get(f"/t/{matter.number}/{secret}/do/nothing/").status_code == 302
    assert client.post(f"/t/{matter.number}/{'b' * len(secret)}/", {"phone": PHONE}).status_code in {404, 405}
    assert client.get(f"/nowhere/{secret}").status_code == 404
    assert kept.lines
    written = "\n".join(kept.lines)
    assert secret not in written
    assert PHONE not in written
    assert "t/<str:number>/<str:secret>/" in written


def test_an_exception_is_its_kind_and_place_and_not_what_it_quotes(kept: Kept) -> None:
    try:
        raise DataError(f"Failing row contains ({NAME}, {PHONE})")
    except DataError:
        logging.getLogger("linli.tests").exception("saving failed")
    (line,) = kept.of("linli.tests")
    assert line["error"] == "django.db.utils.DataError"
    assert any("test_an_exception_is_its_kind" in place for place in line["where"])
    assert NAME not in json.dumps(line, ensure_ascii=False)
    assert "says" not in line


def test_a_fault_of_the_machine_says_what_it_says(kept: Kept) -> None:
    try:
        raise OperationalError("connection to server failed: No space left on device")
    except OperationalError:
        logging.getLogger("linli.tests").exception("away")
    assert "No space left" in kept.of("linli.tests")[0]["says"]


def test_what_looks_like_a_phone_or_an_id_number_is_blotted_out(kept: Kept) -> None:
    logging.getLogger("linli.tests").warning("call %s or +86%s, %s", PHONE, PHONE, ID_NUMBER, extra={"more": PHONE})
    (line,) = kept.of("linli.tests")
    assert PHONE not in json.dumps(line)
    assert ID_NUMBER not in json.dumps(line)
    assert line["event"].startswith("call 1**********")
    assert logs.scrubbed("matter 019cda9f-5100-7000-a654-13887300001e") == "matter 019cda9f-5100-7000-a654-13887300001e"


def test_a_slow_statement_is_noted_without_its_values(world: World, kept: Kept, settings: Any) -> None:
    settings.LINLI_SLOW_QUERY_MS = 0
    with connection.execute_wrapper(noting.noted), connection.cursor() as cursor:
        cursor.execute("SELECT %s::text AS who", [PHONE])
    line = kept.of("linli.slow")[-1]
    assert line["sql"] == "SELECT %s::text AS who"
    assert line["ms"] >= 0
    assert PHONE not in "\n".join(kept.lines)


def test_every_connection_is_watched() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert noting.noted in connection.execute_wrappers


def test_a_slow_request_is_a_warning(client: Client, kept: Kept, settings: Any) -> None:
    settings.LINLI_SLOW_REQUEST_MS = 0
    client.get("/healthz")
    (line,) = kept.of("linli.request")
    assert (line["level"], line["event"]) == ("warning", "slow request")


def test_the_page_of_a_fault_tells_its_number(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.surfaces.watch import health

    def broken(*_: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(health, "_answers", broken)
    client.raise_request_exception = False
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert answer[HEADER] in answer.content.decode()


def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="json or plain"):
        logs.formatter("xml")
    record = logging.makeLogRecord({"name": "linli", "levelname": "INFO", "msg": "hello %s", "args": ("there",)})
    assert "hello there" in logs.formatter("plain").format(record)
