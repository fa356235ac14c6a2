"""What doctor says about the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.kernel import clock, ids, outreach
from linli.kernel.outreach import probes
from linli.kernel.outreach.models import Outbox
from linli.kernel.storage.doctor import State

pytestmark = pytest.mark.django_db


def test_an_empty_outbox_is_well() -> None:
    assert [finding.state for finding in probes.outbox()] == [State.OK]


def test_messages_that_do_not_leave_are_bad() -> None:
    with clock.using(clock.now() - timedelta(hours=2)):
        Outbox.objects.bulk_create(outreach.queue("sms", [ids.uuid7()], "tests.progress", interrupt=outreach.REQUESTED))
    assert [finding.state for finding in probes.outbox()] == [State.BAD]


def test_a_gateway_without_an_address_is_bad_and_the_console_is_said_to_be_one(settings: Any) -> None:
    assert [finding.state for finding in probes.channels()] == [State.WARN]
    settings.LINLI_SMS = "http"
    assert [finding.state for finding in probes.channels()] == [State.BAD]
