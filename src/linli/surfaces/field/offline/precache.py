"""What the service worker keeps so that the field opens without a network: the shell and its static files.

The version follows from their content, so a phone fetches a new set exactly when something of it changed.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

from linli.surfaces import field, parts

#: The packages whose static files the shell uses, and the folders of theirs that it does not.
SOURCES = (parts, field)
NOW = re.compile(r'data-now="\d+"')
"""The moment that every page carries: no reason to fetch everything anew."""
KINDS = frozenset({".css", ".js", ".svg", ".png"})


@cache
def names() -> tuple[str, ...]:
    """Return the plain names of every static file of the shell."""
    found: list[str] = []
    for package in SOURCES:
        for top in package.__path__:
            root = Path(top) / "static"
            found += [p.relative_to(root).as_posix() for p in root.rglob("*") if p.suffix in KINDS]
    return tuple(sorted(found))


def addresses() -> list[str]:
    """Return their addresses as pages name them, hashed once collected."""
    return [static(name) for name in names()]


def version(shell: str) -> str:
    """Return a name for the present set: the static files' content, and the shell's HTML."""
    return hashlib.sha256(f"{_files()}\n{NOW.sub('', shell)}".encode()).hexdigest()[:16]


@cache
def _files() -> str:
    digest = hashlib.sha256()
    for name in names():
        path = finders.find(name)
        content = Path(path).read_bytes() if isinstance(path, str) else _collected(name)
        digest.update(f"{name}\n".encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _collected(name: str) -> bytes:
    with staticfiles_storage.open(name) as file:
        return bytes(file.read())
