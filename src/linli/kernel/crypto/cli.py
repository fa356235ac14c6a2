"""``linli keys``: renew the key of protected columns and re-encrypt with it."""

from __future__ import annotations

import click
from django.conf import settings
from rich.progress import Progress

from linli.kernel import crypto
from linli.kernel.crypto import keyring

WITHOUT_DATABASE = ("keys new",)


@click.group("keys", help="敏感字段的密钥：更换、重新加密。")
def group() -> None:
    """Hold the commands together."""


@group.command("new", help="打印加了一把新密钥的钥匙串；存入 LINLI_SECRET_FIELDS 或数据目录的 secrets/fields。")
def new() -> None:
    """Print the ring with a new key in front; nothing is changed."""
    click.echo(crypto.extended(settings.LINLI_SECRET(keyring.SECRET)))
    click.echo("请保存上面一行，重启各进程，再运行 linli keys rotate；旧密钥留到旧备份作废为止。", err=True)


@group.command("status", help="列出还有多少内容在用旧密钥。")
def status() -> None:
    """Print the current key and what still uses older ones."""
    click.echo(f"当前密钥 {keyring.keyring().current}，算法 {settings.LINLI_CIPHER}")
    for column, count in crypto.pending().items():
        click.echo(f"{column}：{count}")


@group.command("rotate", help="用当前密钥重新加密；可随时中断，再运行时接着做。")
def rotate() -> None:
    """Re-encrypt in batches, with progress."""
    with Progress(transient=True) as progress:
        tasks = {name: progress.add_task(name, total=count) for name, count in crypto.pending().items()}
        done = crypto.rotate(progress=lambda name, count: progress.update(tasks[name], completed=count))
    click.echo(f"已重新加密 {sum(done.values())} 处。")
