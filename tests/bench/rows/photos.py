"""A photo: its upload against the bare one, then what the worker makes of it."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterator

import httpx
from PIL import Image, ImageFile

from linli.kernel import ids
from linli.kernel.evidence import imaging
from tests.bench import receiver
from tests.bench.bench import Bench
from tests.bench.ground import token
from tests.bench.meter import children, processor_seconds
from tests.bench.table import ROUNDS, Line, at_most, in_turns, seen

PIECES = 10
SIZE = (1600, 1200)


def lines(bench: Bench) -> Iterator[Line]:
    """Yield the lines of the upload, then those of the worker's part."""
    content = photo()
    yield from upload(bench, content)
    yield from making(content)


def photo() -> bytes:
    """Return a JPEG of 1600 px as a phone sends it."""
    rough = Image.effect_noise((200, 150), 60).resize(SIZE, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    Image.merge("RGB", (rough, rough.rotate(180), rough)).save(out, "JPEG", quality=85)
    return out.getvalue()


def upload(bench: Bench, content: bytes) -> Iterator[Line]:
    """The upload over HTTP, against the same bytes sent to a server that only writes them, and its rows by hand."""
    browser = bench.ground.visitor()
    browser.get("/report/place/")
    folder = bench.ground.home / "media" / "bench"
    folder.mkdir(parents=True, exist_ok=True)

    def send() -> None:
        answer = browser.post("/files/", files={"file": ("a.jpg", content, "image/jpeg")}, data=token(browser))
        if answer.status_code != 201:
            raise RuntimeError(f"the upload was answered {answer.status_code}: {answer.text[:500]}")

    send()
    replay = bench.written_by(send)
    spent, unsent = [], []

    def ours() -> float:
        spent.append(bench.over_http(lambda: [send() for _ in range(PIECES)], PIECES))
        return spent[-1].cpu

    with receiver.running(folder) as (pid, address), httpx.Client() as sender:

        def bare() -> float:
            pids = children(pid)
            before = processor_seconds(pids)
            for _ in range(PIECES):
                sender.post(address, content=content).raise_for_status()
            received = (processor_seconds(pids) - before) / PIECES
            rows = bench.by_hand(lambda: [replay.run(bench.hand) for _ in range(PIECES)], PIECES)
            written = bench.by_hand(
                lambda: [receiver.durably(folder / ids.uuid7().hex, content) for _ in range(PIECES)], PIECES
            )
            unsent.append(rows + written)
            return received + rows

        pair = in_turns(ours, bare)
    note = f"{len(replay.rows)} rows, {len(content) / 1024:.0f} KB"
    profile = spent[-1].profile()
    yield at_most("photo, upload: CPU against a bare upload", pair.ratio(), "×", 3, note=note, profile=profile)
    without = statistics.median(pair.ours) / statistics.median(unsent[1:])
    yield seen("photo, upload: CPU against rows and file alone", without, "×", note="nothing sent")
    yield seen("photo, upload: statements", spent[-1].statements, "")
    yield seen("photo, upload: buffers", spent[-1].buffers, "")
    yield seen("photo, upload: CPU, web and database", statistics.median(pair.ours) * 1000, "ms", aim="5 ms")
    yield seen("photo, upload: CPU, bare", statistics.median(pair.bare) * 1000, "ms")


def making(content: bytes) -> Iterator[Line]:
    """Decode, turn, shrink, hash and encode anew, as the worker does; how often the picture is decoded."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        imaging.clean(io.BytesIO(content))
        taken.append(time.process_time() - began)
    yield at_most("photo, worker: decodings", decodings(content), "", 1)
    note = f"{SIZE[0]} px to {imaging.FULL} and {imaging.THUMB} px, hashed"
    yield seen("photo, worker: CPU", statistics.median(taken) * 1000, "ms", aim="40 ms", note=note)


def decodings(content: bytes) -> int:
    """Return how many times the file is decoded while it is made ready."""
    count = 0
    load = ImageFile.ImageFile.load_end

    def counted(self: ImageFile.ImageFile) -> None:
        nonlocal count
        count += 1
        load(self)

    ImageFile.ImageFile.load_end = counted  # type: ignore[method-assign] # counted where Pillow ends a decoding
    try:
        imaging.clean(io.BytesIO(content))
    finally:
        ImageFile.ImageFile.load_end = load  # type: ignore[method-assign]
    return count
