"""The two bases every table of Linli stands on."""

from __future__ import annotations

import uuid

from django.db import models

from linli.kernel import ids


class Row(models.Model):
    """A row with a UUIDv7 of the kernel clock as its key."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.id}"


class Ledgered(Row):
    """A row that is written once: partitioned by month on its id, INSERT and SELECT only.

    A migration creates it with :class:`linli.kernel.storage.operations.CreatePartitioned`; triggers then
    refuse UPDATE, DELETE and TRUNCATE, to the table's owner too, unless the model lists columns in
    ``mutable`` (a send state, say).
    """

    mutable: tuple[str, ...] = ()

    class Meta:
        abstract = True


def key_of(identifier: uuid.UUID | str) -> uuid.UUID:
    """Return ``identifier`` as a UUID. Raises ``ValueError`` when it is not one."""
    return identifier if isinstance(identifier, uuid.UUID) else uuid.UUID(str(identifier))
