"""Note for each shop which batches stand in it: a site that is older has that in its ledger only."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import linli.kernel.ids
from linli.kernel import clock

SHELVES = ("honor.shelf", "honor.shelf.online", "honor.shelf.home")


def note_earlier(apps: Any, _editor: Any) -> None:
    """Note wherever a batch has ever stood; the first tidying, in the night, forgets where nothing is left."""
    account, standing = apps.get_model("ledger", "Account"), apps.get_model("honor", "Standing")
    places = account.objects.filter(kind__in=SHELVES, item_id__isnull=False)
    pairs = places.order_by("owner_id", "item_id").distinct().values_list("owner_id", "item_id")
    standing.objects.bulk_create(
        (standing(shop_id=shop, batch_id=batch, since=clock.now()) for shop, batch in pairs),
        batch_size=1_000, ignore_conflicts=True,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("honor", "0004_shown_in_order"), ("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=linli.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="最近到架时间")),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="honor.shop"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="honor.batch"
                    ),
                ),
            ],
            options={
                "verbose_name": "在架批次",
                "constraints": [models.UniqueConstraint(fields=("shop", "batch"), name="honor_standing_once")],
            },
        ),
        migrations.RunPython(note_earlier, migrations.RunPython.noop),
    ]
