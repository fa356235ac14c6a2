"""A text column that is encrypted at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from linli.kernel.crypto import ciphers

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """Text that the database sees only encrypted; empty and NULL stay what they are.

    It cannot be searched or ordered by: keep a :func:`crypto.keyed_hash` beside it. ``place`` overrides
    ``table.column``, to which each value is bound, when a table or column is renamed.
    """

    def __init__(self, *args: Any, place: str = "", **kwargs: Any) -> None:
        self.place = place
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.place:
            kwargs["place"] = self.place
        return str(name), path, args, kwargs

    @property
    def aad(self) -> str:
        """The place that this field's values are bound to."""
        return self.place or f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        plain = super().get_db_prep_value(value, connection, prepared)
        return ciphers.encrypt(plain, self.aad) if isinstance(plain, str) and plain else plain

    def from_db_value(self, value: str | None, *_ignored: object) -> str | None:
        """Return the plain text of a stored value."""
        return ciphers.decrypt(value, self.aad) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.aad} is encrypted: search by the keyed hash beside it, not by {lookup_name}")
