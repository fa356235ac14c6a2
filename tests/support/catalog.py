"""The English catalog: what is missing, and filling it in.

    python -m tests.support.catalog extract          # bring django.po up to date with the code
    python -m tests.support.catalog missing          # print {"中文": ""} of all that has no English yet, as JSON
    python -m tests.support.catalog fill FILE.json   # take {"中文": "English"} in, and compile

The strings of Django and allauth are theirs; only ours are extracted. Needs GNU gettext (apt-get install gettext).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
import polib
from django.core.management import call_command

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "linli"
CATALOG = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOG.with_suffix(".mo")


def extract(into: Path) -> Path:
    """Write every marked string of the package into ``into/en/LC_MESSAGES/django.po``; return that file."""
    from django.test import override_settings

    (into / "en" / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    before = Path.cwd()
    # gettext also writes into a "locale" folder that it finds where it stands: it stands where there is none.
    stand = Path(tempfile.mkdtemp())
    for entry in PACKAGE.iterdir():
        if entry.name != "locale":
            (stand / entry.name).symlink_to(entry)
    os.chdir(stand)
    try:
        with override_settings(LOCALE_PATHS=[str(into)]):
            call_command(
                "makemessages",
                locale=["en"],
                extensions=["html", "txt", "py"],
                ignore_patterns=["*/tests/*", "*/migrations/*", "gallery/*", "*/gallery/*"],
                no_location=True,
                no_wrap=True,
                no_obsolete=True,
                symlinks=True,
                verbosity=0,
            )
    finally:
        os.chdir(before)
        shutil.rmtree(stand)
    return into / "en" / "LC_MESSAGES" / "django.po"


def read(path: Path) -> polib.POFile:
    """Return the parsed catalog at ``path``."""
    return polib.pofile(str(path), wrapwidth=0)


def untranslated(catalog: polib.POFile) -> list[polib.POEntry]:
    """Return the entries without English, and those that gettext only guessed."""
    return [entry for entry in catalog if not entry.obsolete and (not entry.translated() or entry.fuzzy)]


def fill(catalog: polib.POFile, english: dict[str, str | list[str]]) -> int:
    """Take ``english`` into ``catalog``; return how many entries it filled. A plural may have both of its forms."""
    filled = 0
    for entry in untranslated(catalog):
        text = english.get(entry.msgid, "")
        if not text:
            continue
        if entry.msgid_plural:
            one, many = text if isinstance(text, list) else (text, text)
            entry.msgstr_plural = {0: one, 1: many}
        else:
            entry.msgstr = text
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgid_plural = None
        filled += 1
    return filled


def save(catalog: polib.POFile) -> None:
    """Write the catalog and its compiled form, without the times that would change at every run."""
    for key in ("POT-Creation-Date", "PO-Revision-Date"):
        catalog.metadata.pop(key, None)
    catalog.metadata["Language"] = "en"
    catalog.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    catalog.save(str(CATALOG))
    catalog.save_as_mofile(str(COMPILED))


def main(arguments: list[str]) -> None:
    """Run one of the three commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    django.setup()
    command = arguments[0] if arguments else "missing"
    if command == "extract":
        extract(PACKAGE / "locale")
    catalog = read(CATALOG)
    if command == "missing":
        print(json.dumps({entry.msgid: "" for entry in untranslated(catalog)}, ensure_ascii=False, indent=1))  # noqa: T201 - this is its output
        return
    if command == "fill":
        english = json.loads(Path(arguments[1]).read_text("utf-8"))
        print(fill(catalog, english), "filled,", len(untranslated(catalog)), "left")  # noqa: T201 - as above
    save(catalog)


if __name__ == "__main__":
    main(sys.argv[1:])
