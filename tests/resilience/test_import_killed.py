"""A SIGKILL in the middle of an import's apply: nothing is half-applied, it is done again, and undone as a whole."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linli.config import embedded
from tests.resilience.site import command, environment

pytestmark = [pytest.mark.xdist_group("resilience"), pytest.mark.interop]
ROWS = 300
GIVEN = "建国秀英小军桂芳明华玉兰志强海燕文斌丽宁"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with a district in it, and its database running."""
    with tempfile.TemporaryDirectory(prefix="linli-import-") as folder:
        made = Path(folder)
        made.chmod(0o755)
        done = command(made, "init", "532503")
        assert done.returncode == 0, done.stderr
        # Kept by a command of its own: every step below is a process that comes and goes.
        started = command(made, "database", "start")
        assert started.returncode == 0, started.stderr
        yield made
        embedded.forget(made)


@pytest.fixture
def file(home: Path) -> Path:
    """A list of some hundred residents with households, phones and tags."""
    path = home / "residents.csv"
    lines = ["姓名,出生日期,联系电话,社区,现住址,户号,与户主关系,人员标签"]
    for at in range(ROWS):
        relation = "户主" if at % 3 == 0 else "其他"
        lines.append(
            f"李{GIVEN[at // 20]}{GIVEN[at % 20]},1960-0{at % 9 + 1}-11,1540{at:07d},青云社区,青云路{at // 3 + 1}号,"
            f"H{at // 3},{relation},志愿者"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def begin(home: Path, step: str, file: Path) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "tests.resilience.importing", step, str(file)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(call, env=environment(home), cwd=root, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)  # fmt: skip


def run(home: Path, step: str, file: Path) -> dict[str, Any]:
    out, errors = begin(home, step, file).communicate(timeout=400)
    assert out, errors
    return dict(json.loads(out.strip().splitlines()[-1]))


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 400
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def test_a_kill_in_the_middle_of_applying_leaves_nothing_and_the_import_is_done_again(home: Path, file: Path) -> None:
    read = run(home, "read", file)
    assert (read["state"], read["problems"], read["ImportRow"]) == ("read", 0, ROWS)
    before = {name: count for name, count in read.items() if name not in {"state", "problems"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINLI_HOME", str(home))  # whose passwords they are
        admin = embedded.url("admin", home)
    # Tags come late: whoever holds their table lets the import write people, houses and households, and wait there.
    with psycopg.connect(admin) as holder, psycopg.connect(admin, autocommit=True) as watcher:
        holder.execute("LOCK TABLE registry_tag IN ACCESS EXCLUSIVE MODE")
        child = begin(home, "apply", file)

        def waiting() -> bool:
            # The statement's own text is cut where it is long: the lock itself is asked for.
            rows = watcher.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'registry_tag'::regclass"
            ).fetchone()
            assert child.poll() is None, child.communicate()
            return rows != (0,)

        until(waiting, "the import reached its tags")
        child.send_signal(signal.SIGKILL)
        child.wait()
        holder.rollback()
        gone = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND usename = 'linli_owner'"
        until(lambda: watcher.execute(gone).fetchone() == (0,), "the dead import's backend ended")
    assert child.returncode == -signal.SIGKILL
    left = run(home, "look", file)
    assert left["state"] == "applying"
    assert {name: left[name] for name in before} == before, "nothing is half-applied, and the staged rows are there"

    again = run(home, "apply", file)
    assert (again["state"], again["Resident"], again["Tag"], again["Membership"]) == ("applied", ROWS, ROWS, ROWS)
    assert again["Household"] == ROWS // 3
    assert again["ImportRow"] == 0
    undone = run(home, "undo", file)
    assert undone["state"] == "undone"
    assert {name: undone[name] for name in before if name != "ImportRow"} == {
        name: count for name, count in before.items() if name != "ImportRow"
    }
