"""Running ``linli`` as a person does: in a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOT_OURS = ("DATABASE_URL", "LINLI_PROFILE", "LINLI_ROLE")


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return kept | {"LINLI_HOME": str(home)}


def linli(
    home: Path, *arguments: str, durable: bool = False, extra: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; ``durable``: a server that it starts keeps its promises and its log."""
    command, given = [sys.executable, "-m", "linli.cli", *arguments], environment(home) | (extra or {})
    if durable:
        given.pop("LINLI_TEST_DATABASE", None)
    return subprocess.run(command, capture_output=True, text=True, env=given, timeout=600, check=False)
