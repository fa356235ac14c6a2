"""``linli policy``: check, compare and load the documents of a profile."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from linli.kernel.policy import files

PROFILES = files.SHIPPED.parent


@click.group("policy", help="检查、比较、装载一个区县的政策文件。")
def group() -> None:
    """Hold the three commands together."""


@group.command("check", help="检查 FOLDER（或内置区县名，如 mengzi）中的政策文件，逐条列出问题。")
@click.argument("folder")
def check_command(folder: str) -> None:
    """Print each problem as ``file:line: expected; got`` and exit with 1 when there is any."""
    problems = files.check(_folder(folder))
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        _fail(f"{len(problems)} 处问题；改好后再运行 linli policy check {folder}")
    click.echo("没有问题。")


@group.command("diff", help="显示装载 FOLDER 会改变什么，不作改动。")
@click.argument("folder")
def diff_command(folder: str) -> None:
    """Print one line for each difference to what is in force."""
    from linli.kernel.policy import services

    try:
        changes = services.diff(_folder(folder))
    except services.BadPolicy as error:
        _fail_with(error.problems)
    for change in changes:
        click.echo(str(change))
    click.echo(f"{len(changes)} 处不同。")


@group.command("load", help="装载 FOLDER：新文件立即生效，改过的文件成为草案，须在工作台批准。")
@click.argument("folder")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="生效日期，默认今天。")
@click.option("--author", default="", help="装载人，写入版本记录。")
def load_command(folder: str, on: datetime | None, author: str) -> None:
    """Load a profile and say what came into force, what became a draft and what was the same."""
    from linli.kernel.policy import services

    day: date | None = on.date() if on else None
    try:
        done = services.load(_folder(folder), day, author)
    except services.BadPolicy as error:
        _fail_with(error.problems)
    click.echo(f"生效 {len(done.in_force)} 份，草案 {len(done.drafts)} 份，未变 {len(done.unchanged)} 份。")
    for draft in done.drafts:
        click.echo(f"草案 {draft.name} 第 {draft.number} 版，等待批准。")


def _folder(name: str) -> Path:
    for path in (Path(name), PROFILES / name):
        if path.is_dir():
            return path
    known = "、".join(sorted(p.name for p in PROFILES.iterdir() if any(p.glob("*.yaml"))))
    raise click.ClickException(f"没有文件夹 {name}；请给出路径，或内置区县之一：{known}")


def _fail_with(problems: list[files.Problem]) -> NoReturn:
    for problem in problems:
        click.echo(str(problem), err=True)
    _fail(f"{len(problems)} 处问题，未作任何改动。")


def _fail(text: str) -> NoReturn:
    raise click.ClickException(text)
