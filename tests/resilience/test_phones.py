"""Phones that come back into the network together: each item is taken in once, each photo whole."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel import evidence
from tests.resilience import phones
from tests.support import world as small

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("resilience")]


def test_phones_that_sync_together_lose_nothing_and_double_nothing(
    live_server: Any, settings: Any, tmp_path: Any
) -> None:
    """The run of ``python -m tests.resilience.phones`` in small: eight phones with five items each."""
    settings.MEDIA_ROOT = tmp_path
    small.build()
    sent = phones.sync(live_server.url, phones.people(8), 5, at_once=4)
    assert sent.items == 40
    assert sent.answers["repeated"] > 0, "some were sent again"
    kept = phones.there()
    phones.judge(sent, kept)
    assert evidence.process_pending() == 40, "and every photo can be read"


def test_the_judge_of_that_run_sees_what_was_lost_doubled_or_damaged() -> None:
    sent = phones.Sent(items=1, photos={"a"}, numbers={"k": {"C-1"}})
    sent.answers["accepted"] = 1
    whole = {"matters": 1, "photos": ["a"], "attached": 1}
    phones.judge(sent, whole)
    for broken in ({"matters": 0}, {"matters": 2}, {"photos": ["b"]}, {"attached": 0}):
        with pytest.raises(AssertionError):
            phones.judge(sent, whole | broken)
