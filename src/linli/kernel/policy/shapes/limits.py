"""How documents write time limits: ``4 工作时``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from linli.kernel.errors import UserError
from linli.kernel.worktime.units import Limit


def _read(value: Any) -> Limit:
    if isinstance(value, Limit):
        return value
    if not isinstance(value, str):
        raise ValueError("时限应写成“4 工作时”这样的文字")
    try:
        return Limit.parse(value)
    except UserError as error:
        raise ValueError(str(error)) from error


def _write(limit: Limit) -> str:
    return f"{limit.amount:f} {limit.unit.value}"


WrittenLimit = Annotated[Limit, PlainValidator(_read), PlainSerializer(_write, return_type=str)]
"""A :class:`~linli.kernel.worktime.units.Limit`, written as text and stored by unit code."""
