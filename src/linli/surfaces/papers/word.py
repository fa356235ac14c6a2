"""Papers as Word files in the layout of GB/T 9704, to be edited, signed and sent by people."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from linli.surfaces.papers import fonts, layout
from linli.surfaces.papers.model import Block, Paper, Paragraph, Table
from linli.surfaces.papers.typeset import picture

LEVELS = ("body", "heading", "second", "body", "body")
TWIPS = 20
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def to_word(paper: Paper) -> bytes:
    """Return the paper as a .docx file."""
    file = Document()
    _prepare(file)
    _head(file, paper)
    for block in paper.blocks:
        _block(file, block)
    _foot(file, paper)
    file.core_properties.title = paper.title
    file.core_properties.author = paper.signed
    file.core_properties.comments = ""
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


# -- the page ----------------------------------------------------------------------------------------------------


def _prepare(file: Any) -> None:
    section = file.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(layout.PAGE_WIDTH), Pt(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Pt(layout.TOP), Pt(layout.BOTTOM)
    section.left_margin, section.right_margin = Pt(layout.LEFT), Pt(layout.RIGHT)
    section.header_distance = Pt(layout.TOP / 2)
    section.footer_distance = Pt(layout.BOTTOM - layout.NUMBER_BELOW_AREA - layout.SMALL)
    _grid(section)
    normal = file.styles["Normal"]
    _font(normal, "body", layout.BODY)
    normal.element.get_or_add_rPr().append(_element("w:lang", **{"w:val": "zh-CN", "w:eastAsia": "zh-CN"}))
    _pitch(normal.paragraph_format, layout.LINE_PITCH)
    file.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, RIGHT)
    _page_number(section.even_page_footer, LEFT)
    _name_alternatives(file)


def _grid(section: Any) -> None:
    """Lay the grid of 22 lines of 28 characters (w:docGrid counts twips, and 1/4096 of a point beyond the type)."""
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(layout.LINE_PITCH * TWIPS)))
    grid.set(qn("w:charSpace"), str(round((layout.CHARACTER_PITCH - layout.BODY) * 4096)))


def _page_number(footer: Any, side: Any) -> None:
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.alignment = side
    indent = {"w:rightChars": "100"} if side is RIGHT else {"w:leftChars": "100"}
    line._p.get_or_add_pPr().append(_element("w:ind", **indent))
    _run(line, "— ", "number", layout.SMALL)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _run(line, "", "number", layout.SMALL)
        if kind:
            run._r.append(_element("w:fldChar", **{"w:fldCharType": kind}))
        else:
            code = _element("w:instrText")
            code.text = text
            run._r.append(code)
    _run(line, " —", "number", layout.SMALL)


def _name_alternatives(file: Any) -> None:
    """Say in the font table what stands in where an official font is not installed."""
    part = next(rel.target_part for rel in file.part.rels.values() if rel.reltype.endswith("/fontTable"))
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in fonts.ALTERNATIVES.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space}">{rows}</w:fonts>'
    assert isinstance(part, Part)  # noqa: S101 - python-docx has no class of its own for it
    part._blob = xml.encode()


# -- small things --------------------------------------------------------------------------------------------------


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    return made


def _font(styled: Any, role: str, size: float) -> None:
    """Set size and font, for Chinese and for Latin letters."""
    name = fonts.official(role)
    styled.font.name, styled.font.size = name, Pt(size)
    properties = styled.element.get_or_add_rPr() if hasattr(styled, "element") else styled._r.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _run(line: Any, text: str, role: str = "body", size: float = layout.BODY) -> Any:
    run = line.add_run(text)
    _font(run, role, size)
    return run


def _pitch(form: Any, points: float) -> None:
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)
    form.space_before = form.space_after = Pt(0)


def _line(
    file: Any, text: str = "", *, role: str = "body", size: float = layout.BODY, side: Any = None, first: int = 0
) -> Any:
    """Add a paragraph; ``first`` is how many characters its first line is moved in."""
    line = file.add_paragraph()
    line.alignment = side
    if first:
        line._p.get_or_add_pPr().append(_element("w:ind", **{"w:firstLineChars": str(first * 100)}))
    if text:
        _run(line, text, role, size)
    return line


# -- head and foot ---------------------------------------------------------------------------------------------------


def _head(file: Any, paper: Paper) -> None:
    for mark in paper.head:
        _line(file, mark, side=RIGHT)
    if paper.red_head:
        size = layout.red_head_size(paper.red_head)
        line = _line(file, side=CENTRE)
        _run(line, paper.red_head, "title", size).font.color.rgb = RGBColor.from_string(layout.RED)
        _pitch(line.paragraph_format, size * 1.3)
        line.paragraph_format.space_before = Pt(layout.RED_HEAD_FROM_TOP)
        _line(file)
    if paper.number or paper.red_head:
        number = _line(file, paper.number, side=CENTRE)
        if paper.red_head:
            _rule(number, "bottom", layout.RED)
            _line(file)
    title = _line(file, paper.title, role="title", size=layout.TITLE, side=CENTRE)
    _pitch(title.paragraph_format, layout.TITLE + 13)
    if paper.as_of:
        _line(file, paper.as_of, role="second", size=layout.SMALL, side=CENTRE)
    _line(file)
    for label, value in paper.facts:
        line = _line(file)
        _run(line, f"{label}：", "heading")
        _run(line, value)
    if paper.addressee:
        _line(file, f"{paper.addressee.rstrip('：:')}：")


def _rule(line: Any, side: str, colour: str) -> None:
    borders = _element("w:pBdr")
    borders.append(_element(f"w:{side}", **{"w:val": "single", "w:sz": "12", "w:space": "8", "w:color": colour}))
    line._p.get_or_add_pPr().append(borders)


def _foot(file: Any, paper: Paper) -> None:
    for at, name in enumerate(paper.attachments, 1):
        number = f"{at}." if len(paper.attachments) > 1 else ""
        text = f"附件：{number}{name}" if at == 1 else f"　　　{number}{name}"
        _line(file, text, first=2)
    if paper.signed or paper.day:
        _line(file)
        _signature(file, paper)
    if paper.contact:
        _line(file, paper.contact)
    if paper.note:
        _line(file, f"（{paper.note}）", first=2)
    if paper.copies:
        line = _line(file, f"抄送：{paper.copies.rstrip('。')}。", size=layout.SMALL)
        _rule(line, "top", "000000")
        line._p.pPr.find(qn("w:pBdr")).append(
            _element("w:bottom", **{"w:val": "single", "w:sz": "8", "w:space": "4", "w:color": "000000"})
        )


def _signature(file: Any, paper: Paper) -> None:
    """Name above date, the date four characters from the right edge, the name centred over it."""
    width = sum(0.5 if letter.isdigit() else 1.0 for letter in paper.day)
    over = 4 + (width - len(paper.signed)) / 2
    for text, right in ((paper.signed, max(over, 0.0)), (paper.day, max(4.0, 4 - over if over < 0 else 4.0))):
        if text:
            line = _line(file, text, side=RIGHT)
            line.paragraph_format.keep_with_next = text != paper.day
            line._p.get_or_add_pPr().append(_element("w:ind", **{"w:rightChars": str(round(right * 100))}))


# -- what stands between -----------------------------------------------------------------------------------------------


def _block(file: Any, block: Block) -> None:
    if isinstance(block, Paragraph):
        line = _line(file, block.text, role=LEVELS[block.level], first=2)
        line.paragraph_format.keep_with_next = block.level > 0
    elif isinstance(block, Table):
        _table(file, block)
    else:
        line = _line(file, side=CENTRE)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        shown = line.add_run().add_picture(io.BytesIO(picture(block)), width=Pt(layout.AREA_WIDTH))
        shown._inline.docPr.set("descr", str(block.title))


def _table(file: Any, table: Table) -> None:
    caption = _line(file, table.caption, role="heading", size=layout.SMALL, side=CENTRE)
    caption.paragraph_format.keep_with_next = True
    made = file.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    # The head of a long table stands on each of its pages.
    made.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell, name in zip(made.rows[0].cells, table.columns, strict=True):
        _cell(cell, name, "heading", CENTRE)
    for row in table.rows:
        for at, (cell, text) in enumerate(zip(made.add_row().cells, row, strict=True)):
            _cell(cell, text, "body", RIGHT if at in table.numeric else LEFT)
    _line(file, table.note, role="second", size=10.5)


def _cell(cell: Any, text: str, role: str, side: Any) -> None:
    line = cell.paragraphs[0]
    line.alignment = side
    _pitch(line.paragraph_format, layout.CELL * 1.5)
    _run(line, text, role, layout.CELL)
