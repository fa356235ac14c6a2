"""The bill of materials is whole and valid, and no licence in it is one that the product may not carry."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import inventory  # noqa: E402 - a script, not a package


def test_the_bill_of_materials_is_valid_and_names_every_locked_package() -> None:
    text = inventory.sbom()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    parts = json.loads(text)["components"]
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert {(n.lower(), v) for n, v in pins} == {(part["name"], part["version"]) for part in parts}
    assert all(part["hashes"] and part["purl"].startswith("pkg:pypi/") for part in parts)


def test_every_package_names_a_licence_that_the_product_may_carry() -> None:
    assert inventory.problems() == []


def test_the_list_of_licences_names_every_locked_package() -> None:
    page = inventory.PAGE.read_text(encoding="utf-8")
    assert [pin.name for pin in inventory.locked() if f"| {pin.name} | {pin.version} |" not in page] == []


@pytest.mark.parametrize(
    ("stated", "refused"),
    [("AGPL-3.0-only", True), ("GPL-3.0-only", True), ("SSPL-1.0", True), ("MIT", False), ("LGPL-3.0-only", False),
     ("GNU Lesser General Public License v3", False)],
)  # fmt: skip
def test_strong_copyleft_is_refused(stated: str, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "locked", lambda: [inventory.Pin("something", "1", [])])
    monkeypatch.setattr(inventory, "licence_of", lambda _name: stated)
    assert bool(inventory.problems()) is refused
