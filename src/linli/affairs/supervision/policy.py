"""``supervision.checklists``: what a spot check looks at, and how long a unit has to mend what was found."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit


class Point(Item):
    """One point that is looked at."""

    code: Code
    title: Text


class Checklist(Item):
    """What one kind of round looks at."""

    title: Text
    points: tuple[Point, ...] = Field(min_length=1)


@policy.document("supervision.checklists", title="督查清单")
class Checklists(Document):
    """Checklists by code, and the limits of what follows from a finding."""

    checklists: Mapping[Code, Checklist] = Field(min_length=1)
    mend: WrittenLimit
    """Until when a unit reports that a problem is mended."""
    recheck: WrittenLimit
    """Until when the inspectors look whether it is."""
    answer: WrittenLimit
    """Until when a unit answers a piece of advice."""
