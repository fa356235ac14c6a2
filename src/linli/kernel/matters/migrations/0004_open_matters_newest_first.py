"""The newest open matters of a kind, what a list shows first, are read without the other open ones."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_matters_of_a_place")]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["kind", "-opened_at"], name="matters_open_recent"
            ),
        ),
    ]
