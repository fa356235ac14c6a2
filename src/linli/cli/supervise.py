"""Running web and worker as children: started again when one dies, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from types import FrameType

import click

from linli.cli.why import Problem
from linli.config import lifeline

STOP_SECONDS = 15.0
PAGE_SECONDS = 60.0
# A child that dies so often in so short a time will not come back by being started once more.
DEATHS, WITHIN_SECONDS = 5, 30.0


class Children:
    """The child processes by name."""

    def __init__(self, programs: dict[str, list[str]]) -> None:
        self._programs = programs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: dict[str, deque[float]] = {name: deque(maxlen=DEATHS) for name in programs}

    def start(self) -> None:
        """Start all of them."""
        for name in self._programs:
            self._start(name)

    def _start(self, name: str) -> None:
        command = [sys.executable, "-m", "linli.cli", *self._programs[name]]
        # A session of its own: Ctrl-C reaches us alone, and we stop the children in order.
        self._running[name] = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, start_new_session=True, env=os.environ | {lifeline.ASKED: "1"}
        )

    def revive(self) -> None:
        """Start again whatever has died. Raises :class:`Problem` when one keeps dying."""
        for name, child in self._running.items():
            if child.poll() is not None:
                deaths = self._deaths[name]
                deaths.append(time.monotonic())
                if len(deaths) == DEATHS and deaths[-1] - deaths[0] < WITHIN_SECONDS:
                    why = f"{name}反复退出（退出码 {child.returncode}）"
                    raise Problem(f"{why}：请单独运行 linli {self._programs[name][0]} 查看原因")
                self._start(name)

    def watch(self) -> None:
        """Keep all of them alive until a signal comes."""
        while True:
            time.sleep(0.3)
            self.revive()

    def stop(self) -> None:
        """Stop all of them: politely, then not."""
        for child in self._running.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for child in self._running.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextlib.contextmanager
def running(programs: dict[str, list[str]]) -> Iterator[Children]:
    """Run ``programs`` (arguments to ``linli``) during the block."""
    children = Children(programs)
    try:
        children.start()
        yield children
    finally:
        children.stop()


@contextlib.contextmanager
def signals() -> Iterator[None]:
    """End the block cleanly on Ctrl-C and on SIGTERM: neither is an error."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("已停止。")
    finally:
        signal.signal(signal.SIGTERM, before)


def wait_for_page(address: str, children: Children) -> None:
    """Return when the first page answers. Raises :class:`Problem` when it does not, or with an error."""
    end, why = time.monotonic() + PAGE_SECONDS, "没有响应"
    while time.monotonic() < end:
        children.revive()
        try:
            with urllib.request.urlopen(address + "/", timeout=10):  # noqa: S310 - our own http address
                return
        except urllib.error.HTTPError as error:
            raise Problem(f"首页返回 {error.code}：运行 linli doctor，或设 LINLI_DEBUG=1 再试") from error
        except OSError as error:
            why = str(error)
        time.sleep(0.05)
    raise Problem(f"网站在 {PAGE_SECONDS:.0f} 秒内没有就绪（{why}）：运行 linli serve 查看原因")
