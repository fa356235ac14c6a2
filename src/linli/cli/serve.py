"""``linli serve`` and ``linli worker``: the two processes of an installation."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator

import click

from linli.cli import assets, ground
from linli.config import env, lifeline, memory


@click.command(help="启动网站（granian）。静态文件在首次启动和升级后自动整理。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；0.0.0.0 为所有网卡。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口。")
@click.option("--workers", type=click.IntRange(1, 64), help="进程数，默认 LINLI_WEB_WORKERS 或 1。")
@click.option("--threads", type=click.IntRange(1, 256), help="每个进程的线程数，默认 LINLI_WEB_THREADS 或 4。")
def serve(host: str, port: int, workers: int | None, threads: int | None) -> None:
    """Serve until a signal comes. This parent stays small: Django is imported by the children only."""
    from granian.constants import Interfaces
    from granian.server import Server

    ground.free_port(host, port)
    os.environ["LINLI_ROLE"] = "web"
    os.environ.setdefault("LINLI_BASE_URL", ground.base_url(host, port))
    lifeline.follow_parent_if_asked()
    # The processes that answer must not keep the port of a killed parent.
    os.environ[lifeline.ASKED] = "1"
    _count_together()
    with ground.kept_alive():
        assets.collect_if_stale()
        server = Server(
            "linli.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers or env.number("LINLI_WEB_WORKERS", 1),
            blocking_threads=threads or env.number("LINLI_WEB_THREADS", 4),
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=10,
            websockets=False,
            log_enabled=env.flag("LINLI_WEB_LOG"),
            log_access=env.flag("LINLI_WEB_LOG"),
        )
        server.serve()


def _count_together() -> None:
    """Give the processes that answer one folder for their counters, empty at each start; see surfaces/watch."""
    folder = env.home() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


@click.command(help="启动后台：计时与升级、消息、统计、分区、封存、到期删除。可同时运行多个。")
def worker() -> None:
    """Work until a signal comes."""
    memory.hand_back()
    memory.without_pretty_tracebacks()
    lifeline.follow_parent_if_asked()
    with ground.kept_alive(), _archived():
        ground.django("worker")
        from linli.kernel import jobs

        jobs.run_worker()


@contextlib.contextmanager
def _archived() -> Iterator[None]:
    """Seal the log into the archive meanwhile, if ``linli archive begin`` was run or is."""
    from linli.cli.archiving import taking

    over = threading.Event()
    threading.Thread(target=taking.collecting, args=(over,), daemon=True, name="archive").start()
    try:
        yield
    finally:
        over.set()
