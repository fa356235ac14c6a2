"""Settings from the environment: typed, with ``_FILE`` secrets that fail loudly."""

from __future__ import annotations

import os
from pathlib import Path


class BadSetting(Exception):
    """A setting is missing or malformed; the text says which and what to do."""


def text(name: str, default: str = "") -> str:
    """Return the setting ``name``; ``NAME_FILE`` may point at a file that holds it instead."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE={file}: {error.strerror}; create the file or unset the variable") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether ``name`` is switched on (1, true, yes, on)."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """Return ``name`` as a whole number. Raises ``BadSetting`` when it is not one."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(f"{name}={value!r} must be a whole number") from error


def home() -> Path:
    """Return the data folder: ``LINLI_HOME``, or ``.linli`` in the working directory."""
    return Path(os.environ.get("LINLI_HOME", ".linli")).resolve()
