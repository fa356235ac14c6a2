"""A report between its steps, kept on the reporter's own device and nowhere else until it is sent.

One signed cookie: where, which photos, and the key that makes the sending count once. What the problem is stays
in the page of the last step; nothing is written on our side before somebody presses 交上去.
"""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from linli.kernel import ids

COOKIE = "report"
PATH = "/report/"
SALT = "cases.report"
LIFE = 24 * 3600
MOST_PHOTOS = 4


@dataclass
class Draft:
    """What the first two steps gave."""

    key: str = field(default_factory=lambda: str(ids.uuid7()))
    photos: list[str] = field(default_factory=list)
    area: str = ""
    lon: float | None = None
    lat: float | None = None
    place: str = ""

    @property
    def placed(self) -> bool:
        """Whether it is known where: an area, or a point."""
        return bool(self.area) or self.lon is not None

    def data(self) -> dict[str, Any]:
        """Return the fields of the report's form that the draft already fills."""
        return {"area": self.area, "lon": self.lon, "lat": self.lat, "place": self.place, "photos": self.photos}

    def keep(self, response: HttpResponse) -> None:
        """Keep the draft on the device for a day."""
        value = signing.dumps(asdict(self), salt=SALT, compress=True)
        response.set_cookie(COOKIE, value, max_age=LIFE, path=PATH, samesite="Lax", httponly=True)


def read(request: HttpRequest) -> Draft:
    """Return the device's draft; a fresh one when there is none, or it is too old or not ours."""
    with contextlib.suppress(signing.BadSignature, TypeError, ValueError):
        kept = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=LIFE) if COOKIE in request.COOKIES else None
        if kept:
            return Draft(**kept)
    return Draft()


def forget(response: HttpResponse) -> None:
    """Forget the draft: it has been sent."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def only_ids(values: list[str]) -> list[str]:
    """Return those of ``values`` that are ids of uploads, each once, at most four."""
    found = []
    for value in values:
        with contextlib.suppress(ValueError):
            found.append(str(uuid.UUID(value)))
    return list(dict.fromkeys(found))[:MOST_PHOTOS]
