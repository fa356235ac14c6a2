"""Each test has a data folder of its own, and asks nothing of later rooms."""

from __future__ import annotations

import pytest

from linli.kernel.posts import events as posts_events
from linli.kernel.privacy import events


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch):
    for asked in (events.may_reveal, events.retention_days, posts_events.may_manage):
        monkeypatch.setattr(asked, "_fill", None)
