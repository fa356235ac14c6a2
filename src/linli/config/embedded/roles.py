"""The three database roles and the database they share, made at the first start."""

from __future__ import annotations

from urllib.parse import quote

from psycopg import sql

from linli.config import secrets
from linli.config.embedded import server
from linli.config.embedded.places import Places

DATABASE = "linli"
LOGINS = {"owner": "linli_owner", "worker": "linli_worker", "web": "linli_web", "admin": server.ADMIN}


def address(role: str, where: Places) -> str:
    """Return the ``postgres://`` address of ``role``; its password is the one kept in the data folder."""
    host = quote(str(where.socket), safe="")
    return f"postgres://{LOGINS[role]}:{secrets.get(f'db_{role}')}@/{DATABASE}?host={host}"


def ensure(where: Places) -> None:
    """Make roles and database where they are missing, and set the passwords to the kept ones."""
    with server.connect(where, "postgres") as connection:
        existing = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in ("owner", "worker", "web"):
            login = sql.Identifier(LOGINS[role])
            if LOGINS[role] not in existing:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(login))
            password = sql.Literal(secrets.get(f"db_{role}"))
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(login, password))
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if found is None:
            owner = sql.Identifier(LOGINS["owner"])
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
            others = sql.SQL(", ").join(sql.Identifier(LOGINS[r]) for r in ("worker", "web"))
            grant = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
            connection.execute(grant.format(sql.Identifier(DATABASE), others))
    # From PostgreSQL 15 on only the database's owner may create in its schema "public": nothing to revoke.
