"""The rows of a batch in staging, whichever kind of list it is."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.affairs.registry.models import ImportBatch, ImportBody, ImportRow


def rows(batch: ImportBatch) -> QuerySet[ImportRow] | QuerySet[ImportBody]:
    """Return the staged rows of a batch: each has ``sheet``, ``line``, ``action`` and ``problems``."""
    if batch.kind == ImportBatch.Kind.BODIES:
        return ImportBody.objects.filter(batch=batch)
    return ImportRow.objects.filter(batch=batch)


def clear(batch: ImportBatch) -> None:
    """Let the staged rows of a batch go."""
    rows(batch)._raw_delete("default")
