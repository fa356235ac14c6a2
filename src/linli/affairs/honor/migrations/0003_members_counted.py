"""Count the members who joined before joining was counted: a site that is older than the tally has them as rows only."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Count, Sum

from linli.kernel import clock

MEMBERS = "honor.members"


def count_earlier(apps: Any, _editor: Any) -> None:
    """Add to each community's figure what its rows have and its tally has not; counted again, it adds nothing."""
    member, delta = apps.get_model("honor", "Member"), apps.get_model("tallies", "Delta")
    there = member.objects.filter(kind="resident", left_at=None)
    rows = dict(there.values_list("area_code").annotate(Count("pk")))
    figures = dict(delta.objects.filter(metric=MEMBERS).values_list("area_code").annotate(Sum("value")))
    missing = {code: rows.get(code, 0) - figures.get(code, 0) for code in rows.keys() | figures.keys()}
    delta.objects.bulk_create(
        delta(metric=MEMBERS, day=clock.today(), area_code=code, value=value)
        for code, value in sorted(missing.items())
        if value
    )


class Migration(migrations.Migration):
    dependencies = [("honor", "0002_fairness_and_kindness"), ("tallies", "0001_initial")]

    operations = [migrations.RunPython(count_earlier, migrations.RunPython.noop)]
