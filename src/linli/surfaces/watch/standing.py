"""How an installation stands at this moment: queues, worker, disk, last backup, certificate, versions.

Read by the status page, by ``/metrics`` and by ``linli doctor``: one place that asks, so that they never disagree.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import metadata
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

from linli.kernel import clock, jobs
from linli.kernel.outreach import selectors as outreach
from linli.kernel.tallies import selectors as tallies

BACKUP_NOTE = "backup.json"

_DATABASE = """
    SELECT pg_database_size(current_database()), current_setting('server_version'),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           current_setting('max_connections')::int
"""


@dataclass(frozen=True)
class Backup:
    """The last backup that ended well: when, where, how large."""

    at: datetime
    file: str
    size: int


@dataclass(frozen=True)
class Standing:
    """Everything that is looked at, of one moment."""

    at: datetime
    jobs: jobs.Health
    outbox: outreach.Backlog
    tallies_waiting: int
    tallies_age: timedelta | None
    database_bytes: int
    connections: int
    connections_most: int
    disk_free: int
    disk_total: int
    backup: Backup | None
    certificate_ends: datetime | None
    versions: dict[str, str]

    def gauges(self) -> Iterator[tuple[str, str, float | None]]:
        """Yield name, help and value of every figure; one that is not known is ``None``."""
        worker = self.jobs.worker
        yield "worker_age_seconds", "Time since a worker last gave a sign of life.", worker.age if worker else None
        yield "worker_up", "1 when a worker gave a sign of life lately.", float(self.jobs.alive)
        yield "jobs_waiting", "Background jobs that wait.", self.jobs.waiting
        yield "jobs_failed", "Background jobs that failed for good.", self.jobs.failed
        yield "outbox_due", "Messages that are due and not sent.", self.outbox.overdue
        yield "outbox_oldest_seconds", "How long the oldest of them has been due.", self.outbox.oldest_seconds
        yield "outbox_failed", "Messages given up within a day.", self.outbox.failed
        yield "tallies_waiting", "Deltas of figures that wait to be folded.", self.tallies_waiting
        age = self.tallies_age
        yield "tallies_oldest_seconds", "How long the oldest has waited.", age.total_seconds() if age else 0.0
        yield "database_size_bytes", "Size of the database.", self.database_bytes
        yield "database_connections", "Connections to the database.", self.connections
        yield "database_connections_limit", "Connections that the server admits.", self.connections_most
        yield "disk_free_bytes", "Free space where the data folder lies.", self.disk_free
        yield "disk_size_bytes", "Size of the disk on which the data folder lies.", self.disk_total
        yield "backup_age_seconds", "Time since the last backup ended.", self.backup_age
        ends = self.certificate_ends
        left = (ends - self.at).total_seconds() if ends else None
        yield "certificate_left_seconds", "Time until the site's certificate ends.", left

    @property
    def backup_age(self) -> float | None:
        """Seconds since the last backup; ``None`` when there was none."""
        return (self.at - self.backup.at).total_seconds() if self.backup else None

    @property
    def disk_used_share(self) -> int:
        """How full the disk is, in percent."""
        return round(100 * (1 - self.disk_free / self.disk_total)) if self.disk_total else 0


def look() -> Standing:
    """Return how things stand now, in a fixed number of statements."""
    waiting, age = tallies.waiting()
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        size, server, used, most = cursor.fetchone()
    disk = shutil.disk_usage(settings.LINLI_HOME)
    return Standing(
        at=clock.now(), jobs=jobs.health(), outbox=outreach.backlog(), tallies_waiting=waiting, tallies_age=age,
        database_bytes=size, connections=used, connections_most=most, disk_free=disk.free, disk_total=disk.total,
        backup=last_backup(), certificate_ends=certificate_ends(),
        versions=_installed() | {"postgresql": str(server).split()[0]},
    )  # fmt: skip


@cache
def _installed() -> dict[str, str]:
    return {"linli": metadata.version("linli"), "python": platform.python_version(), "django": django.get_version()}


def last_backup() -> Backup | None:
    """Return what ``linli backup`` noted at its last success; ``None`` when it never ran here."""
    try:
        note = json.loads((Path(settings.LINLI_HOME) / BACKUP_NOTE).read_text(encoding="utf-8"))
        return Backup(datetime.fromisoformat(note["at"]), str(note["file"]), int(note["bytes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def certificate_ends() -> datetime | None:
    """Return when the certificate in ``LINLI_CERTIFICATE`` ends; ``None`` without one, the past for a broken one."""
    if not settings.LINLI_CERTIFICATE:
        return None
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(Path(settings.LINLI_CERTIFICATE).read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return datetime(1970, 1, 1, tzinfo=UTC)
