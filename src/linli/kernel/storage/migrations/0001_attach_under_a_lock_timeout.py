"""Give the function that makes partitions a lock timeout where an earlier version made it without."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from linli.kernel.storage import partitions


def renew(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the function anew; its owner and the rights on it stay."""
    # params=None: the function's body holds % signs of its own
    schema_editor.execute(partitions.FUNCTION, params=None)
    schema_editor.execute(partitions.CLOSE, params=None)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar[list[migrations.RunPython]] = [migrations.RunPython(renew, migrations.RunPython.noop)]
