"""Lookups that Django does not bring."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """``column__any_of=values``: the value is one of a list, which is sent as one value however many it holds.

    So a statement has one form for all lists, and may be kept ready; ``in`` has another form for each length.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return ``column = ANY(list)``."""
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*values, self.rhs)
