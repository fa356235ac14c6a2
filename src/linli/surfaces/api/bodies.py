"""Request bodies: the form of an action as a JSON Schema, and reading what was sent against it.

The Django form of the declaration is the only definition: its fields become the schema, and it judges the values.
What JSON can say and a form cannot (an unknown field, a number where words belong) is refused here.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import Invalid, UserError
from linli.kernel.matters import ActionForm, UUIDListField

JSON = dict[str, Any]
FIRST_YEAR, LAST_YEAR = 1900, 2100


def schema_of(form: type[ActionForm] | ActionForm | None) -> JSON:
    """Return the JSON Schema of an action's data.

    Of a form's class, choices that policy gives are plain strings; of a form made for an actor and a matter, they
    are the values that hold there.
    """
    fields: dict[str, forms.Field] = form.fields if isinstance(form, forms.Form) else getattr(form, "base_fields", {})
    properties = {name: _property(field) for name, field in fields.items()}
    schema: JSON = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name, field in fields.items() if field.required]
    if required:
        schema["required"] = required
    if form is not None and form.__doc__:
        schema["description"] = form.__doc__.strip().splitlines()[0]
    return schema


def _property(field: forms.Field) -> JSON:
    found = _type(field)
    if field.label:
        found["title"] = str(field.label)
    if field.help_text:
        found["description"] = str(field.help_text)
    if not field.required and "type" in found:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


def _type(field: forms.Field) -> JSON:
    """Return the type of a field, the more particular classes first."""
    if isinstance(field, UUIDListField | forms.ModelMultipleChoiceField):
        return {"type": "array", "items": {"type": "string", "format": "uuid"}}
    if isinstance(field, forms.ModelChoiceField):
        return {"type": "string", "format": "uuid"}
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": _choices(field)}
    if isinstance(field, forms.ChoiceField):
        return _choices(field)
    simple: tuple[tuple[type[forms.Field], JSON], ...] = (
        (forms.JSONField, {"type": "object"}),
        (forms.BooleanField, {"type": "boolean"}),
        (forms.FloatField, {"type": "number"}),
        (forms.DecimalField, {"type": "number"}),
        (forms.IntegerField, {"type": "integer"}),
        (forms.DateTimeField, {"type": "string", "format": "date-time"}),
        (forms.DateField, {"type": "string", "format": "date"}),
    )
    for kind, schema in simple:
        if isinstance(field, kind):
            return dict(schema)
    text: JSON = {"type": "string"}
    longest = getattr(field, "max_length", None)
    if longest:
        text["maxLength"] = longest
    if field.required:
        text["minLength"] = 1
    return text


def _choices(field: forms.ChoiceField) -> JSON:
    """Return the values of choices that are part of the code; those of policy are asked for when they are needed."""
    given = field.__dict__.get("_choices")
    if not isinstance(given, list | tuple) or not given:
        return {"type": "string"}
    flat = [
        inner[0] for value, label in given for inner in (label if isinstance(label, list | tuple) else [(value, label)])
    ]
    return {"type": "string", "enum": [str(value) for value in flat]}


def read(request: HttpRequest) -> JSON:
    """Return the JSON object of a request's body. Raises :class:`UserError` (400) for anything else."""
    try:
        found = json.loads(request.body or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UserError(_("请求的内容读不出来：应为 JSON 对象。")) from error
    if not isinstance(found, dict):
        raise UserError(_("请求的内容应为 JSON 对象。"))
    return found


def _no_constant(text: str) -> float:
    raise ValueError(text)


def conform(schema: JSON, data: Any, where: str = "data") -> JSON:
    """Return ``data`` when its fields and their JSON types are those of ``schema``. Raises :class:`Invalid`."""
    if not isinstance(data, dict):
        raise Invalid({where: [_("应为 JSON 对象。")]})
    errors: dict[str, list[str]] = {}
    found: JSON = {}
    properties = schema["properties"]
    for name, value in data.items():
        if name not in properties:
            errors[name] = [_("没有这个字段。")]
            continue
        part = properties[name]
        if not _fits(part, value):
            errors[name] = [_("类型不对，应为%(type)s。") % {"type": _word(part)}]
        try:
            found[name] = _in_china(part, value)
        except (ValueError, OverflowError):
            errors[name] = [_("时间格式不对，应如 2026-01-31T09:00:00+08:00，年份在 1900 至 2100 之间。")]
    if errors:
        raise Invalid(errors)
    return found


def _in_china(schema: JSON, value: Any) -> Any:
    """Return ``value``, a moment by the clock of China; dates that no case can have are a :class:`ValueError`."""
    form = schema.get("format")
    if not isinstance(value, str) or not value or form not in {"date", "date-time"}:
        return value
    moment = datetime.fromisoformat(value)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(value)
    return clock.local(moment).isoformat() if form == "date-time" and moment.tzinfo else value


def _fits(schema: JSON, value: Any) -> bool:
    kinds = schema.get("type", ())
    allowed = {kinds} if isinstance(kinds, str) else set(kinds)
    if value is None:
        return "null" in allowed
    if isinstance(value, bool):
        return "boolean" in allowed
    if isinstance(value, str):
        return "string" in allowed and _is_text(value)
    if isinstance(value, int | float):
        return "number" in allowed or ("integer" in allowed and isinstance(value, int))
    if isinstance(value, list):
        return "array" in allowed and all(_fits(schema.get("items", {}), item) for item in value)
    return "object" in allowed


def _is_text(value: str) -> bool:
    """Return whether PostgreSQL and UTF-8 can hold it: no NUL, no half of a surrogate pair."""
    return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _word(schema: JSON) -> str:
    kind = schema.get("type", "string")
    first = kind if isinstance(kind, str) else kind[0]
    return {
        "string": _("文字"), "number": _("数"), "integer": _("整数"), "boolean": "true / false", "array": _("列表"),
    }.get(first, first)  # fmt: skip
