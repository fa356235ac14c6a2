"""``privacy.retention``: how long each group of fields is kept, and on which basis (R150, PIPL 19, 47)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from linli.kernel.policy import cache
from linli.kernel.policy.documents import Code, Document, Item, Text, document
from linli.kernel.privacy.events import retention_days


class Keep(Item):
    """How many days a group of fields is kept, counted from ``since``; ``None``: while the basis lasts."""

    title: Text
    days: int | None = Field(None, ge=1)
    since: Text
    basis: Text


@document("privacy.retention", title="保存期限")
class Retention(Document):
    """Retention by field group."""

    groups: Mapping[Code, Keep] = Field(min_length=1)

    def days(self, group: str) -> int | None:
        """Return how many days ``group`` is kept, ``None`` for no end. Raises ``LookupError``."""
        try:
            return self.groups[group].days
        except KeyError:
            raise LookupError(f"no retention rule for the field group {group!r}") from None


@retention_days.fill
def days_kept(field_group: str, days: int | None) -> int | None:
    """Answer the privacy room: the days in force for a group, or its room's own where the document is silent."""
    groups = cache.get(Retention).groups
    return groups[field_group].days if field_group in groups else days
