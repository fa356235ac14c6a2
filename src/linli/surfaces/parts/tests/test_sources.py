"""What templates, style sheets and vendored files may not contain."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from linli.surfaces.parts import icons

ROOT = Path(icons.__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("**/templates/**/*.html"))
SHEETS = sorted(ROOT.glob("**/static/**/*.css"))
VENDORED = {
    "surfaces/field/static/field/vendor/idb/idb.js": "e01b45d2e088a7197e8b41ba9b51a0876969da67cc08e6efbc3d5d7ab6ac836c",
}
"""Scripts that others wrote, with the SHA-256 of what was taken: idb 8.0.4 from npm, build/index.js."""
SCRIPTS = sorted(p for p in ROOT.glob("surfaces/**/static/**/*.js") if "vendor" not in p.parts)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_no_outside_address_and_nothing_inline(path):
    text = path.read_text("utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/)", text), "an outside address"
    assert not re.search(r"\sstyle\s*=|<style", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, "inline script"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_symbol_a_template_names_is_in_the_sprite(path):
    named = set(re.findall(r'{%\s*icon\s+"([^"]+)"', path.read_text("utf-8")))
    assert named <= set(icons.NAMES), named - set(icons.NAMES)


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_style_sheet_is_plain_and_stands_on_the_floor_of_chromium_102(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert "http" not in text
    for modern in (":has(", "oklch(", "color-mix(", "@container", "light-dark(", "@scope", "&"):
        assert modern not in text, modern
    assert "@layer" in text
    assert not nested_rules(text), "a rule inside a rule"


def nested_rules(text: str) -> list[str]:
    """Return selectors that stand inside another rule; at-rules may hold rules."""
    stack: list[bool] = []
    found = []
    for prelude, brace in re.findall(r"([^{};]*)([{};])", text):
        head = prelude.strip()
        if brace == "{":
            if stack and stack[-1] and not head.startswith("@"):
                found.append(head)
            stack.append(not head.startswith("@") or head.startswith("@page"))
        elif brace == "}":
            stack.pop()
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_reaches_nothing_outside(path):
    text = path.read_text("utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
    assert "innerHTML" not in text
    assert "eval(" not in text


def test_vendored_files_are_what_the_manifest_says():
    manifest = json.loads(icons.MANIFEST.read_text("utf-8"))
    assert manifest["version"] == icons.VERSION
    for file, digest in manifest["sha256"].items():
        assert hashlib.sha256((icons.FOLDER / file).read_bytes()).hexdigest() == digest
    assert "ISC License" in icons.LICENCE.read_text("utf-8")


def test_the_map_engine_is_what_its_manifest_says():
    folder = ROOT / "surfaces/parts/static/parts/vendor/maplibre"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "manifest.json"}
    assert found == manifest["sha256"]
    assert "Redistribution and use" in (folder / "LICENSE.txt").read_text("utf-8")
    for script in folder.glob("*.mjs"):
        text = script.read_text("utf-8")
        assert "new Function" not in text, "our pages refuse code made from text"
        assert not re.search(r"""(?:from|import\()\s*["']https?:""", text)


def test_vendored_scripts_are_what_was_taken_and_none_is_unknown():
    found = {name(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in ROOT.glob("**/static/**/vendor/**/*.js")}
    assert found == VENDORED


def test_the_sprite_has_every_symbol_by_name():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', icons.SPRITE.read_text("utf-8")))
    assert drawn == set(icons.NAMES)
