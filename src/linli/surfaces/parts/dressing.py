"""An action's form, dressed for a page: trees for areas, searchable lists for units, uploads for photos.

Affairs declare plain Django forms; what a field looks like on a screen is decided here, once for every shell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from linli.kernel import areas, evidence
from linli.kernel.errors import UserError
from linli.kernel.matters import ActionForm, UUIDListField
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit
from linli.surfaces.parts.forms import PhotoInput
from linli.surfaces.parts.pickers import AreaOption, AreaSelect, UnitOption, UnitSelect, UnitsSelect


class AttachmentsInput(PhotoInput):
    """Photos as ids: uploaded at once where there is script, with the form where there is none.

    What was uploaded before an error stays in the form: its ids travel on as ``<name>_ids``.
    """

    template_name = "parts/forms/attachments.html"
    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """Return the ids that the form carries, each once."""
        getter = getattr(data, "getlist", None)
        found = [*getter(name), *getter(f"{name}_ids")] if getter else data.get(name) or []
        return list(dict.fromkeys(str(one) for one in found if one))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context with the ids that are kept already."""
        context = super().get_context(name, None, attrs)
        context["widget"]["kept"] = [str(one) for one in value] if isinstance(value, list | tuple) else []
        return context


def dress(form: ActionForm, *, within: Sequence[str] = ()) -> ActionForm:
    """Give each field of an action's form the control that people use for it, and return the form.

    ``within`` are the codes under which areas are offered; without it, the whole district.
    """
    for name, field in form.fields.items():
        if isinstance(field, UUIDListField):
            cast("forms.Field", field).widget = AttachmentsInput(upload_url=reverse("evidence:upload"))
        elif name == "area" and type(field) is forms.CharField:
            field.widget = AreaSelect(areas=lambda: area_options(within))
        elif isinstance(field, forms.ModelChoiceField) and _of_units(field):
            _dress_units(field)
        field.widget.is_required = field.required
    return form


def _of_units(field: forms.ModelChoiceField[Any]) -> bool:
    rows = field.queryset
    return isinstance(rows, models.QuerySet) and rows.model is Unit


def _dress_units(field: forms.ModelChoiceField[Any]) -> None:
    rows = field.queryset
    if rows is None:
        return
    widget = UnitsSelect if isinstance(field, forms.ModelMultipleChoiceField) else UnitSelect
    field.widget = widget(units=lambda: unit_options(rows))
    if not field.required and widget is UnitSelect:
        field.widget = UnitSelect(units=lambda: [UnitOption(value="", label="—"), *unit_options(rows)])


def unit_options(units: Iterable[Unit]) -> list[UnitOption]:
    """Return units as a picker offers them, by kind."""
    return [
        UnitOption(value=str(u.pk), label=u.name, group=u.get_kind_display(), hint=u.short_name)
        for u in sorted(units, key=lambda u: (list(Unit.Kind.values).index(u.kind), u.name))
    ]


def area_options(within: Sequence[str] = ()) -> list[AreaOption]:
    """Return the areas under the codes ``within`` (everywhere by default) in the order of the tree."""
    tree = areas.tree()
    tops = [node for code in within if (node := tree.get(code))] or [tree.root]
    found = []
    for top in tops:
        above = len(tree.path(top))
        found += [
            AreaOption(
                value=node.code,
                label=node.name,
                depth=len(tree.path(node)) - above,
                level=node.level.label,
                pinyin=node.pinyin,
            )
            for node in tree.under(top.code)
        ]
    return found


def posted(request: HttpRequest, form: type[ActionForm] | None, actor: Actor) -> MultiValueDict[str, Any]:
    """Return what a form posted, its own fields only, with photos that came along turned into their ids.

    Raises :class:`UserError` (with the field) for an upload that is no photo.
    """
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, field in (form.base_fields if form else {}).items():
        values: list[Any] = request.POST.getlist(name)
        if isinstance(field, UUIDListField):
            values = [*values, *request.POST.getlist(f"{name}_ids"), *_received(request, name, actor)]
        if values:
            data.setlist(name, values)
    return data


def _received(request: HttpRequest, name: str, actor: Actor) -> list[str]:
    ids = []
    for upload in request.FILES.getlist(name):
        try:
            ids.append(str(evidence.receive(upload, uploader=actor).pk))
        except UserError as error:
            error.field = error.field or name
            raise
    return ids
