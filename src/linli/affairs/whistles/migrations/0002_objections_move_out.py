"""Objections and duty lists serve cases, too: they move to an affair of their own, with their rows."""

from django.db import migrations

MOVED = ["dutyitem", "objection", "catalogueentry"]


class Migration(migrations.Migration):
    dependencies = [("whistles", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable(name, f"objections_{name}") for name in MOVED],
            state_operations=[migrations.DeleteModel(name) for name in reversed(MOVED)],
        ),
    ]
