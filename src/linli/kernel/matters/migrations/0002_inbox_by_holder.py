"""Inboxes are found by who holds a matter, and the planner knows how few of each kind are open."""

from __future__ import annotations

from django.db import migrations, models

# Alone, "is open" and "is a case" say little of how many are both: one in a hundred of each may be all or none.
# 500 of the commonest combinations are looked for in 150,000 rows, some seconds of ANALYZE in two million matters.
STATISTICS = """
CREATE STATISTICS matters_open_of_kind (mcv) ON is_open, kind, awaits FROM matters_matter;
ALTER STATISTICS matters_open_of_kind SET STATISTICS 500;
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="matter", name="matters_inbox_area"),
        migrations.RemoveIndex(model_name="matter", name="matters_inbox_unit"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["held_area", "awaits", "due_at"],
                name="matters_inbox_area",
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["held_unit", "awaits", "due_at"],
                name="matters_inbox_unit",
            ),
        ),
        migrations.RunSQL(STATISTICS, "DROP STATISTICS matters_open_of_kind"),
    ]
