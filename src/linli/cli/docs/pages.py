"""All generated files together."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from linli.cli.docs import models, processes, reference


def everything(into: Path, moved_by: str = "") -> dict[Path, str]:
    """Return the text of every generated file under the documentation folder ``into``, in the source language."""
    with translation.override("zh-hans"):
        return {
            into / "data-dictionary.md": models.page(),
            **processes.files(into / "processes", moved_by),
            **{into / "reference" / name: text for name, text in reference.pages().items()},
        }
