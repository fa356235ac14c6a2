"""YAML whose every value remembers its file and line, so that an error can point at it.

Three deliberate differences from YAML 1.1: ``0102`` is a text (codes keep their zeros), only ``true`` and
``false`` are truth values (``no`` is a text), and a key written twice is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

IDENTITIES = ("code", "kind", "name")
"""The fields by which items of two lists are the same item, in this order."""


class NotYaml(Exception):
    """The file cannot be read as YAML; carries the line, what was expected and what stands there."""

    def __init__(self, file: str, line: int, expected: str, got: str) -> None:
        super().__init__(f"{file}:{line}: {expected}: {got}")
        self.file, self.line, self.expected, self.got = file, line, expected, got


@dataclass
class Placed:
    """A value and where it was written."""

    value: Any
    file: str
    line: int

    def plain(self) -> Any:
        """Return the value without its places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def at(self, place: tuple[str | int, ...]) -> Placed:
        """Return the deepest value on the way to ``place`` that exists."""
        here = self
        for step in place:
            in_mapping = isinstance(here.value, dict) and step in here.value
            in_list = isinstance(here.value, list) and isinstance(step, int) and step < len(here.value)
            if in_mapping or in_list:
                here = here.value[step]
        return here


class _Loader(yaml.CSafeLoader):
    """SafeLoader on libyaml (the wheel carries it; eight times as fast), with fewer surprises."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def read(path: Path, shown_as: str | None = None) -> Placed:
    """Return the file's mapping with places. Raises :class:`NotYaml`."""
    name = shown_as or str(path)
    try:
        return read_text(path.read_text(encoding="utf-8"), name)
    except UnicodeDecodeError as error:
        raise NotYaml(name, 1, "应为 UTF-8 编码的文本", error.reason) from error


def read_text(text: str, name: str) -> Placed:
    """Return the mapping in ``text``, with places in the file ``name``. Raises :class:`NotYaml`."""
    loader = _Loader(text)
    try:
        _refuse_references(text, name)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise NotYaml(name, 1, "应为“键: 值”的形式", text.strip()[:40] or "空文件")
        return _placed(loader, node, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise NotYaml(name, line, "应为正确的 YAML（检查缩进、冒号和引号）", error.problem or "") from error
    except yaml.YAMLError as error:
        raise NotYaml(name, 1, "应为正确的 YAML 文本", str(error)) from error
    finally:
        loader.dispose()


def _refuse_references(text: str, name: str) -> None:
    """Raise :class:`NotYaml` for a ``*reference``: a few lines of them stand for a text without end."""
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise NotYaml(name, line, "不用 & 和 * 引用，请把内容写全", f"*{event.anchor}")


def _placed(loader: _Loader, node: yaml.Node, file: str) -> Placed:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Placed([_placed(loader, child, file) for child in node.value], file, line)
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Placed] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in entries:
                raise NotYaml(file, key_node.start_mark.line + 1, "同一个键只能写一次", key)
            child = _placed(loader, value_node, file)
            child.line = key_node.start_mark.line + 1 if not isinstance(child.value, list | dict) else child.line
            entries[key] = child
        return Placed(entries, file, line)
    return Placed(loader.construct_object(node), file, line)


def overlaid(base: Placed, over: Placed) -> Placed:
    """Return ``base`` with ``over`` laid upon it.

    Mappings merge key by key; lists of items merge by ``code``, ``kind`` or ``name`` (new ones are added at
    the end); anything else is replaced.
    """
    if isinstance(base.value, dict) and isinstance(over.value, dict):
        merged = dict(base.value)
        for key, child in over.value.items():
            merged[key] = overlaid(merged[key], child) if key in merged else child
        return Placed(merged, over.file, over.line)
    if isinstance(base.value, list) and isinstance(over.value, list):
        identity = _identity(base.value, over.value)
        if identity:
            items = {item.value[identity].plain(): item for item in base.value}
            for item in over.value:
                key = item.value[identity].plain()
                items[key] = overlaid(items[key], item) if key in items else item
            return Placed(list(items.values()), over.file, over.line)
    return over


def _identity(*lists: list[Placed]) -> str | None:
    """Return the field that tells the items of each list apart, or ``None`` when there is none."""
    for identity in IDENTITIES:
        if any(lists) and all(_told_apart(items, identity) for items in lists):
            return identity
    return None


def _told_apart(items: list[Placed], identity: str) -> bool:
    if not all(isinstance(item.value, dict) and identity in item.value for item in items):
        return False
    return len({str(item.value[identity].plain()) for item in items}) == len(items)
