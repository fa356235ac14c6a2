"""Policy documents as files: ``profiles/<district>/<name>.yaml``, laid upon ``profiles/default``."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from linli.kernel.policy import documents, placed
from linli.kernel.policy.documents import Document, Documents
from linli.kernel.policy.placed import NotYaml, Placed

SHIPPED = Path(__file__).resolve().parents[2] / "profiles" / "default"
"""The documents that ship with the product, and that a district's own are laid upon."""

OTHERS = frozenset({"areas.yaml"})
"""Files of a profile that are not policy."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file, where, what was expected and what stands there."""

    file: str
    line: int
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.expected}；现为 {self.got}"


@dataclass
class Folder:
    """A profile's documents as read: those that hold, their plain bodies, and the problems."""

    documents: dict[str, Document] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path) -> Folder:
    """Return the documents of a profile's ``folder`` laid upon the shipped ones, with every problem found.

    A file with ``extends: default`` gives only what differs; without it, it replaces the shipped one.
    Raises ``FileNotFoundError`` when there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    result = Folder()
    trees: dict[str, Placed] = {}
    for path in _files(folder):
        name = path.stem
        try:
            trees[name] = tree = _tree(path, folder)
            schema, body = _split(tree)
            result.documents[name] = documents.parse(name, schema, body)
            result.bodies[name] = body_of(result.documents[name])
        except NotYaml as error:
            result.problems.append(Problem(error.file, error.line, error.expected, error.got))
        except KeyError:
            close = difflib.get_close_matches(name, documents.names(), 1)
            hint = f"，是不是 {close[0]}？" if close else ""
            result.problems.append(Problem(_shown(path, folder), 1, f"文件名应为一份已知的政策{hint}", name))
        except ValidationError as error:
            result.problems.extend(_problem(trees[name], detail) for detail in error.errors())
        except ValueError as error:
            result.problems.append(Problem(_shown(path, folder), 1, "应为本版本认识的格式号 schema", str(error)))
    if not result.problems:
        result.problems.extend(_crossed(trees, Documents(result.documents)))
    return result


def check(folder: Path) -> list[Problem]:
    """Return what is wrong in a profile's ``folder``; an empty list when it can be loaded."""
    return read(folder).problems


def body_of(document: Document) -> dict[str, Any]:
    """Return a document as it is stored: plain JSON, defaults written out, so that a later default of the
    shape does not change what an old version meant."""
    return document.model_dump(mode="json")


def as_text(document: Document) -> str:
    """Return a document as YAML for people to edit."""
    head = {"schema": document.policy_schema}
    body = document.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(head | body, allow_unicode=True, sort_keys=False, width=110)


def parse_text(name: str, text: str) -> tuple[Document | None, list[Problem]]:
    """Return the document that ``text`` (YAML) gives, or ``None`` and what is wrong by line."""
    try:
        tree = placed.read_text(text, name)
        schema, body = _split(tree)
        return documents.parse(name, schema, body), []
    except NotYaml as error:
        return None, [Problem(error.file, error.line, error.expected, error.got)]
    except ValidationError as error:
        return None, [_problem(tree, detail) for detail in error.errors()]
    except ValueError as error:
        return None, [Problem(name, 1, "应为本版本认识的格式号 schema", str(error))]


@functools.cache
def shipped(name: str) -> Document:
    """Return the document ``name`` that ships with the product. Raises ``LookupError`` when none does."""
    path = SHIPPED / f"{name}.yaml"
    if not path.exists():
        raise LookupError(f"no policy document {name} is loaded, and none ships with Linli; load a profile")
    schema, body = _split(placed.read(path))
    return documents.parse(name, schema, body)


def _files(folder: Path) -> list[Path]:
    """Return the files that make up the profile: its own, and the shipped ones it has no word on."""
    own = {p.name: p for p in sorted(folder.glob("*.yaml")) if p.name not in OTHERS}
    base = {p.name: p for p in sorted(SHIPPED.glob("*.yaml")) if p.name not in OTHERS}
    return [(base | own)[name] for name in sorted(base | own)]


def _tree(path: Path, folder: Path) -> Placed:
    tree = placed.read(path, _shown(path, folder))
    extends = tree.value.pop("extends", None)
    if extends is None:
        return tree
    base = SHIPPED / path.name
    if extends.value != "default" or not base.exists() or path.parent == SHIPPED:
        raise NotYaml(tree.file, extends.line, "extends 只能是 default，且 default 中应有同名文件", str(extends.value))
    return placed.overlaid(placed.read(base, f"default/{base.name}"), tree)


def _split(tree: Placed) -> tuple[int, dict[str, Any]]:
    body = tree.plain()
    schema = body.pop("schema", 1)
    return (schema if isinstance(schema, int) else 1), body


def _shown(path: Path, folder: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent in {folder, SHIPPED} else str(path)


def _crossed(trees: dict[str, Placed], together: Documents) -> Iterator[Problem]:
    for complaint in documents.complaints(together):
        where = trees[complaint.name].at(complaint.place)
        yield Problem(where.file, where.line, complaint.expected, complaint.got)


_EXPECTED = {
    "missing": "缺少必填项 {field}",
    "int_type": "{field} 应为整数",
    "int_parsing": "{field} 应为整数",
    "int_from_float": "{field} 应为整数",
    "float_type": "{field} 应为数字",
    "decimal_type": "{field} 应为数字",
    "decimal_parsing": "{field} 应为数字",
    "string_type": "{field} 应为文字（数字请加引号）",
    "bool_type": "{field} 应为 true 或 false",
    "bool_parsing": "{field} 应为 true 或 false",
    "tuple_type": "{field} 应为列表（每项以“- ”开头）",
    "list_type": "{field} 应为列表（每项以“- ”开头）",
    "dict_type": "{field} 应为“键: 值”",
    "model_type": "{field} 应为“键: 值”",
    "literal_error": "{field} 应为 {expected} 之一",
    "enum": "{field} 应为 {expected} 之一",
    "string_pattern_mismatch": "{field} 只能用字母、数字和 . _ : -",
    "string_too_short": "{field} 不能为空",
    "string_too_long": "{field} 最多 {max_length} 个字",
    "too_short": "{field} 至少要有 {min_length} 项",
    "greater_than": "{field} 应大于 {gt}",
    "greater_than_equal": "{field} 不应小于 {ge}",
    "less_than_equal": "{field} 不应大于 {le}",
    "date_from_datetime_parsing": "{field} 应为日期，如 2026-01-31",
    "value_error": "{error}",
}


def _problem(tree: Placed, detail: ErrorDetails) -> Problem:
    """Return pydantic's error as a problem at the line of its value, in the words of who edits the file."""
    place = tuple(step for step in detail["loc"])
    where = tree.at(place)
    field_name = next((str(s) for s in reversed(place) if isinstance(s, str) and not s.startswith("[")), "内容")
    kind = detail["type"]
    if kind == "extra_forbidden":
        parent = tree.at(place[:-1]).value
        siblings = "、".join(k for k in parent if k != field_name) if isinstance(parent, dict) else ""
        return Problem(where.file, where.line, f"这里没有字段 {field_name}（已有：{siblings}），请检查拼写", field_name)
    context = {key: str(value) for key, value in detail.get("ctx", {}).items()}
    template = _EXPECTED.get(kind)
    expected = template.format(field=field_name, **{"expected": "", **context}) if template else detail["msg"]
    got = "没有写" if kind == "missing" else _short(detail["input"])
    return Problem(where.file, where.line, expected, got)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
