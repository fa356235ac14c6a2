"""What other systems may be told: that a matter began, moved, ended. Never who it is about.

An event names ids, codes and times; the trail entry it speaks of is found by its number. Restricted matters and those
kept from somebody are told to nobody, and a place is named down to the community, however exactly it is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from linli.kernel import outreach
from linli.kernel.matters.approvals import APPROVAL
from linli.kernel.matters.declare import PROCESSES, Process
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.matters.transition import Transition, acted
from linli.kernel.outreach.models import Outbox

MOMENTS = {
    "began": gettext_lazy("新开"),
    "moved": gettext_lazy("每办一步"),
    "ended": gettext_lazy("办结"),
}
PING = "webhooks.ping"
_named: set[str] = set()
"""The kinds of matter that have events: those declared when the site began."""

COMMUNITY_DIGITS = 12


def processes() -> list[Process]:
    """Return the processes whose matters other systems may hear of: all but approvals, which are the house's own."""
    return [process for process in PROCESSES.values() if process is not APPROVAL]


def name_of(kind: str, moment: str) -> str:
    """Return the name of an event: ``matter.case.ended``."""
    return f"matter.{kind}.{moment}"


def register() -> None:
    """Make an event of each moment of each process. Called once, when every affair has declared its own."""
    for process in processes():
        _named.add(process.kind)
        for moment in MOMENTS:
            outreach.template(name_of(process.kind, moment), process.title, event=True)(told)
    outreach.template(PING, gettext_lazy("试推一条"), event=True)(lambda _message: outreach.Text("ping"))
    acted.connect(tell)


def tell(t: Transition) -> None:
    """Put a message for each subscriber into the outbox, in the transition's own transaction; usually there is none."""
    if t.process.kind not in _named or not _may_leave(t.matter):
        return
    rows: list[Outbox] = []
    for moment in _moments(t):
        name = name_of(t.process.kind, moment)
        rows += outreach.webhook_rows(name, subject_id=t.matter.pk, ref=str(t.matter.version))
    if rows:
        Outbox.objects.bulk_create(rows)


def _moments(t: Transition) -> Iterator[str]:
    yield "began" if t.matter.version == 1 else "moved"
    if not t.matter.is_open and t.matter.closed_at == t.at:
        yield "ended"


def _may_leave(matter: Matter) -> bool:
    return not matter.restricted and not matter.hidden_from


def told(message: outreach.Message) -> outreach.Text | None:
    """Return what a subscriber is told of one entry of a trail; nothing when the matter was restricted meanwhile."""
    matter = Matter.objects.filter(pk=message.subject_id).first() if message.subject_id else None
    if matter is None or not _may_leave(matter):
        return None
    entry = TrailEntry.objects.filter(matter_id=matter.pk, seq=int(message.ref)).first()
    if entry is None:
        return None
    return outreach.Text(matter.number, data=_data(matter, entry))


def _data(matter: Matter, entry: TrailEntry) -> dict[str, Any]:
    return {
        "number": matter.number, "kind": matter.kind, "category": matter.category, "source": matter.source,
        "area_code": matter.area_code[:COMMUNITY_DIGITS],
        "seq": entry.seq, "action": entry.action, "at": entry.at.isoformat(),
        "from_stage": entry.from_stage, "to_stage": entry.to_stage,
        "opened_at": matter.opened_at.isoformat(), "due_at": _moment(matter.due_at),
        "closed_at": _moment(matter.closed_at),
    }  # fmt: skip


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None


def in_words(names: Collection[str]) -> list[str]:
    """Return what a subscription is told, in words: 案件：新开、办结."""
    found: dict[str, list[str]] = {}
    for name in names:
        _matter, _dot, rest = name.partition(".")
        kind, _dot, moment = rest.partition(".")
        if kind in PROCESSES and moment in MOMENTS:
            found.setdefault(kind, []).append(moment)
    order = list(MOMENTS)
    return [
        f"{PROCESSES[kind].title}：" + "、".join(str(MOMENTS[moment]) for moment in sorted(moments, key=order.index))
        for kind, moments in found.items()
    ]
