"""A small district to try changes on, and a cache that no test inherits."""

from __future__ import annotations

from datetime import date

import pytest

from linli.kernel.areas import cache, national, services

BEGUN = date(2024, 1, 1)
SMALL = [
    ("990101", "试验区"),
    ("990101001", "东街道"),
    ("990101001001", "甲社区"),
    ("990101001002", "乙社区"),
    ("990101001201", "丙村委会"),
    ("990101002", "西街道"),
    ("990101002001", "丁社区"),
    ("990101002002", "戊社区"),
    ("990101100", "北镇"),
    ("990101100201", "己村委会"),
]


@pytest.fixture(autouse=True)
def _no_trees_of_other_tests():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def small(db):
    """Lay a district of two streets, a town and six communities from 2024-01-01 on."""
    services.lay([national.Division(code, name) for code, name in SMALL], BEGUN)
    return cache.tree_on(BEGUN)
