"""The matters of one kind in one place, ended ones too, are found by an index."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_inbox_by_holder")]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["kind", "area_code"], name="matters_area", opclasses=["varchar_ops", "varchar_pattern_ops"]
            ),
        ),
    ]
