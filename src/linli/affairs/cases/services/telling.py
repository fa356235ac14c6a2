"""Who is told what, and when it is worth interrupting anybody.

The inbox is the message for staff: only urgency, a return or an overdue clock interrupts whoever is on duty.
A reporter with a telephone number hears at the turns that matter to them, at most four times (practice: quiet
messages); the outbox holds back what comes at night.
"""

from __future__ import annotations

from linli.affairs.cases.limits import URGENT
from linli.kernel import outreach, policy
from linli.kernel.matters import Transition
from linli.kernel.outreach import OVERDUE, RETURNED
from linli.kernel.posts import selectors as posts


def tell_reporter(t: Transition, template: str) -> None:
    """Send the reporter ``template`` by SMS and in the product; nobody, if nobody can be told."""
    if t.matter.reporter_id is None:
        return
    to = [t.matter.reporter_id]
    t.write(*outreach.queue("sms", to, template, subject_id=t.matter.pk))
    t.write(*outreach.notice_rows(template, people=to, subject_id=t.matter.pk))


def tell_holder(t: Transition, *, overdue: bool = False, returned: bool = False) -> None:
    """Interrupt whoever holds the matter, if it is urgent, overdue or returned to them; else the inbox says it."""
    matter = t.matter
    why = OVERDUE if overdue else RETURNED if returned else outreach.URGENT if matter.priority >= URGENT else ""
    if not why:
        return
    if matter.held_unit_id is not None:
        t.write(
            *outreach.queue(
                "sms", [matter.held_unit_id], "matter.waits", recipient="duty", subject_id=matter.pk, interrupt=why
            )
        )
    t.then(lambda: _notices(t, why))


def _notices(t: Transition, why: str) -> None:
    """Write the in-app notices once the new holder is settled."""
    matter = t.matter
    kinds = policy.posts_with(matter.awaits) if matter.awaits else frozenset()
    if matter.held_unit_id is not None:
        ids = [p.pk for p in posts.posts_of_unit(matter.held_unit_id, kinds)]
    elif matter.held_area_id is not None:
        ids = [p.pk for p in posts.covering(matter.held_area_id, kinds)]
    else:
        ids = []
    for row in outreach.notice_rows("matter.waits", posts=ids, subject_id=matter.pk, interrupt=why):
        row.save(force_insert=True)
