"""A data folder with a district, shared by the tests of the command line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.cli.tests.running import linli
from linli.config import embedded


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A data folder with a district in it."""
    with tempfile.TemporaryDirectory(prefix="linli-cli-") as folder:
        made = Path(folder)
        made.chmod(0o755)
        done = linli(made, "init", "532503")
        assert done.returncode == 0, done.stderr
        assert "13 个乡镇街道，109 个社区" in done.stdout
        assert "都还没有人任职" in done.stdout
        assert "权责清单登记了" in done.stdout
        yield made
        embedded.forget(made)
