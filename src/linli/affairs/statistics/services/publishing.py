"""Publishing the figures of a month: drafted by itself, put before the public by a person, frozen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from linli.affairs.statistics import records
from linli.affairs.statistics.models import Publication
from linli.affairs.statistics.policy import Rules
from linli.affairs.statistics.process import PUBLICATION
from linli.kernel import areas, clock, tallies
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor


@PUBLICATION.on("draft")
def drafted(t: Transition) -> None:
    """Compute the month from the events until last midnight, which are all written."""
    detail: Publication = t.detail
    detail.month = t.data["month"]
    t.place(areas.tree().root)
    t.hold(area=areas.tree().root.id)
    t.matter.title = _("%(month)s 统计公布") % {"month": f"{detail.month:%Y-%m}"}
    compute(t)


@PUBLICATION.on("redraft")
def compute(t: Transition) -> None:
    """Compute the month anew, up to the last midnight."""
    detail: Publication = t.detail
    first, last = month_of(detail.month)
    detail.as_of = midnight(t.at)
    detail.figures = records.header(t.pinned(Rules).publishing.indices, first, last, detail.as_of)


def midnight(at: datetime) -> datetime:
    """Return the last midnight in China: what was written before it is committed by now."""
    return clock.at(clock.local(at).date())


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def draft_last_month() -> Matter | None:
    """Draft the publication of the month before this one, once; ``None`` when there is one or nothing to publish."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    if Publication.objects.filter(month=first).exists():
        return None
    begun = tallies.first_day(("case.opened", "whistle.opened"))
    if begun is None or begun > last:
        return None
    return perform(process=PUBLICATION, action="draft", actor=system_actor(), data={"month": first}).matter
