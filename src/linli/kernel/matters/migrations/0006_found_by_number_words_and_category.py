"""A matter is found by the end of its number and by words of its title; what is open, by category in one place."""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import linli.kernel.storage.words


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_figures_of_what_is_open"), ("storage", "0002_pairs_of_characters")]

    operations = [
        # Before the index of its pattern goes: the number is unique at every moment.
        migrations.AddConstraint(
            model_name="matter", constraint=models.UniqueConstraint(fields=["number"], name="matters_number")
        ),
        migrations.AlterField(
            model_name="matter", name="number", field=models.CharField(max_length=32, verbose_name="编号")
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("number"), name="text_pattern_ops"
                ),
                name="matters_number_end",
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=django.contrib.postgres.indexes.GinIndex(
                linli.kernel.storage.words.Pairs("title"), name="matters_title"
            ),
        ),
        migrations.RemoveIndex(model_name="matter", name="matters_open_area"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["area_code", "kind", "category"],
                include=["stage", "restricted", "due_at"],
                name="matters_open_area",
                opclasses=["varchar_pattern_ops", "varchar_ops", "varchar_ops"],
            ),
        ),
    ]
