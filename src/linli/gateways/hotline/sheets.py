"""Reading a workbook into rows of text, and writing one; nothing in a cell is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError
from linli.kernel.evidence import workbooks

MOST_ROWS = 5000
MOST_BYTES = 10 * 1024 * 1024
HEADER_WITHIN = 10


class BadSheet(UserError):
    """The file is no workbook, or not one of this layout."""

    code = "bad_sheet"
    status = 422

    def __init__(self, message: object) -> None:
        super().__init__(message, field="file")


def read(content: bytes, wanted: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return (line, ``{heading: text}``) of the first sheet that has the headings ``wanted``.

    Titles above the headings are skipped, empty lines left out, empty cells ``""``. ``line`` counts from 1 as
    spreadsheets do. Raises :class:`BadSheet`.
    """
    if len(content) > MOST_BYTES:
        raise BadSheet(_("文件超过 %(n)d MB，请分成几个文件。") % {"n": MOST_BYTES // 1024 // 1024})
    nearest: list[str] = list(wanted)
    try:
        with closing(workbooks.sheets(content)) as sheets:
            for sheet in sheets:
                for number, line in enumerate(islice(sheet.rows, HEADER_WITHIN), start=1):
                    headings = [_text(cell) for cell in line]
                    missing = [name for name in wanted if name not in headings]
                    if not missing:
                        return _rows(headings, sheet.rows, number + 1)
                    if len(missing) < len(nearest):
                        nearest = missing
    except workbooks.Unreadable as error:
        raise BadSheet(_("读不出这个文件：请用 Excel 或 WPS 另存为 .xlsx 再上传。")) from error
    except workbooks.TooLarge as error:
        raise BadSheet(_("文件解开后太大，请只保留工单表。")) from error
    raise BadSheet(
        _("找不到栏目：%(columns)s。请核对表头，或在政策“外部工单版式”中改栏目名。") % {"columns": "、".join(nearest)}
    )


def _rows(headings: list[str], lines: Iterable[Sequence[Any]], first: int) -> list[tuple[int, dict[str, str]]]:
    found = []
    for number, line in enumerate(lines, start=first):
        row = {heading: _text(cell) for heading, cell in zip(headings, line, strict=False) if heading}
        if any(row.values()):
            found.append((number, row))
    if len(found) > MOST_ROWS:
        raise BadSheet(_("一次最多 %(n)d 行，这个文件有 %(rows)d 行，请分开。") % {"n": MOST_ROWS, "rows": len(found)})
    return found


def _text(cell: Any) -> str:
    """Return a cell as people read it: no .0 behind a telephone number, moments to the minute."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def write(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook with one sheet of text."""
    import xlsxwriter

    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, wrapped)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(0, len(headings) - 1), 18)
    return out.getvalue()
