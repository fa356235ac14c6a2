"""What changed about a row since it was read, so that only that is written."""

from __future__ import annotations

import copy
from typing import Any

from django.db import models

from linli.kernel.storage.together import Together


class Snapshot:
    """The column values of a row at one moment. Lists and JSON are copied, so changes in place show too."""

    def __init__(self, row: models.Model) -> None:
        self.row = row
        self._values = {f.attname: _kept(_value(row, f)) for f in row._meta.local_concrete_fields}

    def changed(self) -> list[str]:
        """Return the names of the fields whose value is another now, in the order of the model."""
        fields = self.row._meta.local_concrete_fields
        return [f.name for f in fields if _value(self.row, f) != self._values[f.attname]]

    def save(self) -> bool:
        """Write what changed, in one statement; none when nothing did. Return whether anything was written."""
        names = self.changed()
        if names:
            self.row.save(update_fields=names)
        return bool(names)

    def write_with(self, together: Together) -> None:
        """Let what changed be written together with the rest; what the database computes is written at once."""
        names = self.changed()
        fields = self.row._meta.local_concrete_fields
        if any(hasattr(self.row.__dict__.get(f.attname), "resolve_expression") for f in fields):
            self.row.save(update_fields=names)
        else:
            together.change(self.row, names)


def _value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    value = row.__dict__.get(field.attname)
    return bytes(value) if isinstance(value, memoryview) else value


def _kept(value: Any) -> Any:
    return copy.copy(value) if isinstance(value, list | dict) else value
