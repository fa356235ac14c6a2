"""Figures of open matters and of inboxes are counted from indexes alone; what is due soonest is found first."""

from __future__ import annotations

from django.db import migrations, models

# An index answers alone for pages that were vacuumed since they changed, and of whose rows no dead one is left in any
# index. By itself PostgreSQL would wait until a fifth of the table has changed, and then leave the dead ones of a few
# pages in the indexes: but those few are where the open matters lie. Each time takes a second or two of the server.
VACUUM = """
ALTER TABLE matters_matter SET (
    vacuum_index_cleanup = on,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000
)
"""
BY_ITSELF = """
ALTER TABLE matters_matter RESET (
    vacuum_index_cleanup,
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold
)
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_open_matters_newest_first")]

    operations = [
        migrations.RemoveIndex(model_name="matter", name="matters_inbox_area"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["held_area", "awaits", "due_at"],
                include=["id", "kind", "expected", "hidden_from", "held_unit", "held_post"],
                name="matters_inbox_area",
            ),
        ),
        migrations.RemoveIndex(model_name="matter", name="matters_inbox_unit"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["held_unit", "awaits", "due_at"],
                include=["id", "kind", "expected", "hidden_from", "held_post"],
                name="matters_inbox_unit",
            ),
        ),
        migrations.RemoveIndex(model_name="matter", name="matters_inbox_post"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["held_post", "due_at"],
                include=["id", "kind", "expected", "hidden_from", "awaits"],
                name="matters_inbox_post",
            ),
        ),
        migrations.RemoveIndex(model_name="matter", name="matters_open_area"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["area_code", "kind"],
                include=["category", "stage", "restricted", "due_at"],
                name="matters_open_area",
                opclasses=["varchar_pattern_ops", "varchar_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["due_at", "id"], name="matters_open_due"
            ),
        ),
        migrations.RunSQL(VACUUM, BY_ITSELF),
    ]
