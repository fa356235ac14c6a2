"""Official papers: one small model, written as Word (GB/T 9704 layout) and as PDF with its fonts inside.

An affair makes a :class:`Paper` from plain text and figures; how it looks is decided here, once for every paper.
Classified papers have no place in this product: a paper has no 密级, and nothing here prints one.
"""

from linli.surfaces.papers.fonts import missing
from linli.surfaces.papers.model import Block, Chart, Paper, Paragraph, Table
from linli.surfaces.papers.typeset import pages, to_pdf
from linli.surfaces.papers.word import to_word
from linli.surfaces.papers.writing import level_of, ordinal, read

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
