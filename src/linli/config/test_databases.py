"""Test databases as copies of a template: migrated once, copied in a tenth of a second.

Tables that are written once refuse to be emptied, so a test that commits gets a new copy instead of a flush.
"""

from __future__ import annotations

import hashlib
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

import linli
from linli.kernel import clock

PACKAGES = ("Django", "django-allauth", "procrastinate")


class Template:
    """The migrated database that copies are made from, and the copy of this process."""

    def __init__(self, worker: str = "") -> None:
        self._base = str(connection.settings_dict["NAME"])
        self.copy = f"test_{self._base}{f'_{worker}' if worker else ''}"
        self._prefix = f"test_{self._base}_tpl_"
        self.name = f"{self._prefix}{fingerprint(clock.today())}"

    def _admin(self) -> psycopg.Connection[tuple[Any, ...]]:
        settings = connection.settings_dict | {"NAME": "postgres"}
        given = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        parameters = {key: settings[name] for key, name in given.items() if settings[name]}
        return psycopg.connect(dbname="postgres", autocommit=True, **parameters)

    def make(self) -> None:
        """Migrate a database and keep it as the template, unless that was done; one process at a time."""
        with self._admin() as admin:
            admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [self._prefix])
            known = {name for (name,) in admin.execute("SELECT datname FROM pg_database")}
            if self.name in known:
                return
            building = f"test_{self._base}_building"
            for name in {n for n in known if n.startswith(self._prefix)} | {building}:
                _drop(admin, name)
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(building)))
            self._use(building)
            call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
            connections.close_all()
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(building), sql.Identifier(self.name)))

    def fresh(self) -> None:
        """Give this process a new copy, and point Django at it."""
        connections.close_all()
        with self._admin() as admin:
            # Two copies cannot be made of one template at once.
            admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [self._prefix])
            _drop(admin, self.copy)
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(create.format(sql.Identifier(self.copy), sql.Identifier(self.name)))
        self._use(self.copy)

    def drop_copy(self) -> None:
        """Drop the copy; the template stays for the next session, if the server does."""
        connections.close_all()
        with self._admin() as admin:
            _drop(admin, self.copy)
        self._use(self._base)

    def _use(self, name: str) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = name


def _drop(admin: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def fingerprint(today: date) -> str:
    """Return a fingerprint of what the template is made from; partitions make it depend on the month."""
    package = Path(linli.__file__).parent
    digest = hashlib.sha256(f"{today:%Y-%m}".encode())
    files = [*package.glob("**/migrations/*.py"), *package.glob("kernel/storage/*.py")]
    for file in sorted(files):
        digest.update(str(file.relative_to(package)).encode() + file.read_bytes())
    for name in PACKAGES:
        digest.update(metadata.version(name).encode())
    return digest.hexdigest()[:12]
