"""A list as a file: xlsx and csv, in plain words, without personal data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.matters.models import Matter
from linli.surfaces.desk import lists, registry, rows
from linli.surfaces.desk.matterpage import stage_word
from linli.surfaces.parts.shapes import Badge
from linli.surfaces.parts.tables import Column

MOST = 20_000


def plain_cells(spec: registry.Listing, matter: Matter) -> dict[str, Any]:
    """Return a matter's cells as values of a file: moments as moments, badges as their words."""
    own = spec.cells(matter) if spec.cells else {}
    return {
        "number": matter.number,
        "title": matter.title,
        "stage": stage_word(matter),
        "due": matter.due_at,
        "area": rows.area_word(matter),
        "holder": rows.holder_word(matter),
        "category": registry.category_of(matter),
        "opened": matter.opened_at,
        "closed": matter.closed_at,
        **{key: value.word if isinstance(value, Badge) else value for key, value in own.items()},
    }


def table(spec: registry.Listing, found: QuerySet[Matter]) -> tuple[list[Column], Iterator[list[Any]]]:
    """Return all columns of a list and its rows, at most :data:`MOST`."""
    columns = lists.columns(spec)

    def lines() -> Iterator[list[Any]]:
        for matter in found[:MOST]:
            cells = plain_cells(spec, matter)
            yield [cells.get(column.key, "") for column in columns]

    return columns, lines()


def as_xlsx(title: str, columns: Sequence[Column], lines: Iterator[list[Any]], who: str) -> bytes:
    """Return a workbook with one sheet: headings, rows, and a last line that says when and by whom."""
    stream = io.BytesIO()
    import xlsxwriter  # when a file is asked for: the web process at rest does without

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    number = 0
    for at, column in enumerate(columns):
        sheet.write(0, at, str(column.label), bold)
        sheet.set_column(at, at, 40 if column.key == "title" else 18)
    for number, line in enumerate(lines, start=1):
        for at, value in enumerate(line):
            if isinstance(value, datetime):
                sheet.write_datetime(number, at, clock.local(value).replace(tzinfo=None), moment)
            else:
                sheet.write_string(number, at, "" if value is None else str(value))
    sheet.freeze_panes(1, 1)
    sheet.write_string(number + 2, 0, _as_of(who))
    book.close()
    return stream.getvalue()


def as_csv(columns: Sequence[Column], lines: Iterator[list[Any]]) -> str:
    """Return CSV that spreadsheet programs open as Chinese; nothing in it is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([str(column.label) for column in columns])
    for line in lines:
        writer.writerow([_text(value) for value in line])
    return "\ufeff" + out.getvalue()


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _as_of(who: str) -> str:
    return _("截至 %(at)s，由 %(who)s 导出") % {"at": clock.local(clock.now()).strftime("%Y-%m-%d %H:%M"), "who": who}
