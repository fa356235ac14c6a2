"""``docs/data-dictionary.md``: every table and column, with what guards it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Field

from linli.cli.docs import table
from linli.cli.docs.code import first_sentence, is_ours
from linli.kernel.storage.models import Ledgered

KINDS = {"EncryptedTextField": "protected text"}
INTRO = """# Data dictionary

Every table of Linli, written by `linli docs generate` from the models. *Written once* means that triggers refuse
UPDATE, DELETE and TRUNCATE; the columns that may still change, and whether rows may be erased, stand beside it.
*Monthly* tables are partitioned by their UUIDv7 id. *Protected* columns are encrypted. Tables of Django, allauth and
procrastinate are described by those projects."""


def page() -> str:
    """Return the data dictionary as Markdown."""
    parts = [INTRO]
    for config in apps.get_app_configs():
        own = [model for model in config.get_models() if is_ours(model)]
        if own:
            parts.append(f"## {config.label}")
            parts += [_model(model) for model in sorted(own, key=lambda model: model.__name__)]
    return "\n\n".join(parts) + "\n"


def _model(model: type[models.Model]) -> str:
    doc = model.__doc__ or ""
    said = [] if doc.startswith(f"{model.__name__}(") else [first_sentence(doc) + "."]
    said += [f"Table `{model._meta.db_table}`{_guarded(model)}."]
    rows = [_column(field) for field in model._meta.get_fields() if isinstance(field, Field)]
    lines = [f"### {model.__name__}", "", *said, "", table(("Column", "Type", "Meaning"), rows)]
    rules = [f"`{rule.name}`" for rule in model._meta.constraints if rule.name]
    if rules:
        lines += ["", f"Held by the database: {', '.join(rules)}."]
    return "\n".join(lines)


def _guarded(model: type[models.Model]) -> str:
    if not issubclass(model, Ledgered):
        return ""
    known: Any = model
    mutable, erasable = getattr(known, "mutable", ()), getattr(known, "erasable", False)
    said = ", written once"
    said += f" except {', '.join(f'`{name}`' for name in mutable)}" if mutable else ""
    return said + ("; rows may be erased" if erasable else "")


def _column(field: Field[Any, Any]) -> tuple[str, str, str]:
    kind = KINDS.get(type(field).__name__, type(field).__name__.removesuffix("Field"))
    if field.is_relation:
        kind = f"→ {getattr(field.related_model, '__name__', field.related_model)}"
    marks = [mark for mark, held in (("null", field.null), ("unique", field.unique and not field.primary_key),
                                     ("key", field.primary_key)) if held]  # fmt: skip
    meaning = str(field.help_text or (field.verbose_name if not _is_plain(field) else ""))
    if field.choices and not field.is_relation:
        meaning = "; ".join(f"{key} {title}" for key, title in field.flatchoices) or meaning
    return f"`{field.attname}`", " ".join([kind, *marks]), meaning


def _is_plain(field: Field[Any, Any]) -> bool:
    """Whether the verbose name only repeats the column's name."""
    return str(field.verbose_name).replace(" ", "_") == field.name
