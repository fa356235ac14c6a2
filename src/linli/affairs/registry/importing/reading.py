"""Reading a file: csv in any of the usual encodings, xlsx and xls with several sheets; row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError
from linli.kernel.evidence import workbooks

MOST_IN_XLSX = 200_000
_LOOK = 1 << 20
csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and its rows as (line, cells), the first line being 1."""

    name: str
    rows: Iterator[tuple[int, list[Any]]]


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of a file, each to be read before the next is asked for.

    Raises :class:`UserError` on ``file`` for what is no table, or for more rows than an xlsx may have here.
    """
    kind = path.suffix.lower()
    if kind in {".csv", ".txt"}:
        yield Sheet("", _csv(path))
    elif kind in {".xlsx", ".xlsm", ".xls"}:
        yield from _workbook(path)
    else:
        raise UserError(_("请上传 xlsx、xls 或 csv 文件。"), field="file")


def encoding_of(path: Path) -> str:
    """Return how a text file is encoded: UTF-8 with or without its mark, UTF-16, else GB 18030 (GBK's superset)."""
    with path.open("rb") as stream:
        head = stream.read(_LOOK)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        # The last character may be cut in two by the end of what was looked at.
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _csv(path: Path) -> Iterator[tuple[int, list[Any]]]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="", errors="strict") as stream:
        try:
            head = stream.read(4096)
            stream.seek(0)
            yield from enumerate(csv.reader(stream, delimiter=_delimiter(head)), start=1)
        except (UnicodeDecodeError, csv.Error) as error:
            raise UserError(_("文件读不完整：请另存为“CSV UTF-8”后重新上传。"), field="file") from error


def _delimiter(head: str) -> str:
    line = head.partition("\n")[0]
    return max((",", "\t", ";", "，"), key=line.count)


def _workbook(path: Path) -> Iterator[Sheet]:
    try:
        for sheet in workbooks.sheets(path):
            if sheet.height > MOST_IN_XLSX:
                raise UserError(
                    _("工作表“%(sheet)s”有 %(rows)d 行；xlsx 最多 %(most)d 行，更多请另存为 CSV 再导入。")
                    % {"sheet": sheet.name, "rows": sheet.height, "most": MOST_IN_XLSX},
                    field="file",
                )
            yield Sheet(sheet.name, _numbered(sheet))
    except workbooks.Unreadable as error:
        raise _broken() from error
    except workbooks.TooLarge as error:
        raise _too_large() from error


def _numbered(sheet: workbooks.Sheet) -> Iterator[tuple[int, list[Any]]]:
    try:
        yield from enumerate(sheet.rows, start=1)
    except workbooks.Unreadable as error:
        raise _broken() from error
    except workbooks.TooLarge as error:
        raise _too_large() from error


def _broken() -> UserError:
    return UserError(_("这个文件打不开：可能不是表格、已损坏或有密码。"), field="file")


def _too_large() -> UserError:
    text = _(
        "表格解开后太大：常见原因是很远的地方有一个单元格写过字。请只复制有内容的部分到新表，或另存为 CSV 再导入。"
    )
    return UserError(text, field="file")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in parts."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
