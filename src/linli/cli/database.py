"""``linli database``: the embedded PostgreSQL by hand."""

from __future__ import annotations

import subprocess

import click

from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import embedded


@click.group(help="启动、停止、查看内置数据库。平时不必：命令用到它时自动启动，最后一个用完时自动停止。")
def database() -> None:
    """Refuse where there is nothing of ours to look after."""
    if not configured.is_embedded():
        raise Problem("数据库由 DATABASE_URL 指定，不归本程序启停：请用该服务器自己的工具")


@database.command(help="启动并保持运行，直到 linli database stop。")
def start() -> None:
    """Start the server and mark it as kept."""
    embedded.ensure_running()
    embedded.where().kept.touch()
    click.echo(f"数据库在运行：{embedded.where().base}")


@database.command(help="停止数据库。")
def stop() -> None:
    """Stop the server and take the mark away."""
    embedded.where().kept.unlink(missing_ok=True)
    click.echo("已停止。" if embedded.stop() else "本来就没有运行。")


@database.command(help="查看是否在运行、文件在哪里。")
def status() -> None:
    """Show whether it runs, and where things are."""
    where = embedded.where()
    click.echo("在运行" if embedded.is_running() else "未运行")
    click.echo(f"数据 {where.data}\n日志 {where.log}\n套接字 {where.socket}")


@database.command(help="打开 psql（所有者身份）。")
def shell() -> None:
    """Open psql as the owner."""
    with embedded.hold():
        subprocess.run([embedded.binary("psql"), embedded.url("owner")], check=False)
