"""The receiver of the outbox's own tests, and a mind that remembers no subscriber of another test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linli.kernel.outreach import subscriptions
from linli.kernel.outreach.tests.conftest import server

__all__ = ["server"]


@pytest.fixture(autouse=True)
def _nobody_subscribes() -> Iterator[None]:
    subscriptions.forget()
    yield
    subscriptions.forget()
