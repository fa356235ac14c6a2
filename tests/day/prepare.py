"""Makes the district of the day, in a process of its own, and says afterwards what was late."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any

from linli.cli import ground, setup

KINDS = (
    "grid_worker", "community_secretary", "community_worker", "street_dispatcher", "street_inspector",
    "centre_dispatcher", "department_handler", "station_handler", "enterprise_handler",
)  # fmt: skip
MOST = 60


def build(scale: str) -> None:
    """Build 五华 with the demo's people."""
    setup.upgrade()
    from linli import demo

    demo.build(profile="wuhua", scale=scale, seed=1, progress=lambda *_: None)


def tokens() -> dict[str, Any]:
    """Issue tokens for posts that have somebody; return them with their areas, and the units that take tasks."""
    from linli.kernel import areas, clock
    from linli.kernel.posts import services as posts
    from linli.kernel.posts.actors import system_actor
    from linli.kernel.posts.models import Post, PostArea

    tree, made = areas.tree(), {kind: [] for kind in KINDS}  # type: ignore[var-annotated]
    areas_of = dict(PostArea.objects.filter(valid_to=None).values_list("post_id", "area_id"))
    held = Post.objects.filter(active=True, kind__in=KINDS, holdings__valid_to=None).distinct().select_related("unit")
    units = set()
    for post in held.order_by("kind", "pk"):
        node = tree.find_id(areas_of.get(post.pk, post.unit.area_id))  # a post without areas has its unit's
        if node is None or len(made[post.kind]) >= MOST:
            continue
        issued = posts.issue_token(actor=system_actor(), post=post, name="day", valid=timedelta(days=2))
        made[post.kind].append({"token": issued.token, "area": _community(node)})
        if post.kind == "department_handler":
            units.add(str(post.unit_id))
    return {"tokens": made, "units": sorted(units), "today": clock.today().isoformat()}


def _community(node: Any) -> str:
    """Return the code of a community in (or around) an area: where somebody of that post says a thing is."""
    from linli.kernel import areas
    from linli.kernel.areas.models import Level

    tree = areas.tree()
    around = tree.at_level(node, Level.COMMUNITY)
    inside = around or next((n for n in tree.under(node.code) if n.level == Level.COMMUNITY), node)
    return str(inside.code)


def late(since: str) -> dict[str, Any]:
    """Return how late alarms rang after their time, and what still waits, since a moment of the kernel's clock."""
    from django.db import connection

    from linli.kernel.matters.models import ClockRun, Matter

    rung = ClockRun.objects.filter(overdue_at__gte=datetime.fromisoformat(since)).values_list("overdue_at", "due_at")
    lags = sorted((rang - due).total_seconds() for rang, due in rung)
    opened = Matter.objects.filter(opened_at__gte=datetime.fromisoformat(since))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = cursor.fetchone()[0]
    kinds = {kind: opened.filter(kind=kind).count() for kind in ("spot", "case", "task", "whistle")}
    return {"rung": len(lags), "latest": lags[-1] if lags else 0.0, "failed": failed, "kinds": kinds}


def main() -> None:
    """Do what the command line asks for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    with ground.database():
        ground.django("owner")
        if sys.argv[1] == "build":
            build(sys.argv[2])
        told = tokens() if sys.argv[1] == "tokens" else late(sys.argv[2]) if sys.argv[1] == "late" else {}
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
