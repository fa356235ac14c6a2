"""The barest upload there is: a server of the same make as ours that writes what it is sent to the disk, durably.

``python -m tests.bench.receiver PORT FOLDER``; it knows no form, no session, no database.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = "LINLI_BENCH_FOLDER"


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Take the body of any request, write it so that it survives a crash, and take it away again."""
    content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    durably(Path(os.environ[FOLDER]) / os.urandom(16).hex(), content)
    start("201 Created", [("Content-Length", "0")])
    return []


def durably(path: Path, content: bytes) -> None:
    """Write a file so that it survives a crash, and take it away again."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def main(port: str, folder: str) -> None:
    """Serve as ``linli serve`` does by itself: one process of four threads."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ[FOLDER] = folder
    Server(
        "tests.bench.receiver:app", address="127.0.0.1", port=int(port), interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, websockets=False, log_enabled=False,
    ).serve()  # fmt: skip


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, str]]:
    """Run it in a process of its own during the block; yields its process id and its address."""
    import httpx

    from tests.resilience.site import ROOT, free_port

    port = free_port()
    call = [sys.executable, "-m", "tests.bench.receiver", str(port), str(folder)]
    with subprocess.Popen(call, cwd=ROOT) as process:
        try:
            address = f"http://127.0.0.1:{port}/"
            for _ in range(100):
                try:
                    httpx.post(address, content=b"", timeout=5)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield process.pid, address
        finally:
            process.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:3])
