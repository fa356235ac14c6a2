"""An error as one line that says why, and what to do."""

from __future__ import annotations

import click


class Problem(click.ClickException):
    """A command cannot do its work; the text says why and what to do."""


def explain(error: Exception) -> str:
    """Return one line for ``error``, whatever it is."""
    return "错误：" + " ".join(_text(error).split())


def _text(error: Exception) -> str:
    if isinstance(error, click.Abort):
        return "已取消。"
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "linli"
        return f"{error.format_message().rstrip('.。')}；用法见 {command} --help"
    if isinstance(error, click.ClickException):
        return error.format_message()
    kind = type(error).__name__
    if kind in {"DatabaseProblem", "BadSetting"} or hasattr(error, "message"):
        return str(error)
    if kind in {"OperationalError", "InterfaceError"}:
        return f"连不上数据库（{_first(error)}）：请检查 DATABASE_URL，或运行 linli doctor"
    if kind == "ProgrammingError" and "does not exist" in str(error):
        return f"数据库结构不是最新（{_first(error)}）：请先运行 linli migrate"
    return f"没有料到的问题（{kind}: {_first(error)}）：加上 --debug 再运行一次，把输出交给维护人员"


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else "没有说明"
