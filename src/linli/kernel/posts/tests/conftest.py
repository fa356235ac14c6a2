"""Each test asks its own rooms below: what later rooms answer is theirs to test."""

from __future__ import annotations

import pytest

from linli.kernel.posts import events


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch):
    for asked in (events.may_manage, events.work_in_hand, events.items_in_hand):
        monkeypatch.setattr(asked, "_fill", None)
