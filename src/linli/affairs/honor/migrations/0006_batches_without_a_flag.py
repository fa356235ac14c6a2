"""A batch no longer says itself whether it is used up: its standings do."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("honor", "0005_where_batches_stand")]

    operations = [
        migrations.RemoveIndex(model_name="batch", name="honor_batch_good"),
        migrations.RemoveField(model_name="batch", name="gone"),
    ]
