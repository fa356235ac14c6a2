"""Whatever is typed or sent in, a reader answers with what it means or with an error that a person can mend.

Hypothesis makes up texts, files and half-broken files; the same ones at each run. What a reader may raise is named
beside it; anything else is a fault of ours.
"""

from __future__ import annotations

import base64
import csv
import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from linli.affairs.honor import codes
from linli.affairs.registry.importing import cleaning, headings, reading
from linli.cli import sealed
from linli.gateways.hotline import sheets
from linli.kernel.areas import outlines
from linli.kernel.errors import UserError
from linli.kernel.evidence import sniffing
from linli.kernel.evidence.models import Kind
from linli.kernel.matters.secrets import is_secret_of
from linli.kernel.outreach import subscriptions
from linli.kernel.people import numbers, phones
from linli.kernel.policy import files
from linli.kernel.worktime import services as worktime
from linli.surfaces.api import paging
from linli.surfaces.desk import exports
from linli.surfaces.field.offline import keys
from linli.surfaces.field.views import offline
from linli.surfaces.parts.tables import Column

MADE_UP = settings(
    max_examples=80, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
A_FEW = settings(MADE_UP, max_examples=25)
"""For what starts a process at each reading."""
DEEP = "[" * 200_000
DIGITS = st.text("0123456789xX-— +（）()０１２", max_size=24)
TEXTS = st.one_of(st.text(max_size=60), DIGITS)
CELLS = st.one_of(TEXTS, st.none(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes())
NAMED = (UserError, ValueError)


def survives(read: Callable[..., Any], *arguments: Any, named: tuple[type[Exception], ...] = NAMED) -> Any:
    """Return what ``read`` makes of it; an error that it may raise counts as an answer."""
    try:
        return read(*arguments)
    except named:
        return None


@given(TEXTS)
@MADE_UP
def test_telephone_and_id_numbers(text: str) -> None:
    for read in (phones.normalise, numbers.check_resident_id, numbers.check_credit_code, numbers.plain):
        survives(read, text)
    normal = survives(phones.normalise, text)
    assert normal is None or phones.normalise(normal) == normal, "what was normalised stays"


@given(CELLS)
@MADE_UP
def test_cells_of_a_list_of_residents(cell: Any) -> None:
    for read in (cleaning.text, cleaning.id_number, cleaning.phone, cleaning.day, cleaning.sex, cleaning.relation):
        survives(read, cell)
    headings.field_of(cell)


@given(st.text(max_size=200), st.uuids())
@MADE_UP
def test_codes_and_secrets_that_somebody_holds_out(text: str, matter: uuid.UUID) -> None:
    assert codes.is_code_of("R-20261121-00042", matter, text) is False
    assert is_secret_of(matter, text) is False
    assert isinstance(codes.number_in(text), str)


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


FILES = [kind for kind in Kind if kind not in {Kind.READING, Kind.WORD}]
"""Readings and words are typed, never sent as a file; the door refuses such an upload before anybody looks inside."""
HEADS = (
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"%PDF-1.7",
    b"RIFF\x00\x00\x00\x00WEBP",
    b"GIF89a",
    b"<svg",
)


@given(st.sampled_from((b"", *HEADS)), st.binary(max_size=400), st.sampled_from(FILES))
@MADE_UP
def test_files_that_are_not_what_they_say(head: bytes, rest: bytes, kind: Kind) -> None:
    content = head + rest
    survives(sniffing.check, io.BytesIO(content), len(content), kind)


@given(st.integers(0, 600), st.integers(0, 255), st.integers(0, 700))
@MADE_UP
def test_photos_with_a_wrong_byte_or_an_early_end(place: int, byte: int, end: int) -> None:
    photo = bytearray(a_photo())
    photo[place % len(photo)] = byte
    content = bytes(photo[: end or len(photo)])
    survives(sniffing.check, io.BytesIO(content), len(content), Kind.PHOTO)


@given(st.binary(max_size=500))
@example(b"PK\x03\x04")
@example('编号,内容\n1,"没有收尾'.encode("gb18030"))
@A_FEW
def test_orders_of_the_hotline(content: bytes) -> None:
    survives(sheets.read, content, ["工单编号", "内容"])


@given(st.binary(max_size=500), st.sampled_from([".csv", ".xlsx", ".xls"]))
@example(b"\xff\xfe\x00", ".csv")
@A_FEW
def test_lists_of_residents(tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str) -> None:
    file = tmp_path_factory.mktemp("fuzz", numbered=True) / f"list{ending}"
    file.write_bytes(content)
    survives(lambda: [list(sheet.rows) if hasattr(sheet, "rows") else sheet for sheet in reading.sheets(file)])


@given(st.text(max_size=200))
@example("日期,类别\n2027-01-01,放假\n2027-01-01,放假")
@example("日期,类别\n" + "9" * 200_000)
@example('日期,类别\n"没有收尾')
@MADE_UP
def test_a_calendar_that_somebody_brings(text: str) -> None:
    survives(worktime.days_of, "试", 2027, text)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
@example(DEEP.encode())
@example(b'{"format": "linli-field-outbox", "key": "1", "point": "AA==", "iv": "", "sealed": ""}')
@example(b'{"format": "linli-field-outbox", "key": ["1"], "point": "AA==", "iv": "", "sealed": ""}')
@example(b'{"format": "linli-field-outbox", "key": "1", "point": 1, "iv": 2, "sealed": 3}')
@MADE_UP
def test_outboxes_that_phones_hand_in(content: bytes) -> None:
    survives(keys.opened, content)


@given(st.text(max_size=200), st.sampled_from([dict, list]))
@example(DEEP, list)
@MADE_UP
def test_envelopes_that_phones_send(text: str, kind: type) -> None:
    survives(offline._read, text, kind)


@given(st.one_of(st.text(max_size=120), st.binary(max_size=90).map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
@MADE_UP
def test_cursors_that_a_program_sends(cursor: str) -> None:
    survives(paging._opened, cursor)


@given(st.text(max_size=200))
@example("http://[")
@example("https://x:99999999/")
@example("https://\x00/")
@MADE_UP
def test_addresses_that_are_told_of_events(url: str) -> None:
    assert isinstance(subscriptions._wrong_address(url), str)


@given(st.binary(max_size=400))
@example(b"LINLIBK1")
@MADE_UP
def test_backups_that_are_none(content: bytes) -> None:
    survives(lambda: sealed.Reader(io.BytesIO(content), "3f" * 32).read(), named=(*NAMED, sealed.Broken))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.one_of(
        PLAIN, st.fixed_dictionaries({"type": st.sampled_from(["Polygon", "MultiPolygon"]), "coordinates": PLAIN})
    )
)
@MADE_UP
def test_outlines_of_areas(geometry: Any) -> None:
    survives(outlines.read, geometry)


@given(st.text(max_size=300), st.sampled_from(["posts.duties", "cases.limits", "registry.rules"]))
@example("a: &x [*x]", "cases.limits")
@example("!!python/object/apply:os.system [id]", "cases.limits")
@MADE_UP
def test_policy_that_somebody_edits(text: str, name: str) -> None:
    document, problems = files.parse_text(name, text)
    assert document is not None or problems, "either a document or what is wrong with it"


DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@given(
    st.lists(
        st.one_of(st.text(max_size=20), st.sampled_from(["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1"])),
        max_size=5,
    )
)
@MADE_UP
def test_no_cell_of_an_export_is_a_formula(cells: list[str]) -> None:
    columns = [Column(key=str(n), label=str(n)) for n in range(len(cells))]
    rows = list(csv.reader(io.StringIO(exports.as_csv(columns, iter([list(cells)])), newline="")))
    for cell in rows[1] if len(rows) > 1 else []:
        assert not cell.startswith(DANGEROUS), cell


def test_policies_named_here_exist() -> None:
    shipped = {path.stem for path in (Path(files.__file__).parents[2] / "profiles" / "default").glob("*.yaml")}
    assert {"posts.duties", "cases.limits"} <= shipped
