"""``linli partitions``: the monthly partitions of what grows without end."""

from __future__ import annotations

import click

from linli.kernel.storage import partitions, tidying


@click.group("partitions", help="按月分区：查看、续建、移除已按保存期限清空的旧月份")
def group() -> None:
    """Hold the commands about partitions."""


@group.command("list", help="每张表分到哪几个月、占多少空间。")
def list_() -> None:
    """Print one line for each partitioned table."""
    parts = tidying.parts()
    for table in partitions.tables():
        mine = [part for part in parts if part.table == table]
        if mine:
            size = sum(part.bytes for part in mine) / 2**20
            leaving = "，有一个月没有移除完，请运行 linli partitions tidy" if any(p.leaving for p in mine) else ""
            click.echo(f"{table}  {mine[0].month:%Y-%m} 至 {mine[-1].month:%Y-%m}  {size:.1f} MB{leaving}")


@group.command("make", help="把分区续建到十三个月以后（后台每六小时自动做）。")
def make() -> None:
    """Make what is missing."""
    click.echo(f"新建 {partitions.ensure()} 个分区。")


@group.command("tidy", help="移除已经清空的旧月份；有人在读写时自动让开，可反复运行。")
def tidy() -> None:
    """Take empty months away, one line for each."""
    gone = 0
    for part in tidying.tidy():
        gone += 1
        click.echo(f"移除 {part.name}")
    left = sum(part.leaving for part in tidying.parts())
    click.echo(f"移除了 {gone} 个空的月份。" + (f"还有 {left} 个正被读取，请稍后再运行一次。" if left else ""))
