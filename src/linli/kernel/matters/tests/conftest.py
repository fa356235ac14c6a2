"""What the tests of this room share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _numbers_for_the_toy(db: None) -> None:
    """Give the toy process its number sequences: migrations made them only for what is installed."""
    from linli.kernel.matters.numbers import make_sequences
    from linli.kernel.matters.tests import toy

    _declared = toy
    make_sequences()
