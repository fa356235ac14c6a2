"""The commands of ``linli``: our own, and those that rooms contribute, each imported only when it is used."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import click

from linli.cli import rooms

WORK, CARE, ROOMS = "运行", "维护", "业务"


@dataclass(frozen=True)
class Own:
    """A command of this package: where it is, under which heading, and what it does in a line."""

    module: str
    attribute: str
    section: str
    help: str


OWN = {
    "demo": Own("demo", "demo", WORK, "建一个演示区县并启动，打印可用的账号"),
    "practice": Own("practice", "practice", WORK, "启动练习库：另一个数据目录，不发出任何消息"),
    "init": Own("setup", "init", WORK, "建立一个区县：街道、社区取自全国区划表"),
    "serve": Own("serve", "serve", WORK, "启动网站"),
    "worker": Own("serve", "worker", WORK, "启动后台：计时、消息、统计、封存"),
    "doctor": Own("doctor", "doctor", CARE, "检查哪里有问题、怎样修好"),
    "check": Own("check", "check", CARE, "检查设置；--deploy 按正式使用的要求"),
    "migrate": Own("setup", "migrate", CARE, "把数据库结构升级到本版本"),
    "account": Own("account", "account", CARE, "为一位任岗人开通账号，或重设密码"),
    "token": Own("token", "token", CARE, "为一个岗位签发接口令牌"),
    "backup": Own("backup", "backup", CARE, "把数据库和文件备份到一个文件"),
    "archive": Own("archive", "archive", CARE, "连续备份：可以恢复到任意时刻"),
    "restore": Own("backup", "restore", CARE, "从备份恢复，并重做此后的删除"),
    "database": Own("database", "database", CARE, "启动、停止、查看内置数据库"),
}

# For those who build Linli; not among what operators are shown.
HIDDEN = {"docs": Own("docs", "docs", CARE, "由声明生成的文档")}


class Root(click.Group):
    """``linli``: shows its commands under headings, and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*OWN, *(name for name in rooms.commands() if name not in OWN)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = OWN.get(cmd_name) or HIDDEN.get(cmd_name)
        if own:
            command: click.Command = getattr(importlib.import_module(f"linli.cli.{own.module}"), own.attribute)
            return command
        found = rooms.commands().get(cmd_name)
        return rooms.load(found) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {WORK: [], CARE: [], ROOMS: []}
        for name, own in OWN.items():
            sections[own.section].append((name, own.help))
        for name, contributed in rooms.commands().items():
            sections[ROOMS].append((name, contributed.help))
        for heading, rows in sections.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
