"""Official papers: one small model, written as Word (GB/T 9704 layout) and as PDF with its fonts inside.

An affair makes a :class:`Paper` from plain text and figures; how it looks is decided here, once for every paper.
Classified papers have no place in this product: a paper has no 密级, and nothing here prints one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from linli.surfaces.papers.model import Block, Chart, Paper, Paragraph, Table
from linli.surfaces.papers.writing import level_of, ordinal, read

if TYPE_CHECKING:
    from linli.surfaces.papers.fonts import missing
    from linli.surfaces.papers.typeset import pages, to_pdf
    from linli.surfaces.papers.word import to_word

# The libraries that write files come when a file is asked for: the web process at rest does without them.
_HOME = {"missing": "fonts", "pages": "typeset", "to_pdf": "typeset", "to_word": "word"}

__all__ = [
    "Block",
    "Chart",
    "Paper",
    "Paragraph",
    "Table",
    "level_of",
    "missing",
    "ordinal",
    "pages",
    "read",
    "to_pdf",
    "to_word",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
