"""Sessions as every request reads them: by SQL made once.

The same table and rules as Django's own; only building the query anew each time is left out.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils.timezone import now as wall_clock  # noqa: TID251 - a session ends by the hour it was given by Django

from linli.kernel.storage.fixed import Fixed

_KEPT = Fixed(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime)


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _KEPT(key=self.session_key, now=wall_clock()) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        session: Session = found[0]
        return session
