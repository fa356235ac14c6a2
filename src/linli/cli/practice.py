"""``linli practice``: a second data folder to practise in, from which no message leaves."""

from __future__ import annotations

import os
from pathlib import Path

import click

from linli.cli import demo, ground
from linli.cli.why import Problem
from linli.config import env

FOLDER = "practice"
KEYS = "LINLI_SECRET_"
REAL = (
    "DATABASE_URL",
    "LINLI_DB_OWNER",
    "LINLI_DB_WORKER",
    "LINLI_DB_WEB",
    "LINLI_SMS",
    "LINLI_SMS_URL",
    "LINLI_SMS_TOKEN",
)
"""Settings of the real installation that must not reach the practice ground: its database, its way out."""


@click.command(
    help="启动练习库：数据在 LINLI_HOME/practice，与正式库无关；不发出任何消息。Ctrl-C 停止，再次运行接着练。"
)
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65535), help="网站端口。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--profile", help="区县，默认与正式库相同（LINLI_PROFILE），否则 mengzi。")
@click.option("--scale", type=click.Choice(demo.SCALES), default="small", show_default=True, help="规模。")
@click.option("--fresh", is_flag=True, help="清空练习库，从头建一个。")
def practice(port: int, host: str, profile: str | None, scale: str, fresh: bool) -> None:
    """Build the practice ground if it is not there, then run its web and worker until a signal comes."""
    apart()
    ground.free_port(host, port)
    if fresh:
        _clear()
    there = demo.known()
    chosen = profile or (there.profile if there else None) or os.environ.get("LINLI_PROFILE") or None
    demo.live(port=port, host=host, profile=chosen, scale=there.scale if there else scale, seed=None)


def apart() -> None:
    """Turn this process, and whatever it starts, away from the real installation."""
    if os.environ.get("LINLI_PRACTICE"):
        raise Problem("LINLI_PRACTICE 已设：练习库请只用 linli practice 启动，不要在设置里打开")
    folder = env.home() / FOLDER
    for name in REAL:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    # Keys of the real installation open its data: the practice ground makes its own.
    for name in [name for name in os.environ if name.startswith(KEYS)]:
        del os.environ[name]
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    os.environ |= {"LINLI_HOME": str(folder), "LINLI_PRACTICE": "1"}


def _clear() -> None:
    import shutil

    from linli.config import embedded

    folder = env.home()
    if Path(folder).name != FOLDER:
        raise Problem(f"{folder} 不是练习库，不会清空")
    embedded.forget()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755, parents=True)
