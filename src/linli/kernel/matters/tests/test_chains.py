"""A chain that depends on the matter: the declaration names one, policy may choose another or none."""

from __future__ import annotations

from unittest.mock import sentinel

from linli.kernel.matters import approval


def test_an_approval_follows_the_chain_it_names() -> None:
    assert approval("extension").chain(sentinel.transition) == "extension"


def test_an_approval_follows_the_chain_that_is_chosen_for_the_matter() -> None:
    assert approval("whistle", choose=lambda _t: "whistle_two").chain(sentinel.transition) == "whistle_two"


def test_no_chain_means_that_nobody_is_asked() -> None:
    assert approval("whistle", choose=lambda _t: "").chain(sentinel.transition) == ""
