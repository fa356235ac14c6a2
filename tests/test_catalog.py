"""The English catalog is complete, keeps every placeholder, and is the one that was compiled."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.support import catalog

PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ #0]*\d*(?:\.\d+)?([a-zA-Z])|{(\w+)}")


@pytest.fixture(scope="module")
def english():
    return catalog.read(catalog.CATALOG)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="GNU gettext is not installed: apt-get install gettext")
def test_every_string_of_the_code_is_in_the_catalog(english, tmp_path):
    marked = {entry.msgid for entry in catalog.read(catalog.extract(tmp_path))}
    known = {entry.msgid for entry in english if not entry.obsolete}
    assert marked - known == set(), "run: python -m tests.support.catalog extract"


def test_every_string_has_its_english(english):
    missing = [entry.msgid for entry in catalog.untranslated(english)]
    assert missing == [], "run: python -m tests.support.catalog missing"


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="GNU gettext is not installed: apt-get install gettext")
def test_gettext_can_read_the_catalog_that_the_next_extraction_merges_into():
    done = subprocess.run(
        [str(shutil.which("msgfmt")), "--check-format", "--output-file=/dev/null", str(catalog.CATALOG)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_english_texts_keep_chinese_only_where_it_must_be_typed(english):
    """A heading of a file, a sample number: quoted as it stands in the Chinese text, within an English sentence."""
    for entry in english:
        kept = re.findall(r"[\u4e00-\u9fff]+", entry.msgstr)
        assert all(run in entry.msgid for run in kept), entry.msgid
        in_a_sentence = len("".join(kept)) < 2 * len(re.findall(r"[A-Za-z]", entry.msgstr))
        assert in_a_sentence or not kept or entry.msgstr.startswith("e.g."), entry.msgid


def test_placeholders_are_the_same_in_both_languages(english):
    wrong = [
        entry.msgid
        for entry in english
        if entry.msgstr and sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert wrong == []


def test_the_compiled_catalog_is_the_one_in_the_source(english):
    import polib

    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(catalog.COMPILED))}
    source = {entry.msgid: entry.msgstr for entry in english if entry.translated() and not entry.msgid_plural}
    assert {msgid: compiled.get(msgid) for msgid in source} == source
