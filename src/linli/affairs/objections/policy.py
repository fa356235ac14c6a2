"""``whistles.duties``: the duty lists (权责清单) a district starts with; the registers themselves are dated rows.

The document keeps the name under which districts have stored it, though cases cite the lists as much as whistles do.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text

ListKind = Literal["department", "street_basic", "street_assist", "taken_back"]


class ListedItem(Item):
    """An item of a list: what it is, whose, on what basis, from when."""

    code: Code
    kind: ListKind
    title: Text
    unit: Code | None = None
    """The competent unit; for an item that a street assists with or lost, the department it lies with."""
    category: Code | None = None
    """The category of cases it covers; without one it is cited by hand only."""
    basis: Text
    valid_from: date


@policy.document("whistles.duties", title="权责清单")
class DutyLists(Document):
    """Departments' duties, and what streets do (基本履职), assist with (配合履职) or no longer do (上级收回)."""

    items: tuple[ListedItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def codes_are_single(self) -> DutyLists:
        """Refuse a code that is written twice, and a department's item without its department."""
        codes = [item.code for item in self.items]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"清单代码 {twice[0]} 写了两次")
        for item in self.items:
            if item.kind in {"department", "taken_back"} and item.unit is None:
                raise ValueError(f"清单 {item.code} 应写明承担单位 unit")
        return self
