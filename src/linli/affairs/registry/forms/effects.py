"""What asking for a table does: its bill at once, tasks only where something is missing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.registry.forms import tables
from linli.affairs.registry.forms.process import REQUEST, TASK
from linli.affairs.registry.policy import FormSpecs
from linli.kernel import areas, clock, policy
from linli.kernel.matters.transition import Transition


@REQUEST.on("ask")
def asked(t: Transition) -> None:
    """Work out the bill, and let the asking unit have it before anybody else does."""
    form = policy.get(FormSpecs).by_code[t.data["form"]]
    node = areas.tree().by_code(t.data["area"])
    t.place(node)
    if t.actor.unit_id is not None:
        t.hold(unit=t.actor.unit_id)
    t.matter.title = form.title
    t.detail.form, t.detail.why, t.detail.unit_id = form.code, t.data["why"], t.actor.unit_id
    _bill(t, node.code)


def _bill(t: Transition, code: str) -> tables.Bill:
    found = tables.bill(policy.get(FormSpecs).by_code[t.detail.form], code)
    t.detail.people, t.detail.missing = found.people, found.missing
    t.detail.minutes, t.detail.workers = found.minutes, found.workers
    return found


@REQUEST.on("send")
def sent(t: Transition) -> None:
    """Give each grid its missing facts; where nothing is missing nobody is asked anything."""
    found = _bill(t, t.matter.area_code)
    t.detail.sent_at = clock.now()
    for area, count in sorted(found.by_place.items(), key=lambda pair: str(pair[0])):
        t.data["task_in_turn"] = (area, count)
        t.open(TASK, "give", {})


@TASK.on("give")
def given(t: Transition) -> None:
    """Place a task in its grid, with whoever works there."""
    assert t.within is not None  # noqa: S101 - the system gives a task only within a request
    request = t.within.detail
    area, count = t.within.data["task_in_turn"]
    node = areas.tree().by_id(area)
    t.place(node)
    t.hold(area=node.id)
    t.matter.title = _("补问：%(title)s") % {"title": t.within.matter.title}
    t.detail.form, t.detail.missing = request.form, count


@TASK.on("leave_rest")
def left(t: Transition) -> None:
    """Note why the rest was not asked."""
    t.detail.unasked = t.data["unasked"]
