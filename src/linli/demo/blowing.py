"""The whistles of today: at home, something at each link of the chain; some that ended in the last months."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from linli.affairs.whistles.bulletins.process import BULLETIN
from linli.affairs.whistles.policy import WhistleSets
from linli.demo import calls
from linli.demo.blast import Blast
from linli.demo.calls import Call
from linli.demo.plan import JUST_NOW, JUST_SENT, Plan
from linli.demo.scene import Part
from linli.demo.stories import whistles
from linli.demo.times import hours_before, workdays_back, working
from linli.kernel import clock, policy, worktime
from linli.kernel.areas import Node

Told = Callable[[Blast], Part]
# How long everything takes, as a share of the usual, in what began within hours and in what began days ago.
# At once: called within the hour before the present, so that the hour to sign in is not over yet.
AT_ONCE, BRISKLY, QUICKLY = 0.3, 0.4, 0.6

# What lies on the desks of a district whose blowings are its source's: written down, none of them blown.
WRITTEN: tuple[tuple[int, Told, str], ...] = (
    (0, whistles.collected, "district"), (0, whistles.asked, "district"), (1, whistles.collected, "community"),
)  # fmt: skip
# Working days back (0: within the last hours), how far it has come, at which level.
LIVING: tuple[tuple[int, Told, str], ...] = (
    *WRITTEN,
    (0, whistles.blown, "district"), (0, whistles.blown, "community"), (0, whistles.to_sign, "district"),
    (1, whistles.on_site, "district"), (1, whistles.on_site, "community"), (4, whistles.half_answered, "district"),
    (0, whistles.disputed, "district"), (2, whistles.to_verify, "district"), (2, whistles.to_verify, "community"),
    (3, whistles.to_rate, "district"), (2, whistles.to_judge, "community"), (1, whistles.by_link, "compound"),
)  # fmt: skip
ENDED: tuple[tuple[Told, str], ...] = (
    (whistles.usual, "district"), (whistles.usual, "community"), (whistles.overruled, "district"),
    (whistles.sustained, "district"), (whistles.reworked, "community"),
)  # fmt: skip


def present(plan: Plan, *, blown: bool) -> Iterator[tuple[datetime, Part]]:
    """Yield the whistles under way; with ``blown`` false only those that nobody has blown yet."""
    for number, (back, told, level) in enumerate(LIVING if blown else WRITTEN):
        blast = _blast(plan, plan.home, level, number)
        if blast is None:
            continue
        blast.pace = QUICKLY if back else BRISKLY
        if told is whistles.to_sign:
            blast.pace = AT_ONCE
            yield hours_before(plan.stage.sim.until, JUST_SENT), told(blast)
        elif back == 0:
            yield hours_before(plan.stage.sim.until, JUST_NOW), told(blast)
        else:
            day = workdays_back(plan.today, back)
            yield clock.at(day, 8, 40) + timedelta(minutes=plan.chance.uniform(0, 60)), told(blast)


def ended(plan: Plan) -> Iterator[tuple[datetime, Part]]:
    """Yield some whistles that have run through all six links."""
    for number, (told, level) in enumerate(ENDED):
        blast = _blast(plan, plan.community(), level, number)
        if blast is not None:
            begins = clock.at(plan.day(32), 8, 40) + timedelta(minutes=plan.chance.uniform(0, 100))
            yield begins, told(blast)


def published(plan: Plan) -> Iterator[tuple[datetime, Part]]:
    """Yield the publications of the last two whole months, each on the second working day after (一月一公示)."""
    first = plan.today.replace(day=1)
    for _month in range(2):
        begins = clock.at(worktime.add_working_days(first - timedelta(days=1), 2), 9, 10)
        first = (first - timedelta(days=1)).replace(day=1)
        if begins < plan.stage.sim.until - timedelta(hours=8):
            yield begins, _publish(plan, first)


def _publish(plan: Plan, month: date) -> Part:
    """Let the shift's leader draw it up, and another person release it."""
    sim, staff = plan.stage.sim, plan.stage.staff
    drafter, publisher = staff.seat("centre", "shift_leader"), staff.seat("centre", "publisher")
    drawn = sim.begin(BULLETIN, "draw_up", staff.actor(drafter), {"month": f"{month:%Y-%m}"})
    yield working(sim.travel.moment, 1)
    sim.do(staff.actor(publisher), drawn, "release", seen=True)


def _blast(plan: Plan, community: Node, level: str, number: int) -> Blast | None:
    """Return a whistle of ``level`` in a community; ``None`` where the set in use or the place has none."""
    kinds = [k for k in policy.get(WhistleSets).chosen.at(level) if not k.acts_first and not k.leader_attends]
    offered = {"district": calls.DISTRICT, "community": calls.COMMUNITY, "compound": (calls.COMPOUND,)}
    scene = plan.scene(plan.within(community), "E0504")
    fit = [call for call in offered[level] if _there(plan, call, scene.street.code)]
    if not kinds or not fit:
        return None
    return Blast(scene, fit[number % len(fit)], kinds[0].code, f"{number % 10 + 1:02}")


def _there(plan: Plan, call: Call, street: str) -> bool:
    """Return whether every unit that a call names exists here."""
    units = plan.stage.staff.units
    return all(code.format(street=street) in units for code in (call.lead, *call.assistants))
