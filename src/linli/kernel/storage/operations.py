"""Migration operations for partitioned and append-only tables."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from linli.kernel import clock
from linli.kernel.storage import partitions


class CreatePartitioned(migrations.CreateModel):
    """Create a table partitioned by month on its UUIDv7 ``id``, with partitions up to thirteen months ahead.

    There is no default partition: it would block attaching and detaching. The worker makes partitions ahead
    (:func:`linli.kernel.storage.partitions.ensure`).
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = plain + " PARTITION BY RANGE (id)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        # params=None: the function's body holds % signs of its own
        schema_editor.execute(partitions.FUNCTION, params=None)
        schema_editor.execute(partitions.CLOSE, params=None)
        for month in partitions.wanted(clock.today()):
            schema_editor.execute(partitions.MAKE, partitions.arguments(table, month))


REFUSE = """
CREATE OR REPLACE FUNCTION linli_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  allowed text[] := TG_ARGV;
  before_row jsonb; after_row jsonb; name text;
BEGIN
  IF TG_OP = 'UPDATE' AND array_length(allowed, 1) IS NOT NULL THEN
    before_row := to_jsonb(OLD); after_row := to_jsonb(NEW);
    FOREACH name IN ARRAY allowed LOOP
      before_row := before_row - name; after_row := after_row - name;
    END LOOP;
    IF before_row = after_row THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'table % is written once: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

EACH_PARTITION = """
DO $$ DECLARE child text; BEGIN
  FOR child IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{table}'::regclass LOOP
    EXECUTE '{do}';
  END LOOP;
END $$
"""
GUARD = (
    "CREATE TRIGGER linli_once_table BEFORE TRUNCATE ON ' || child || "
    "' FOR EACH STATEMENT EXECUTE FUNCTION linli_refuse_change()"
)
UNGUARD = "DROP TRIGGER IF EXISTS linli_once_table ON ' || child || '"


class AppendOnly(migrations.operations.base.Operation):
    """Make the database itself refuse UPDATE, DELETE and TRUNCATE on a table, to its owner too.

    ``mutable`` names columns that an UPDATE may still change. ``erasable=True`` is for tables whose rows
    retention may erase: a transaction that says so (``SET LOCAL linli.erasing = 'on'``) and whose role was
    granted it (the worker's, see :mod:`linli.kernel.storage.grants`) may then change and delete rows.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, mutable: tuple[str, ...] = (), *, erasable: bool = False) -> None:
        self.table, self.mutable, self.erasable = table, mutable, erasable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.mutable], {"erasable": self.erasable}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are not part of the model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        arguments = ", ".join(f"'{name}'" for name in self.mutable)
        # params=None: the function body holds % signs of its own
        schema_editor.execute(REFUSE, params=None)
        when = " WHEN (current_setting('linli.erasing', true) IS DISTINCT FROM 'on')" if self.erasable else ""
        schema_editor.execute(
            f"CREATE TRIGGER linli_once_rows BEFORE UPDATE OR DELETE ON {self.table} "
            f"FOR EACH ROW{when} EXECUTE FUNCTION linli_refuse_change({arguments})",
            params=None,
        )
        schema_editor.execute(
            f"CREATE TRIGGER linli_once_table BEFORE TRUNCATE ON {self.table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION linli_refuse_change()",
            params=None,
        )
        # Statement triggers are not handed down, and a partition can be truncated by its own name.
        schema_editor.execute(EACH_PARTITION.format(table=self.table, do=GUARD), params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS linli_once_rows ON {self.table}")
        schema_editor.execute(f"DROP TRIGGER IF EXISTS linli_once_table ON {self.table}")
        schema_editor.execute(EACH_PARTITION.format(table=self.table, do=UNGUARD), params=None)

    def describe(self) -> str:
        return f"Make {self.table} append-only"
