"""Papers as PDF, and their charts as pictures, set by Typst with the fonts of :mod:`linli.surfaces.papers.fonts`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import segno
import typst

from linli.surfaces.papers import fonts, layout
from linli.surfaces.papers.model import Block, Chart, Paper, Paragraph, Table, chart_data

HERE = Path(__file__).parent
PICTURE_PPI = 220.0
PAGE_PPI = 96.0

MEASURES: dict[str, Any] = {
    "page_width": layout.PAGE_WIDTH, "page_height": layout.PAGE_HEIGHT, "top": layout.TOP, "bottom": layout.BOTTOM,
    "left": layout.LEFT, "right": layout.RIGHT, "body": layout.BODY, "title": layout.TITLE, "small": layout.SMALL,
    "cell": layout.CELL, "red_head_from_top": layout.RED_HEAD_FROM_TOP, "red": layout.RED,
    "number_below_area": layout.NUMBER_BELOW_AREA,
    "leading": layout.LINE_PITCH - layout.BODY,
    # A hair less than the pitch, so that rounding never pushes the 28th character to the next line.
    "tracking": layout.CHARACTER_PITCH - layout.BODY - 0.01,
    "sign_from_right": 2 * layout.BODY,
}  # fmt: skip


def to_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF/A-2b with its fonts inside."""
    made = _compile("paper.typ", paper=_data(paper), measures=MEASURES, format="pdf", pdf_standards="a-2b")
    return made if isinstance(made, bytes) else made[0]


def pages(paper: Paper, *, ppi: float = PAGE_PPI) -> list[bytes]:
    """Return each page of the paper as a PNG, for a look at it."""
    made = _compile("paper.typ", paper=_data(paper), measures=MEASURES, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else made


def picture(chart: Chart) -> bytes:
    """Return a chart as a PNG as wide as the type area, for papers that hold pictures."""
    made = _compile("chart.typ", chart=chart_data(chart), format="png", ppi=PICTURE_PPI)
    return made if isinstance(made, bytes) else made[0]


def _compile(name: str, *, format: str, ppi: float | None = None, pdf_standards: Any = None, **inputs: Any) -> Any:  # noqa: A002 - the typesetter's word
    values = {key: json.dumps(value, ensure_ascii=False) for key, value in {"fonts": fonts.used(), **inputs}.items()}
    return typst.compile(
        HERE / name, root=HERE, font_paths=fonts.folders(), format=format, ppi=ppi, sys_inputs=values,
        pdf_standards=pdf_standards or [],
    )  # type: ignore[call-overload] # the stubs want each format spelled out  # fmt: skip


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title, "red_head": paper.red_head, "number": paper.number, "marks": paper.head,
        "red_head_size": layout.red_head_size(paper.red_head), "addressee": paper.addressee.rstrip("：:"),
        "attachments": list(paper.attachments), "signed": paper.signed, "day": paper.day, "contact": paper.contact,
        "note": paper.note, "copies": paper.copies.rstrip("。"), "as_of": paper.as_of,
        "qr": _code(paper.qr), "qr_caption": paper.qr_caption,
        "facts": [list(pair) for pair in paper.facts], "blocks": [_block(one) for one in paper.blocks],
    }  # fmt: skip


def _code(content: str) -> str:
    """Return a QR code as SVG, empty for nothing to hold."""
    return segno.make(content, error="m").svg_inline(border=0, omitsize=True) if content else ""


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "text": block.text, "level": block.level}
    if isinstance(block, Table):
        return {
            "type": "table", "caption": block.caption, "columns": list(block.columns), "note": block.note,
            "rows": [list(row) for row in block.rows], "numeric": sorted(block.numeric),
        }  # fmt: skip
    return {"type": "chart", **chart_data(block)}
