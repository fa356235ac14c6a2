"""A file that only the holder of a key can read, written and read as a stream: what a backup lies in.

    "LINLIBK1" ‖ salt (16 bytes) ‖ chunks;   chunk = length (4 bytes, big-endian) ‖ AES-256-GCM(plain)

The key of a file is HKDF-SHA-256 of the installation's secret and the salt, so no two files share one. The nonce of a
chunk is its number; its authenticated data say whether it is the last: a file that was cut short, re-ordered or changed
is refused, not read halfway.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"LINLIBK1"
CHUNK = 1 << 20
_SALT, _TAG = 16, 16


class Broken(Exception):
    """The file was changed or cut short, or the key is another one."""


def is_sealed(file: BinaryIO) -> bool:
    """Return whether a file begins as a sealed one does; its position stays at the beginning."""
    head = file.read(len(MAGIC))
    file.seek(0)
    return head == MAGIC


def _cipher(secret: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, MAGIC).derive(bytes.fromhex(secret)))


def _bound(number: int, *, last: bool) -> tuple[bytes, bytes]:
    return number.to_bytes(12, "big"), MAGIC + (b"last" if last else b"more")


class Writer(io.RawIOBase):
    """Seals what is written to it; the file is whole only once this is closed."""

    def __init__(self, file: BinaryIO, secret: str) -> None:
        salt = os.urandom(_SALT)
        self._file, self._cipher = file, _cipher(secret, salt)
        self._number, self._held = 0, bytearray()
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override] # narrower than a buffer
        """Take ``data``; whole chunks go out at once."""
        self._held += data
        while len(self._held) > CHUNK:
            self._send(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def _send(self, plain: bytes, *, last: bool) -> None:
        nonce, bound = _bound(self._number, last=last)
        sealed = self._cipher.encrypt(nonce, plain, bound)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1

    def close(self) -> None:
        """Write what is left as the last chunk."""
        if not self.closed:
            self._send(bytes(self._held), last=True)
            super().close()


class Reader(io.RawIOBase):
    """Gives back what was sealed. Raises :class:`Broken` before giving anything that does not hold."""

    def __init__(self, file: BinaryIO, secret: str) -> None:
        head = file.read(len(MAGIC) + _SALT)
        if len(head) < len(MAGIC) + _SALT or not head.startswith(MAGIC):
            raise Broken
        self._file, self._cipher = file, _cipher(secret, head[len(MAGIC) :])
        self._number, self._held, self._last = 0, bytearray(), False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override] # narrower than a buffer
        """Fill ``buffer`` with what comes next; 0 at the end."""
        while not self._held and not self._last:
            self._next()
        taken = bytes(self._held[: len(buffer)])
        buffer[: len(taken)] = taken
        del self._held[: len(taken)]
        return len(taken)

    def finish(self) -> None:
        """Read what nobody asked for, to its end: a file that was cut short there is refused, too."""
        while not self._last:
            self._next()

    def _next(self) -> None:
        length = int.from_bytes(self._file.read(4), "big")
        sealed = self._file.read(length) if _TAG <= length <= CHUNK + _TAG else b""
        if len(sealed) != length or not sealed:
            raise Broken
        for last in (False, True):
            nonce, bound = _bound(self._number, last=last)
            try:
                self._held += self._cipher.decrypt(nonce, sealed, bound)
            except InvalidTag:
                continue
            self._number, self._last = self._number + 1, last
            return
        raise Broken
