"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import linli
from linli.kernel.matters.declare import PROCESSES

SOURCE = Path(linli.__file__).parent
MATTERS = SOURCE / "kernel" / "matters"
OWN = {"Matter", "ClockRun", "TrailEntry", "TrailPayload", "Seal", "SealedHead", "Approval"}
WRITERS = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "update", "delete"}
COLUMNS = {"stage", "is_open", "trail_head", "version", "due_at", "closed_at", "resident_due_at", "awaits", "expected"}


def files(*without: Path) -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        inside = any(path.is_relative_to(folder) for folder in without)
        if not inside and not {"tests", "migrations"} & set(path.parts):
            yield path


def breaches(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = _imported_from_matters(tree)
    for node in ast.walk(tree):
        where = f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in ours:
                yield f"{where} makes a {called.id}"
            if isinstance(called, ast.Attribute) and called.attr in WRITERS and _manager_of(called.value) in OWN:
                yield f"{where} writes {_manager_of(called.value)} rows"
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                spine = isinstance(target, ast.Attribute) and target.attr in COLUMNS
                if spine and "matter" in ast.unparse(target.value):
                    yield f"{where} sets {ast.unparse(target)}"


def _imported_from_matters(tree: ast.AST) -> set[str]:
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "linli.kernel.matters.models"]
    return {name.asname or name.name for node in imports for name in node.names if name.name in OWN}


def _manager_of(node: ast.AST) -> str:
    """Return the model whose manager or query set ``node`` is, as far as the text shows."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name):
            return node.value.id
        node = node.func if isinstance(node, ast.Call) else node.value
    return ""


def _constant(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_only_matters_sets_a_stage_starts_a_clock_or_writes_the_trail() -> None:
    found = [breach for path in files(MATTERS) for breach in breaches(path)]
    assert found == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    bad = SOURCE / "affairs" / "_bad_example.py"
    text = (
        "from linli.kernel.matters.models import ClockRun\n"
        "Matter.objects.filter(pk=1).update(stage='x')\nt.matter.stage = 'x'\nClockRun(matter=m)\n"
    )
    try:
        bad.write_text(text, encoding="utf-8")
        assert len(list(breaches(bad))) == 3
    finally:
        bad.unlink()


@pytest.mark.parametrize("room", ["kernel", "surfaces"])
def test_the_kernel_and_the_surfaces_name_no_kind_of_an_affair(room: str) -> None:
    kinds = {
        kind
        for kind, process in PROCESSES.items()
        if process.detail is None or process.detail.__module__.startswith("linli.affairs")
    } - {"toy", "toy_share"}
    named = []
    for path in files():
        if not path.is_relative_to(SOURCE / room):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                literals = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
                if kinds & {value for value in literals if isinstance(value, str)} and "kind" in ast.unparse(node):
                    named.append(f"{path.relative_to(SOURCE)}:{node.lineno} {ast.unparse(node)}")
            if isinstance(node, ast.keyword) and node.arg == "kind" and _constant(node.value) in kinds:
                named.append(f"{path.relative_to(SOURCE)}:{node.value.lineno} kind={_constant(node.value)!r}")
    assert named == []
