"""What a post or a person finds in the product, and how the outbox fares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Value

from linli.kernel import clock
from linli.kernel.outreach import templates
from linli.kernel.outreach.models import Channel, Notice, Outbox, State, Subscription


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice and its text, rendered now."""

    notice: Notice
    text: templates.Text

    @property
    def unread(self) -> bool:
        """Whether nobody has read it yet."""
        return self.notice.read_at is None


def _of(post_id: UUID | None, person_id: UUID | None, now: datetime | None = None) -> QuerySet[Notice]:
    mine = Q(post_id=post_id) if post_id else Q(person_id=person_id)
    return Notice.objects.filter(mine, visible_at__lte=now or clock.now())


def notices(
    *, post_id: UUID | None = None, person_id: UUID | None = None, unread: bool = False, limit: int = 50
) -> list[Shown]:
    """Return what this post or person can see by now, newest first, without what has lost its point."""
    rows = _of(post_id, person_id).order_by("-visible_at", "-id")
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return _shown(rows[:limit])


def unread_count(*, post_id: UUID | None = None, person_id: UUID | None = None) -> int:
    """Return the number on the bell, in one statement: a morning list counts as one, however long."""
    if post_id is None:
        return _of(post_id, person_id).filter(read_at__isnull=True).count()
    return int(unread_row(post_id)[0][2])


def unread_row(post_id: UUID, now: datetime | None = None) -> QuerySet[Notice, tuple[str, str, int]]:
    """Return the number on a post's bell as a row of its own, ``("", "", n)``: to be asked for with others in one."""
    bell = _of(post_id, None, now).filter(read_at__isnull=True).annotate(no_kind=Value(""), no_step=Value(""))
    ringing = Count("id", filter=~Q(interrupt=""))
    lists = Count("visible_at", filter=Q(interrupt=""), distinct=True)
    return bell.values_list("no_kind", "no_step").annotate(n=ringing + lists)


def morning_list(post_id: UUID, day: date | None = None) -> list[Shown]:
    """Return the list this post got on the morning of ``day`` (today): all that did not interrupt."""
    start = clock.at(day or clock.today())
    rows = Notice.objects.filter(
        post_id=post_id, interrupt="", visible_at__gte=start, visible_at__lt=start + timedelta(days=1)
    )
    return _shown(rows.filter(visible_at__lte=clock.now()).order_by("id"))


def _shown(rows: Iterable[Notice]) -> list[Shown]:
    shown: list[Shown] = []
    for row in rows:
        text = templates.render(
            templates.Message(
                template=row.template,
                channel="inapp",
                recipient="post" if row.post_id else "person",
                recipient_id=row.post_id or row.person_id,
                subject_id=row.subject_id,
                ref=row.ref,
                at=row.created_at,
            )
        )
        if text is not None:
            shown.append(Shown(row, text))
    return shown


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the outbox fares: how many are overdue, since when at the longest, how many failed lately."""

    overdue: int
    oldest_seconds: float
    failed: int


def backlog() -> Backlog:
    """Return what ``doctor`` says about the outbox; failures of the last day."""
    now = clock.now()
    found = Outbox.objects.filter(state=State.WAITING, next_at__lt=now).aggregate(n=Count("id"), oldest=Min("next_at"))
    oldest = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    lately = Outbox.objects.filter(state=State.FAILED, created_at__gt=now - timedelta(days=1))
    return Backlog(found["n"], oldest, lately.count())


def subscribers() -> list[Subscription]:
    """Return every subscription, those in use first, each with ``waiting``, ``failed`` and ``last`` of its messages.

    Two statements, however many there are. ``last`` is when one last arrived.
    """
    found = list(Subscription.objects.order_by("-active", "name", "id"))
    of = Outbox.objects.filter(channel=Channel.WEBHOOK, recipient_id__in=[one.pk for one in found])
    sums = of.values("recipient_id").annotate(
        waiting=Count("id", filter=Q(state=State.WAITING)),
        failed=Count("id", filter=Q(state=State.FAILED)),
        last=Max("sent_at"),
    )
    by_id = {row["recipient_id"]: row for row in sums}
    for one in found:
        row = by_id.get(one.pk) or {"waiting": 0, "failed": 0, "last": None}
        one.waiting, one.failed, one.last = row["waiting"], row["failed"], row["last"]  # type: ignore[attr-defined] # for the page
    return found


def deliveries(subscription_id: UUID, *, limit: int = 50) -> list[Outbox]:
    """Return the newest messages to a subscription."""
    return list(Outbox.objects.filter(recipient_id=subscription_id).order_by("-id")[:limit])
