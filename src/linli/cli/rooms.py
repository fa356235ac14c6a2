"""Commands that rooms and affairs contribute with a ``cli.py`` of theirs.

A ``cli.py`` holds plain click commands and groups; the name under which one appears is its first argument:
``@click.group("policy", help="…")``. They are listed by reading the source, in the order of
``INSTALLED_APPS``, and imported only when one is called, after Django is ready. The database is started when
a command runs, not when it shows its help; those that need none stand in ``WITHOUT_DATABASE``
(``("policy check",)``).
"""

from __future__ import annotations

import ast
import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import click

import linli
from linli.cli import ground

PACKAGE = Path(linli.__file__).parent


@dataclass(frozen=True)
class Contributed:
    """A command found in a room: its module, the attribute that holds it, and its help in a line.

    ``more`` are groups of the same name in later rooms, whose commands join it.
    """

    name: str
    module: str
    attribute: str
    help: str
    more: tuple[tuple[str, str], ...] = ()


@cache
def commands() -> dict[str, Contributed]:
    """Return the contributed commands by name; groups of one name in several rooms are one group."""
    from linli.config import settings

    found: dict[str, Contributed] = {}
    for app in settings.INSTALLED_APPS:
        file = PACKAGE.joinpath(*app.split(".")[1:], "cli.py")
        if app.startswith("linli.") and file.exists():
            for command in read(file.read_text(encoding="utf-8"), f"{app}.cli"):
                first = found.get(command.name)
                joined = replace(first, more=(*first.more, (command.module, command.attribute))) if first else command
                found[command.name] = joined
    return found


def read(source: str, module: str) -> list[Contributed]:
    """Return the top-level click commands and groups that ``source`` defines, without running it."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                if ast.unparse(call.func if call else decorator) in {"click.command", "click.group"}:
                    found.append(_contributed(node, call, module))
    return found


def _contributed(node: ast.FunctionDef, call: ast.Call | None, module: str) -> Contributed:
    given = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
    name = call.args[0] if call and call.args else given.get("name")
    text = given.get("short_help") or given.get("help")
    spoken = _constant(text) or ast.get_docstring(node) or ""
    return Contributed(
        name=_constant(name) or node.name.replace("_", "-"),
        module=module,
        attribute=node.name,
        help=(spoken.strip().splitlines() or [""])[0].rstrip("。."),
    )


def _constant(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def load(found: Contributed) -> click.Command:
    """Import a contributed command, ready to run against the database."""
    ground.django()
    module = importlib.import_module(found.module)
    command: click.Command = getattr(module, found.attribute)
    _prepare(command, found.name, frozenset(getattr(module, "WITHOUT_DATABASE", ())))
    for other, attribute in found.more:
        _join(command, found.name, importlib.import_module(other), attribute)
    return command


def _prepare(command: click.Command, path: str, free: frozenset[str]) -> None:
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            _prepare(child, f"{path} {name}", free)
        if not command.invoke_without_command:
            return
    if command.callback and path not in free:
        command.callback = _with_database(command.callback)


def _join(command: click.Command, path: str, module: Any, attribute: str) -> None:
    """Add the commands of a later room's group to the first room's; a name that is taken stays as it was."""
    group = getattr(module, attribute)
    if not (isinstance(command, click.Group) and isinstance(group, click.Group)):
        return
    _prepare(group, path, frozenset(getattr(module, "WITHOUT_DATABASE", ())))
    for name, child in group.commands.items():
        if name not in command.commands:
            command.add_command(child, name)


def _with_database(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        with ground.database():
            return callback(*arguments, **options)

    return run
