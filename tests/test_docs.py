"""The documentation is true: what is generated is fresh, what is cited exists, and links lead somewhere."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.cli.docs import pages, processes
from linli.cli.docs.code import processes as declared
from linli.kernel import clock

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "linli"
TEXTS = {".md", ".py", ".html", ".css", ".js", ".yaml", ".toml", ".txt", ".json", ".sh", ""}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def written() -> Iterator[Path]:
    """Yield every text file of ours."""
    roots = [ROOT / name for name in ("src", "docs", "tests", "scripts", ".ci")]
    loose = [path for path in ROOT.iterdir() if path.is_file() and not path.name.endswith(".lock")]
    for path in (*loose, *(path for root in roots for path in root.rglob("*"))):
        if path.is_file() and path.suffix in TEXTS and "__pycache__" not in path.parts:
            yield path


def pages_of_docs() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made on the usual forges."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).strip() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def test_no_stage_is_gone_without_a_migration_that_moves_what_stood_there() -> None:
    lost = processes.lost_stages(DOCS / "processes")
    assert lost == [], "a removed stage needs a data migration: linli docs generate --moved-by APP.MIGRATION"


def test_the_migrations_named_for_removed_stages_exist() -> None:
    for path in (DOCS / "processes").glob("*.json"):
        for stage, moved_by in json.loads(path.read_text(encoding="utf-8"))["removed"].items():
            app, _dot, name = moved_by.partition(".")
            assert list(SOURCE.glob(f"*/{app}/migrations/{name}.py")), f"{path.stem}.{stage}: no migration {moved_by}"


def test_a_stage_that_vanishes_is_noticed(tmp_path: Path) -> None:
    process = declared()[0]
    snapshot = process.snapshot() | {"stages": {**process.snapshot()["stages"], "looked_at": {"closed": False}}}
    (tmp_path / f"{process.kind}.json").write_text(json.dumps(snapshot), encoding="utf-8")
    assert processes.lost_stages(tmp_path) == [f"{process.kind}.looked_at"]
    kept = processes.snapshot_of(process, snapshot, "cases.0002_move")
    assert kept["removed"] == {"looked_at": "cases.0002_move"}


def test_what_is_generated_is_what_the_code_says() -> None:
    fresh = pages.everything(DOCS)
    stale = [
        str(path.relative_to(ROOT))
        for path, text in fresh.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: linli docs generate"
    folders = ("processes", "reference")
    left = {path for name in folders for path in (DOCS / name).glob("*")} - set(fresh)
    assert left == set(), "these belong to nothing any more"


def test_no_link_in_the_docs_is_dead() -> None:
    dead = []
    for page in pages_of_docs():
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            path, _hash, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            found = (page.parent / path).resolve() if path else page
            there = found.exists() and found.is_relative_to(ROOT)
            if not there or (anchor and anchor not in anchors(found)):
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert dead == []


def test_every_decision_is_in_the_list_once_and_numbered_without_gaps() -> None:
    files = sorted(path.name for path in (DOCS / "adr").glob("*.md") if path.name != "README.md")
    assert [name[:4] for name in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    index = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    for name in files:
        title = (DOCS / "adr" / name).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"| [{name[:4]}]({name}) | {title} |" in index


def test_every_page_of_the_docs_can_be_found_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links if ":" not in link]
    assert {str(path.relative_to(ROOT)) for path in set(DOCS.rglob("*.md")) - seen} == set()


def test_the_coverage_names_every_item_of_the_register_once_and_in_order() -> None:
    text = (DOCS / "coverage.md").read_text(encoding="utf-8")
    assert [int(n) for n in re.findall(r"^\| [A-R]([0-9]+) \|", text, re.MULTILINE)] == list(range(1, 209))


def test_what_the_coverage_cites_exists() -> None:
    rows = [line for line in (DOCS / "coverage.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    wrong = []
    for row in rows:
        number, _gloss, state, where = (cell.strip() for cell in row.strip("|").split("|"))
        cited = re.findall(r"`([\w/.\-]+\.\w+)`", where)
        if state in {"works", "in part"} and (not cited or not all((SOURCE / path).exists() for path in cited)):
            wrong.append(f"{number}: {where}")
        if state == "not yet" and cited:
            wrong.append(f"{number}: says not yet and cites {cited}")
    assert wrong == []


def test_the_coverage_counts_itself_right() -> None:
    text = (DOCS / "coverage.md").read_text(encoding="utf-8")
    said = re.search(r"^Today: (\d+) work, (\d+) in part, (\d+) not yet\.$", text, re.MULTILINE)
    states = re.findall(r"^\| [A-R]\d+ \| [^|]+ \| (works|in part|not yet) \|", text, re.MULTILINE)
    assert said
    assert [int(n) for n in said.groups()] == [states.count(state) for state in ("works", "in part", "not yet")]


def test_nothing_names_a_folder_of_somebodys_machine() -> None:
    folder = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/")
    found = []
    for path in written():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if folder.search(line) and path != Path(__file__):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_screenshots_are_small_and_every_one_is_shown() -> None:
    shots = sorted((DOCS / "screenshots").glob("*.png"))
    assert [path.name for path in shots if path.stat().st_size >= 300_000] == []
    shown = "".join(page.read_text(encoding="utf-8") for page in pages_of_docs())
    assert [path.name for path in shots if path.name not in shown] == []


@pytest.mark.django_db
def test_the_auditors_script_agrees_with_us_and_sees_what_was_changed(world: Any) -> None:
    from linli.affairs.cases.process import CASE
    from linli.kernel.matters import perform, sealing
    from linli.kernel.posts.actors import resident_actor
    from tests.support.world import COMMUNITY

    with clock.using(clock.at(date(2026, 11, 24), 9)):
        data = {"description": "路灯不亮", "area": COMMUNITY}
        matter = perform(process=CASE, action="report", actor=resident_actor(), data=data).matter
        secretary = world.actor("community_secretary")
        perform(matter=matter, action="file", actor=secretary, data={"category": "E0102"})
        sealing.seal()
    script = auditors_script()
    entries, seals, sealed = (rows(sql) for sql in (script.TRAIL, script.SEALS, script.SEALED))
    assert len(entries) == 2
    assert [*script.trail_faults(entries), *script.seal_faults(seals, sealed, entries, None)] == []
    assert list(script.seal_faults(seals, sealed, entries, b"another key")) == [
        "seal 1: signed with another key than the one given"
    ]
    assert any("is gone" in fault for fault in script.seal_faults(seals, sealed, entries[:1], None))
    entries[0]["to_stage"] = "evaluated"
    assert [fault.split(": ")[1] for fault in script.trail_faults(entries)] == ["its columns were changed"]


def auditors_script() -> Any:
    spec = importlib.util.spec_from_file_location("verify", DOCS / "audit" / "verify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(sql: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        for name, value in row.items():
            row[name] = bytes(value) if isinstance(value, memoryview) else value
        if isinstance(row.get("payload"), str):
            row["payload"] = json.loads(row["payload"])
    return found
