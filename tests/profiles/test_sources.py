"""Every source that a policy names is one that the docs list; samples and gaps are said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linli.kernel.policy import files

DOCS = Path(__file__).resolve().parents[2] / "docs"
PROFILES = sorted(p for p in files.SHIPPED.parent.iterdir() if (p / "areas.yaml").exists() or p == files.SHIPPED)


def items(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict):
        if "evidence" in body:
            yield body
        for child in body.values():
            yield from items(child)
    elif isinstance(body, list):
        for child in body:
            yield from items(child)


def listed() -> set[str]:
    known: set[str] = set()
    for name in ("register.md", "sources.md"):
        text = (DOCS / name).read_text(encoding="utf-8")
        known |= set(re.findall(r"^\| ([A-S][0-9]+[a-d]?)", text, re.MULTILINE))
    return known | {"R31", "R32", "R33"}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.name)
def test_every_source_is_listed_in_the_docs(profile: Path):
    read = files.read(profile)
    assert read.problems == []
    known = listed()
    for name, body in read.bodies.items():
        for item in items(body):
            for source in item["source"].split():
                assert source in known, (name, source)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.name)
def test_whatever_is_said_to_come_from_somewhere_says_from_where(profile: Path):
    for name, body in files.read(profile).bodies.items():
        for item in items(body):
            if item["evidence"] in {"a", "b"}:
                assert item["source"], (name, item)
            if item["evidence"] == "a":
                assert re.search(r"\bS[0-4]\b", item["source"]), (name, item)


def test_the_register_has_all_208_items_in_order():
    text = (DOCS / "register.md").read_text(encoding="utf-8")
    numbers = [int(n) for n in re.findall(r"^\| [A-R]([0-9]+) \|", text, re.MULTILINE)]
    assert numbers == list(range(1, 209))
