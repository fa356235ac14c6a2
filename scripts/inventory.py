"""What the product is made of: a bill of materials (CycloneDX 1.6) and the list of licences.

    python scripts/inventory.py [--check]

Reads requirements.lock and the metadata of what is installed; writes build/sbom.cdx.json and docs/licences.md. With
``--check`` it writes nothing and fails when docs/licences.md is not what it would write, or when a package names no
licence or one that the product may not be shipped with.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
LOCK, SBOM, PAGE = ROOT / "requirements.lock", ROOT / "build" / "sbom.cdx.json", ROOT / "docs" / "licences.md"
# What may not be in a product that is shipped under Apache-2.0 and run by others over a network.
REFUSED = re.compile(r"\b(AGPL|SSPL|BUSL|Commons Clause|Proprietary|GPL(?!.*(exception|LGPL)))", re.IGNORECASE)
LESSER = re.compile(r"\bL(esser )?GPL|Lesser General Public", re.IGNORECASE)
# Packages whose metadata name no licence, and where it was read instead.
READ_BY_HAND = {"qrcode": "BSD-3-Clause"}  # its LICENSE file; a classifier says "Other" because of the name in it

HEAD = """\
# Licences

Written by `make inventory` from `requirements.lock`. Linli itself is under Apache-2.0 ([LICENSE](../LICENSE)); what it
carries in its own folders is in [NOTICE](../NOTICE). Packages under the LGPL are used as they are, as separate packages
that anybody may replace.

| package | version | licence |
| --- | --- | --- |
"""


class Pin(NamedTuple):
    """A package as the lock pins it; one may be pinned twice, for different Pythons."""

    name: str
    version: str
    hashes: list[str]


def locked() -> list[Pin]:
    """Return every package that is installed with the product, by name."""
    found: list[Pin] = []
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        pinned = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line)
        if pinned:
            found.append(Pin(pinned[1].lower(), pinned[2], []))
        for digest in re.findall(r"--hash=sha256:([0-9a-f]{64})", line):
            found[-1].hashes.append(digest)
    return sorted(found)


def licence_of(name: str) -> str:
    """Return the licence that the package states: its expression, its classifiers, or its short text."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed on this system"
    if told["License-Expression"]:
        return str(told["License-Expression"])
    classified = [c.split(" :: ")[-1] for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    classified = [c for c in classified if c != "OSI Approved"]
    if classified:
        return ", ".join(classified)
    text = str(told["License"] or "").strip()
    return text.splitlines()[0][:80] if text else ""


def sbom() -> str:
    """Return the bill of materials as CycloneDX 1.6 JSON."""
    bom = Bom()
    product = Component(
        type=ComponentType.APPLICATION, name="linli", version=metadata.version("linli"),
        licenses=[DisjunctiveLicense(id="Apache-2.0")],
    )  # fmt: skip
    bom.metadata.component = product
    parts = []
    for name, version, digests in locked():
        stated = licence_of(name)
        part = Component(
            type=ComponentType.LIBRARY, name=name, version=version, purl=PackageURL("pypi", name=name, version=version),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in digests[:1]],
            licenses=[DisjunctiveLicense(name=stated)] if stated else [],
        )  # fmt: skip
        bom.components.add(part)
        parts.append(part)
    bom.register_dependency(product, parts)
    return str(JsonV1Dot6(bom).output_as_string(indent=1)) + "\n"


def page() -> str:
    """Return docs/licences.md."""
    rows = [f"| {name} | {version} | {licence_of(name)} |" for name, version, _hashes in locked()]
    return HEAD + "\n".join(rows) + "\n"


def problems() -> list[str]:
    """Return which packages name no licence, or one that the product may not carry."""
    found = []
    for name in sorted({pin.name for pin in locked()}):
        stated = licence_of(name)
        if not stated:
            found.append(f"{name}: names no licence; read it and add it to READ_BY_HAND")
        elif REFUSED.search(stated) and not LESSER.search(stated):
            found.append(f"{name}: {stated}")
    return found


def main() -> int:
    """Write, or check."""
    wrong = problems()
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") != page():
            wrong.append("docs/licences.md is stale: make inventory")
    else:
        SBOM.parent.mkdir(exist_ok=True)
        SBOM.write_text(sbom(), encoding="utf-8")
        PAGE.write_text(page(), encoding="utf-8")
    print("\n".join(wrong) or f"{len(locked())} packages, every licence known.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
