"""The form of an action: what the desk shows, what the API takes, and what the trail keeps."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from linli.kernel.storage.fixed import Fixed
from linli.kernel.storage.models import key_of

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.posts.actors import Actor

    _OneRow = forms.ModelChoiceField[models.Model]
else:
    _OneRow = forms.ModelChoiceField


class ActionForm(forms.Form):
    """The base of every action's form; knows who asks and about which matter, for choices and checks.

    ``unrecorded`` names fields that the trail must not keep even in its erasable payload; ``either`` those that
    something else may stand for (a point for an area, a list's item for an article): no page calls them optional.
    """

    unrecorded: Sequence[str] = ()
    either: Collection[str] = frozenset()

    def __init__(self, data: Any = None, *, actor: Actor, matter: Matter | None, **options: Any) -> None:
        self.actor = actor
        self.matter = matter
        super().__init__(data, **options)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and initial values that depend on actor and matter; the base has none."""

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data as the trail keeps it: plain JSON, people and places by id."""
        return {
            name: plain(value)
            for name, value in self.cleaned_data.items()
            if name not in self.unrecorded and value not in (None, "", [])
        }


def plain(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: models as their id, moments in ISO 8601."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [plain(v) for v in value]
    return value


def as_form_data(data: Mapping[str, Any] | None) -> MultiValueDict[str, Any]:
    """Return ``data`` in the shape forms read: lists as several values, the rest as one.

    ``None`` counts as not given, so a JSON null and a missing key are the same.
    """
    if isinstance(data, MultiValueDict):
        return data
    shaped: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in (data or {}).items():
        if value is None:
            continue
        shaped.setlist(name, [plain(v) for v in value] if isinstance(value, list | tuple) else [plain(value)])
    return shaped


def saved_form_data(data: MultiValueDict[str, Any]) -> dict[str, Any]:
    """Return form data as JSON, so that an approval can repeat the action exactly as it was asked."""
    return {name: plain(values) for name, values in data.lists()}


class RowField(_OneRow):
    """One row of ``queryset`` by its id; the query is built once, so no form narrows it for whoever asks."""

    def __init__(self, queryset: models.QuerySet[Any], **options: Any) -> None:
        super().__init__(queryset, **options)
        self._look = Fixed(lambda pk: queryset.filter(pk=pk), pk=uuid.UUID)

    def to_python(self, value: Any) -> Any:
        """Return the row, ``None`` for nothing. Raises ``ValidationError`` on what is no id, or of no such row."""
        if value in self.empty_values:
            return None
        try:
            (row,) = self._look(pk=key_of(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error
        return row


class UUIDListField(forms.Field):
    """Several ids, as uploads leave them in a form: repeated values or one comma-separated text."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"invalid": _("照片编号不对，请重新上传。")}

    def to_python(self, value: Any) -> list[uuid.UUID]:
        """Return the ids in order, each once. Raises ``ValidationError`` on what is no id."""
        values = value if isinstance(value, list | tuple) else [value] if value else []
        parts = [part.strip() for item in values for part in str(item).split(",") if part.strip()]
        try:
            return list(dict.fromkeys(uuid.UUID(part) for part in parts))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class DayInput(forms.DateInput):
    """A day as a browser's own calendar takes it: ISO 8601, whatever the page's language."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


def words(label: Any, limit: int = 500, *, required: bool = True, rows: int = 3) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label, max_length=limit, required=required, widget=forms.Textarea(attrs={"rows": rows})
    )


class ReasonForm(ActionForm):
    """A reason in one's own words; enough for many actions."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由。")},
    )


class NoteForm(ActionForm):
    """A note that may be left empty."""

    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
