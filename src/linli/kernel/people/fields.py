"""Columns that follow another column of the same row, however the row is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from linli.kernel.people import names

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
    _Texts = ArrayField[list[str], list[str]]
else:  # Django's fields take type arguments only in their stubs
    _Text, _Texts = models.CharField, ArrayField


class PinyinField(_Text):
    """The pinyin sort key of another column; computed at every INSERT, in bulk too."""

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return the field for a migration, with its source."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002 - Django calls it by name
        """Return the key of what the source column holds now."""
        key = names.sort_key(_text(model_instance, self.source))
        setattr(model_instance, self.attname, key)
        return key


class GramsField(_Texts):
    """The character pairs of another column, for a GIN index."""

    def __init__(
        self, base_field: models.Field[Any, Any] | None = None, *, source: str = "name", **kwargs: Any
    ) -> None:
        self.source = source
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", list)
        super().__init__(base_field or models.CharField(max_length=4), **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return the field for a migration, with its source."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> list[str]:  # noqa: ARG002 - Django calls it by name
        """Return the pairs of what the source column holds now."""
        pairs = names.grams(_text(model_instance, self.source))
        setattr(model_instance, self.attname, pairs)
        return pairs


def _text(row: models.Model, source: str) -> str:
    return str(getattr(row, source) or "")
