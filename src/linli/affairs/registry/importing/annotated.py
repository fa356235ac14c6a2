"""The file given back with its problems: beside each row what is wrong, to correct and feed in again.

Only the table is given back, without the titles above it, so each row also says which row of the file it was: a
problem names another row by that number.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.registry.importing import headings, reading, staging
from linli.affairs.registry.models import ImportBatch

WHOLE = 5_000
"""Up to how many rows the whole file is given back; of a longer one only the rows with problems."""
_PEEK = headings.LOOK_AT + 1


def path_beside(file: Path) -> Path:
    """Return where the annotated copy of a file lies: ``residents.csv`` → ``residents-问题.xlsx``."""
    return file.with_name(f"{file.stem}-{_('问题')}.xlsx")


def write(batch: ImportBatch, source: Path, target: Path) -> int:
    """Write the annotated copy of ``source``; return how many rows carry a problem. Memory stays flat."""
    rows = staging.rows(batch).exclude(problems=[]).order_by("sheet", "line")
    problems = {(sheet, line): found for sheet, line, found in rows.values_list("sheet", "line", "problems").iterator()}
    everything = batch.total <= WHOLE
    import xlsxwriter  # when a file is asked for: the web process at rest does without

    book = xlsxwriter.Workbook(
        str(target), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, bad = book.add_format({"bold": True}), book.add_format({"bg_color": "#fbe3d6", "border": 1})
    text = book.add_format({"num_format": "@"})
    for sheet in reading.sheets(source):
        first = list(itertools.islice(sheet.rows, _PEEK))
        head = headings.find(first, batch.kind)
        if head is None:
            continue
        page = book.add_worksheet((sheet.name or _("居民"))[:31])
        first_word, last_word = _("问题（改好后连同本列一起导入即可）"), _("原文件行号")
        # a copy that is corrected and refused again is not given the two columns twice
        kept = [at for at, label in enumerate(head.labels) if label not in {first_word, last_word}]
        place = {column: at for at, column in enumerate(kept, start=1)}
        page.set_column(0, 0, 44)
        page.set_column(1, len(kept), 18, text)
        _line(page, 0, [first_word, *(head.labels[at] for at in kept), last_word], bold, {})
        columns = batch.mapping.get(sheet.name, head.mapping)
        at = 1
        for line, cells in itertools.chain(first[head.data_from :], sheet.rows):
            found = problems.get((sheet.name[:40], line), [])
            if found or everything:
                marks = {place[columns[p["field"]]]: bad for p in found if columns.get(p["field"]) in place}
                words = "；".join(f"{_field(p['field'], head, columns)}：{p['text']}" for p in found)
                values = [cells[column] if column < len(cells) else "" for column in kept]
                _line(page, at, [words, *values, line], None, {0: bad, **marks} if found else {})
                at += 1
        page.freeze_panes(1, 1)
    book.close()
    return len(problems)


def _field(name: str, head: headings.Head, columns: dict[str, int]) -> str:
    at = columns.get(name)
    return (
        head.labels[at] if at is not None and at < len(head.labels) else str(headings.fields(head.kind).get(name, name))
    )


def _line(page: Any, at: int, cells: Sequence[Any], style: Any, marks: dict[int, Any]) -> None:
    for column, cell in enumerate(cells):
        value = "" if cell is None else cell.isoformat()[:10] if isinstance(cell, date | datetime) else str(cell)
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
            value = str(int(cell))
        page.write_string(at, column, value, marks.get(column, style))
