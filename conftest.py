"""What every test of Linli stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import TransactionTestCase

import linli.profiles
from linli.config.test_databases import Template
from linli.kernel import clock


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this process a migrated database of its own, and tests that commit a new one each."""
    with django_db_blocker.unblock():
        template = Template(os.environ.get("PYTEST_XDIST_WORKER", ""))
        template.make()
        template.fresh()
    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: template.fresh()
    yield
    TransactionTestCase._fixture_teardown = before
    with django_db_blocker.unblock():
        template.drop_copy()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Let each test begin as a fresh process does: its database is not the last test's, nor is its language."""
    from django.utils import translation

    from linli.kernel import policy, worktime
    from linli.kernel.areas import cache

    cache.clear()
    policy.forget()
    worktime.invalidate()
    translation.activate("zh-hans")


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> None:
    """Read the national table and each shipped profile once a process: thousands of tests begin with both."""
    from linli.kernel.areas import national
    from linli.kernel.policy import documents, files

    read, shipped = files.read, Path(linli.profiles.__file__).parent
    seen: dict[tuple[Path, tuple[str, ...]], files.Folder] = {}

    def once(folder: Path) -> files.Folder:
        if folder.parent != shipped:
            return read(folder)
        key = (folder, tuple(documents.names()))
        if key not in seen:
            seen[key] = read(folder)
        return replace(seen[key], bodies=deepcopy(seen[key].bodies))

    files.read = once
    national._table = cache(national._table)


@pytest.fixture
def world(db: None) -> Any:
    """Return a small district with the default policy in force; see ``tests/support/world.py``."""
    from tests.support import world as small

    return small.build()


@pytest.fixture
def linli_clock() -> Iterator[clock.Travel]:
    """A clock that stands at ten in the morning of a working Wednesday until the test moves it."""
    with clock.using(clock.at(date(2026, 3, 11), 10)) as travel:
        yield travel
