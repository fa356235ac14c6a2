"""Each test has a data folder of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path
