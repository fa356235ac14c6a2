"""Which database, as which of the three roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from linli.config import env

ROLES = ("owner", "worker", "web")


def role() -> str:
    """Return the database role of this process (``LINLI_ROLE``): owner, worker or web."""
    chosen = env.text("LINLI_ROLE", "owner")
    if chosen not in ROLES:
        raise env.BadSetting(f"LINLI_ROLE={chosen!r}: one of {', '.join(ROLES)}")
    return chosen


def url(for_role: str) -> str:
    """Return the URL for ``for_role``: ``LINLI_DB_<ROLE>``, else ``DATABASE_URL``, else ``""`` (embedded)."""
    return env.text(f"LINLI_DB_{for_role.upper()}") or env.text("DATABASE_URL")


def logins() -> dict[str, str]:
    """Return the login name of each role; one and the same for all when only ``DATABASE_URL`` is set."""
    return {name: str(parse(url(name) or _embedded(name))["USER"]) for name in ROLES}


def is_embedded() -> bool:
    """Return whether the database is our own, in the data folder, and no server is named by the settings."""
    return not url("owner")


def parse(address: str) -> dict[str, Any]:
    """Return Django's settings for a ``postgres://user:password@host:port/name?option=value`` address."""
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise env.BadSetting(f"the database address must begin with postgres://, not {parts.scheme or 'nothing'}://")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def connection() -> dict[str, Any]:
    """Return Django's ``default`` database for this process."""
    settings = parse(url(role()) or _embedded(role()))
    # Connections persist: a new one for each request costs more than the request.
    settings |= {"ENGINE": "linli.kernel.storage.engine", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    # A pooler that hands connections on after every transaction knows no cursor and no prepared statement that
    # outlives one.
    pooled = role() == "web" and env.flag("LINLI_POOLER")
    settings["DISABLE_SERVER_SIDE_CURSORS"] = pooled
    settings["OPTIONS"]["prepare_threshold"] = None if pooled else 1
    return settings


def _embedded(for_role: str) -> str:
    from linli.config import embedded

    return embedded.url(for_role)
