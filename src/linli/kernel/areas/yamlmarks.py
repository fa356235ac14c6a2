"""YAML read with the line of every value, so that an error can say where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from linli.kernel.errors import Invalid

Model = TypeVar("Model", bound=BaseModel)
Lines = dict[tuple[str | int, ...], int]


class BadProfile(Invalid):
    """A profile's file does not hold; ``errors`` maps ``file:line`` to what is wrong there."""

    code = "bad_profile"


def read(path: Path) -> tuple[Any, Lines]:
    """Return the file's value and the line (from 1) of everything in it by path. Raises ``BadProfile``."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except OSError as error:
        raise BadProfile({str(path): [error.strerror or str(error)]}) from error
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
                f"{path}:{line_of(lines, problem['loc'])} {'.'.join(map(str, problem['loc']))}": [
                    f"{problem['msg']} ({problem['input']!r:.60})"
                ]
                for problem in error.errors()
            }
        ) from error


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
