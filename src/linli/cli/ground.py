"""What commands stand on: Django, a running database, a free port, a terminal."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import click

from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import env


def django(role: str | None = None) -> None:
    """Make Django ready in this process, as ``role`` (default: ``LINLI_ROLE``, else owner)."""
    if role:
        os.environ["LINLI_ROLE"] = role
    import django as framework
    from django.apps import apps

    if not apps.ready:
        framework.setup()


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Keep the embedded database running during the block; a server named by the settings is left alone."""
    if not configured.is_embedded():
        yield
        return
    from linli.config import embedded

    _say_if_elsewhere(embedded.where())
    with embedded.hold():
        try:
            yield
        finally:
            _disconnect()


def _say_if_elsewhere(where: object) -> None:
    base, home = Path(getattr(where, "base", "")), env.home()
    if not base.exists() and home not in base.parents:
        click.echo(f"数据库用户无法进入 {home}，数据库文件改放在 {base}。", err=True)


def _disconnect() -> None:
    from django.apps import apps

    if apps.ready:
        from django.db import connections

        connections.close_all()


@contextlib.contextmanager
def kept_alive(seconds: float = 1.0) -> Iterator[None]:
    """Hold the database during the block, and start it again whenever it is killed."""
    with database():
        if not configured.is_embedded():
            yield
            return
        done = threading.Event()
        keeper = threading.Thread(target=_keep, args=(done, seconds), daemon=True, name="database-keeper")
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()


def _keep(done: threading.Event, seconds: float) -> None:
    from linli.config import embedded

    while not done.wait(seconds):
        if not embedded.is_running():
            try:
                embedded.ensure_running()
            except embedded.DatabaseProblem as problem:
                click.echo(f"数据库中断，正在重试：{problem}", err=True)


def free_port(host: str, port: int) -> None:
    """Raise :class:`Problem` when somebody else listens on ``port``."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = f"无法使用 {host}:{port}（{error.strerror}）"
            raise Problem(f"{why}：换一个端口，如 --port {port + 1}，或停掉占用它的程序") from error


def base_url(host: str, port: int) -> str:
    """Return the address under which a person reaches a server on ``host``:``port`` from this machine."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://{shown}:{port}"
