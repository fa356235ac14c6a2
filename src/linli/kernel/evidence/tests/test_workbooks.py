"""Workbooks are read apart from the process that serves people: what would kill a reader kills only itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from linli.kernel.evidence import workbook_child, workbooks


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("表"))
    return out.getvalue()


def read(content: bytes) -> list[tuple[str, list[list[workbooks.Cell]]]]:
    return [(sheet.name, list(sheet.rows)) for sheet in workbooks.sheets(content)]


def test_every_sheet_is_read_with_its_types_from_its_first_line() -> None:
    def fill(book: Any, first: Any) -> None:
        first.write_row(2, 0, ["姓名", "日期", "数"])
        first.write_string(3, 0, "张三")
        first.write_datetime(3, 1, date(2026, 3, 11), book.add_format({"num_format": "yyyy-mm-dd"}))
        first.write_number(3, 2, 1.5)
        first.write_boolean(3, 3, True)
        for n in range(450):
            first.write_number(4 + n, 0, n)
        book.add_worksheet("空")
        book.add_worksheet("尾").write(0, 0, "最后")

    sheets = read(workbook(fill))
    assert [name for name, _rows in sheets] == ["表", "空", "尾"]
    assert not any(any(row) for row in sheets[0][1][:2]), "empty lines count, so that a line's number is the sheet's"
    rows = sheets[0][1][2:]
    assert rows[0][:3] == ["姓名", "日期", "数"]
    assert rows[1][0] == "张三"
    assert rows[1][1] == date(2026, 3, 11)
    assert rows[1][2:] == [1.5, True]
    assert [row[0] for row in rows[2:]] == list(range(450))
    assert sheets[2][1] == [["最后"]]


def test_who_reads_only_the_beginning_leaves_no_reader_behind() -> None:
    with closing(workbooks.sheets(workbook(lambda _book, sheet: sheet.write_column(0, 0, range(3000))))) as found:
        sheet = next(found)
        assert next(sheet.rows) == [0.0]


def test_one_cell_in_the_farthest_corner_harms_nobody() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "x")

    content = workbook(fill)
    assert len(content) < 10_000
    with pytest.raises(workbooks.TooLarge):
        read(content)


def test_a_bomb_is_too_large_and_one_whose_directory_lies_is_no_better() -> None:
    sheet = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 2
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lambda _book, first: first.write(0, 0, "x")))) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = sheet + b" " * (64 << 20) + b"</sheetData></worksheet>"
            made.writestr(entry.filename, content)
    assert len(out.getvalue()) < 200_000
    assert [name for name, _rows in read(out.getvalue())] == ["表"], "what is padded with nothing is read"


@pytest.mark.parametrize(
    "content", [b"", b"x", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_workbook_is_unreadable(content: bytes) -> None:
    with pytest.raises(workbooks.Unreadable):
        read(content)


def test_a_reader_that_dies_in_the_middle_does_not_pass_for_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text('print(\'{"sheet": "表", "height": 3}\'); print("[[1], [2]]"); print("[[", end="")')
    monkeypatch.setattr(workbook_child, "__file__", str(dying))
    sheets = workbooks.sheets(b"")
    rows = next(sheets).rows
    assert [next(rows), next(rows)] == [[1], [2]]
    with pytest.raises(workbooks.TooLarge):
        next(rows)
