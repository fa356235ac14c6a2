"""What a re-division may consist of, as people write it in a file or a form.

Each step names areas by the codes they have when its turn comes; steps of one change apply in order.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from linli.kernel.areas import outlines, yamlmarks
from linli.kernel.areas.models import Kind
from linli.kernel.errors import Invalid


def _as_text(value: object) -> object:
    # YAML reads an unquoted code as a number.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Code = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[0-9]{6,15}([XLZC][0-9]{2,3})*$", max_length=24)]


def _an_area(value: object) -> object:
    return None if value is None else outlines.read(value)


Boundary = Annotated[dict[str, Any] | None, BeforeValidator(_an_area)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Step(BaseModel):
    """One step of a re-division."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rename(Step):
    """An area gets another name, another kind (a town becomes a street), or both.

    ``was`` and ``was_kind`` are what it was before; only history that is laid backwards needs them.
    """

    do: Literal["rename"]
    area: Code
    name: Name | None = None
    kind: Kind | None = None
    was: Name | None = None
    was_kind: Kind | None = None


class Recode(Step):
    """An area gets another code under the same parent; the codes below it follow."""

    do: Literal["recode"]
    area: Code
    to: Code


class MoveTo(Step):
    """An area becomes part of another parent; its code follows (``to``, or the next free one there)."""

    do: Literal["move"]
    area: Code
    parent: Code
    to: Code | None = None


class Part(Step):
    """One piece of a split, or the result of a merge. ``children`` maps their old codes to new ones.

    Children may also be a plain list: each then keeps its own last digits where they are free.
    """

    code: Code
    name: Name | None = None
    kind: Kind | None = None
    children: dict[Code, Code | None] = Field(default_factory=dict)
    boundary: Boundary = None
    boundary_source: str = ""

    @field_validator("children", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return dict.fromkeys(value) if isinstance(value, list) else value


class Split(Step):
    """An area falls into several. A part with the area's own code is the area going on, smaller.

    Every child must belong to exactly one part; those not named stay with the part that goes on.
    """

    do: Literal["split"]
    area: Code
    into: list[Part] = Field(min_length=2)


class Merge(Step):
    """Several areas become one. When ``into`` has the code of one of them, that area goes on, larger."""

    do: Literal["merge"]
    areas: list[Code] = Field(min_length=2)
    into: Part


class Open(Step):
    """A new area begins below an existing one; its parent is the area whose code begins its code."""

    do: Literal["open"]
    code: Code
    name: Name
    kind: Kind | None = None
    boundary: Boundary = None
    boundary_source: str = ""
    sketch: bool = False


class Close(Step):
    """An area without children ceases; what it had goes to ``to``."""

    do: Literal["close"]
    area: Code
    to: Code


class Redraw(Step):
    """An area gets another boundary (GeoJSON geometry, WGS-84) from that day on."""

    do: Literal["redraw"]
    area: Code
    boundary: Boundary
    boundary_source: str = Field(min_length=1)
    sketch: bool = False


Change = Annotated[Rename | Recode | MoveTo | Split | Merge | Open | Close | Redraw, Field(discriminator="do")]


class Written(BaseModel):
    """A change as a file holds it: the day, what it is, where it stands, and its steps in order."""

    model_config = ConfigDict(extra="forbid")
    day: date
    note: str = Field(min_length=1, max_length=300)
    source: str = Field(default="", max_length=200)
    steps: list[Change] = Field(min_length=1)


_changes: TypeAdapter[list[Change]] = TypeAdapter(list[Change])


def parse(raw: object) -> list[Change]:
    """Return the steps that ``raw`` (lists and dicts from YAML, JSON or a form) describes. Raises
    ``Invalid``.
    """
    try:
        return _changes.validate_python(raw)
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for found in error.errors():
            problems.setdefault(".".join(map(str, found["loc"])) or "changes", []).append(yamlmarks.said(found))
        raise Invalid(problems) from error


def dump(changes: list[Change]) -> list[dict[str, Any]]:
    """Return the JSON form in which a re-division keeps its steps."""
    kept: list[dict[str, Any]] = _changes.dump_python(changes, mode="json", exclude_none=True)
    return kept
