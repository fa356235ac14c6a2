"""A working Tuesday, for every story of a proposal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.kernel import clock


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel
