"""What somebody sent after their session had ended: kept, encrypted, and given back after they signed in again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from linli.kernel import clock, crypto

KEY = "desk.kept"
AAD = "django_session.kept_form"
LIFE = timedelta(hours=12)
LARGEST = 64 * 1024
NEVER = {"csrfmiddlewaretoken", "password", "key", "version"}


def keep(request: HttpRequest) -> None:
    """Keep this POST for the page it was sent to; files and secrets are not kept, nor what is very long."""
    values = {name: texts for name, texts in request.POST.lists() if name not in NEVER}
    plain = json.dumps({"path": request.path, "at": clock.now().isoformat(), "values": values}, ensure_ascii=False)
    if values and len(plain) <= LARGEST:
        request.session[KEY] = crypto.encrypt(plain, AAD)


def take(request: HttpRequest) -> MultiValueDict[str, Any] | None:
    """Return what was kept for this page and forget it; ``None`` when there is nothing, or it is too old."""
    sealed = request.session.get(KEY)
    if not sealed:
        return None
    try:
        held = json.loads(crypto.decrypt(sealed, AAD))
    except crypto.Unreadable:
        del request.session[KEY]
        return None
    if held["path"] != request.path:
        return None
    del request.session[KEY]
    if clock.now() - datetime.fromisoformat(held["at"]) > LIFE:
        return None
    return MultiValueDict(held["values"])
