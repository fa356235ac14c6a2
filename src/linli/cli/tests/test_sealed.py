"""A sealed file gives back what was put in, to the holder of the key, whole or not at all."""

from __future__ import annotations

import io
import tarfile

import pytest

from linli.cli import sealed

KEY, OTHER = "3fa1b2c4d5e6f708" * 4, "19a1b2c4d5e6f708" * 4


def put(content: bytes, key: str = KEY) -> bytes:
    out = io.BytesIO()
    with sealed.Writer(out, key) as writer:
        writer.write(content)
    return out.getvalue()


def got(file: bytes, key: str = KEY) -> bytes:
    return sealed.Reader(io.BytesIO(file), key).readall()


@pytest.mark.parametrize("size", [0, 1, sealed.CHUNK - 1, sealed.CHUNK, sealed.CHUNK + 1, 3 * sealed.CHUNK + 7])
def test_what_was_put_in_comes_out(size: int) -> None:
    content = bytes(n % 251 for n in range(1000)) * (size // 1000 + 1)
    assert got(put(content[:size])) == content[:size]


def test_without_the_key_nothing_is_read_and_nothing_shows() -> None:
    file = put(b"13887300001" * 1000)
    assert b"13887300001" not in file
    with pytest.raises(sealed.Broken):
        got(file, OTHER)


def test_two_files_of_one_content_share_nothing() -> None:
    assert put(b"the same")[8:] != put(b"the same")[8:]


@pytest.mark.parametrize("cut", [1, 20, 24, 30, sealed.CHUNK + 44, sealed.CHUNK + 60])
def test_a_file_that_was_cut_short_is_refused(cut: int) -> None:
    file = put(b"x" * (2 * sealed.CHUNK + 100))
    with pytest.raises(sealed.Broken):
        got(file[:cut])


def test_a_tail_that_nobody_asked_for_is_looked_at_too() -> None:
    """A tar ends before its padding: what was cut there would otherwise pass for whole."""
    file = put(b"x" * sealed.CHUNK + b"padding")
    reader = sealed.Reader(io.BytesIO(file[:-1]), KEY)
    assert reader.read(10) == b"x" * 10
    with pytest.raises(sealed.Broken):
        reader.finish()
    whole = sealed.Reader(io.BytesIO(file), KEY)
    whole.read(10)
    whole.finish()


def test_a_changed_byte_anywhere_is_refused() -> None:
    file = put(b"some content")
    for place in range(len(file)):
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(sealed.Broken):
            got(bytes(changed))


def test_chunks_in_another_order_are_refused() -> None:
    whole = sealed.CHUNK + 20
    file = put(b"a" * sealed.CHUNK + b"b" * sealed.CHUNK + b"c")
    head, first, second, rest = (
        file[:24],
        file[24 : 24 + whole],
        file[24 + whole : 24 + 2 * whole],
        file[24 + 2 * whole :],
    )
    assert got(head + first + second + rest)
    with pytest.raises(sealed.Broken):
        got(head + second + first + rest)


def test_a_tar_goes_through_as_a_stream() -> None:
    out = io.BytesIO()
    with sealed.Writer(out, KEY) as writer, tarfile.open(fileobj=io.BufferedWriter(writer), mode="w|") as archive:
        about = tarfile.TarInfo("about.json")
        about.size = 2
        archive.addfile(about, io.BytesIO(b"{}"))
    reader = io.BufferedReader(sealed.Reader(io.BytesIO(out.getvalue()), KEY))
    with tarfile.open(fileobj=reader, mode="r|") as archive:
        assert [member.name for member in archive] == ["about.json"]


def test_sealed_files_are_told_by_their_beginning() -> None:
    assert sealed.is_sealed(io.BytesIO(put(b"x")))
    assert not sealed.is_sealed(io.BytesIO(b"ustar"))
