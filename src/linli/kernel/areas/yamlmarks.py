"""YAML read with the line of every value, so that an error can say where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from linli.kernel.errors import Invalid

Model = TypeVar("Model", bound=BaseModel)
Lines = dict[tuple[str | int, ...], int]


class BadProfile(Invalid):
    """A profile's file does not hold; ``errors`` maps ``file:line`` to what is wrong there."""

    code = "bad_profile"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.message = "\n".join(f"{place}：{text}" for place, texts in errors.items() for text in texts)

    def __str__(self) -> str:
        return str(self.message)


def read(path: Path) -> tuple[Any, Lines]:
    """Return the file's value and the line (from 1) of everything in it by path. Raises ``BadProfile``."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except OSError as error:
        raise BadProfile({str(path): [_("读不了这个文件：%(why)s") % {"why": error.strerror}]}) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BadProfile({f"{path}:{line}": [getattr(error, "problem", None) or str(error)]}) from error
    lines: Lines = {}
    if node is not None:
        _walk(node, (), lines)
    return value, lines


def validate(model: type[Model], path: Path) -> Model:
    """Return the file as ``model``. Raises ``BadProfile`` with file, line, what was expected and what
    stands.
    """
    value, lines = read(path)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadProfile(
            {
                f"{path}:{line_of(lines, problem['loc'])} {'.'.join(map(str, problem['loc']))}": [said(problem)]
                for problem in error.errors()
            }
        ) from error


def said(problem: ErrorDetails) -> str:
    """Return one problem that pydantic found as a sentence: what was expected, what stands there."""
    expected = {
        "missing": _("缺少这一项"),
        "extra_forbidden": _("没有这一项，请检查拼写"),
        "string_pattern_mismatch": _("写法不对（区域编码应为 6、9、12 或 15 位数字）"),
        "string_type": _("应为文字"),
        "int_parsing": _("应为整数"),
        "int_type": _("应为整数"),
        "date_from_datetime_parsing": _("应为日期，例如 2021-08-30"),
        "date_type": _("应为日期，例如 2021-08-30"),
        "union_tag_invalid": _("没有这种变更"),
        "union_tag_not_found": _("缺少 do：说明是哪种变更"),
        "too_short": _("不能为空"),
    }.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    if problem["type"] in {"missing", "value_error", "union_tag_not_found"}:
        return expected
    return _("%(expected)s；现为 %(got)s") % {"expected": expected, "got": f"{problem['input']!r:.60}"}


def line_of(lines: Lines, place: tuple[str | int, ...]) -> int:
    """Return the line of the innermost part of ``place`` that stands in the file."""
    known = [part for part in place if part != "[key]"]
    line = lines.get((), 1)
    here: tuple[str | int, ...] = ()
    for part in known:
        # pydantic adds the tag of a union's member to the path; it is no part of the file.
        step: tuple[str | int, ...] = (*here, part)
        if step in lines:
            line, here = lines[step], step
    return line


def _walk(node: yaml.Node, path: tuple[str | int, ...], lines: Lines) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _walk(value, (*path, str(key.value)), lines)
            lines[(*path, str(key.value))] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*path, number), lines)
