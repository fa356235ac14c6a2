"""The status page: how the installation stands, and what to do about what is not well."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.kernel import clock
from linli.kernel.posts.actors import Actor
from linli.kernel.storage import doctor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts.charts import Tile
from linli.surfaces.parts.shapes import Progress
from linli.surfaces.watch import standing
from linli.surfaces.watch.desk import DUTY


@never_cache
@require_GET
@staff(DUTY)
def status(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a page's signature
    """Show queues, worker, disk, last backup, certificate and versions, and what the probes of doctor found."""
    found = standing.look()
    results = list(doctor.examine())
    worst = [result for result in results if result.state != doctor.State.OK]
    context = {
        "found": found,
        "tiles": _tiles(found),
        "disk": _disk(found),
        "bad": [r for r in worst if r.state == doctor.State.BAD],
        "warn": [r for r in worst if r.state == doctor.State.WARN],
        "well": [r for r in results if r.state == doctor.State.OK],
        "pulses": found.jobs.pulses,
    }
    return render(request, "watch/status.html", context)


def _tiles(found: standing.Standing) -> list[Tile]:
    worker = found.jobs.worker
    return [
        Tile(label=_("后台进程"), value=_("在运行") if found.jobs.alive else _("没有在运行"),
             note=_("%(n)d 秒前有回应") % {"n": round(worker.age)} if worker else _("从未启动")),
        Tile(label=_("等待的后台任务"), value=found.jobs.waiting, unit=_("项")),
        Tile(label=_("到期未发的消息"), value=found.outbox.overdue, unit=_("条")),
        Tile(label=_("等待汇总的统计"), value=found.tallies_waiting, unit=_("条")),
        Tile(label=_("上次备份"), value=_age(found), note=found.backup.file if found.backup else _("还没有做过")),
        Tile(label=_("网站证书"), value=_certificate(found)),
    ]  # fmt: skip


def _age(found: standing.Standing) -> str:
    return f"{clock.local(found.backup.at):%m-%d %H:%M}" if found.backup else _("无")


def _certificate(found: standing.Standing) -> str:
    ends = found.certificate_ends
    return _("到 %(day)s") % {"day": f"{clock.local(ends):%Y-%m-%d}"} if ends else _("未指定")


def _disk(found: standing.Standing) -> dict[str, Any]:
    free, total = found.disk_free / 2**30, found.disk_total / 2**30
    label = _("磁盘：剩余 %(free).1f GB，共 %(total).1f GB") % {"free": free, "total": total}
    return {"bar": Progress(label=label, done=found.disk_used_share, total=100)}
