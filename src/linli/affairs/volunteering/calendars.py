"""iCalendar (RFC 5545) of activities: an area's public ones, and one's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from linli.affairs.volunteering import selectors
from linli.affairs.volunteering.models import Activity
from linli.kernel import clock

if TYPE_CHECKING:
    from icalendar import Event

REFRESH = timedelta(hours=6)
PRODUCT = "-//Linli//volunteering//ZH"


def of(activities: Iterable[Activity], title: str) -> bytes:
    """Return a calendar of ``activities``; nobody who takes part is in it."""
    from icalendar import Calendar  # when a calendar is asked for: the web process at rest does without

    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", title)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for activity in activities:
        found.add_component(_event(activity))
    return bytes(found.to_ical())


def _event(row: Activity) -> Event:
    address = f"{settings.BASE_URL}{reverse('portal:volunteer-activity', args=[row.matter.number])}"
    from icalendar import Event

    event = Event()
    # The number never changes, so a changed activity is the same entry in everybody's calendar.
    event.add("uid", f"{row.matter.number}@linli")
    event.add("sequence", row.matter.version)
    event.add("dtstamp", clock.now())
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", row.matter.title)
    event.add("location", selectors.where(row))
    event.add("description", f"{row.description}\n{row.organiser} {row.phone}".strip())
    event.add("url", address)
    event.add("status", "CANCELLED" if row.called_off else "CONFIRMED")
    if row.lon is not None and row.lat is not None:
        event.add("geo", (row.lat, row.lon))
    return event
