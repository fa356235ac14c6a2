"""Short words for the tests' stories: blow, dispatch, let a unit come and answer."""

from __future__ import annotations

from typing import Any

from tests.support.world import COMMUNITY, World

from linli.affairs.whistles.process import WHISTLE
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter

WORDS = {
    "source": "03", "title": "河道污水外溢", "area": COMMUNITY, "description": "排水管破裂，污水进河",
    "reason": "管网归排水公司，街道没有维修和执法权",
}  # fmt: skip


def again(matter: Matter) -> Matter:
    return Matter.objects.select_related("whistle", "report_in").get(pk=matter.pk)


def collect(world: World, kind: str = "regular", who: Any = None, **extra: Any) -> Matter:
    actor = who or world.actor("street_dispatcher")
    return perform(process=WHISTLE, action="collect", actor=actor, data={**WORDS, "type": kind, **extra}).matter


def blow(world: World, kind: str = "regular", **extra: Any) -> Matter:
    """A district whistle, approved by the street's leader."""
    matter = collect(world, kind, **extra)
    asked = perform(actor=world.actor("street_dispatcher"), matter=matter, action="blow")
    perform(actor=world.actor("street_leader"), matter=asked.approval, action="approve", data={})
    return again(matter)


def shares(matter: Matter) -> list[Matter]:
    found = Matter.objects.filter(parent=matter, kind="report_in", is_open=True)
    return list(found.select_related("held_unit", "report_in").order_by("pk"))


def dispatch(
    world: World, matter: Matter, lead: str = "water", assistants: tuple[str, ...] = (), **extra: Any
) -> list[Matter]:
    """Called by the centre; returns the open shares, the lead's first."""
    units = [
        world.unit(code, kind="enterprise" if code.endswith("_co") else "department") for code in (lead, *assistants)
    ]
    perform(
        actor=world.actor("centre_dispatcher"), matter=matter, action="dispatch",
        data={"lead": units[0].pk, "assistants": [u.pk for u in units[1:]], **extra},
    )  # fmt: skip
    return shares(matter)


def handler(world: World, share: Matter, who: str = "1") -> Any:
    unit = share.held_unit
    kind = {"enterprise": "enterprise_handler", "station": "station_handler"}.get(unit.kind, "department_handler")
    return world.actor(kind, unit=unit.code, who=who)


def arrival(**extra: Any) -> dict[str, Any]:
    return {
        "arrived_at": clock.now().isoformat(), "place": "盘龙江桥头", "who": "副局长", "leader": True,
        "opinion": "管道断裂，需更换", **extra,
    }  # fmt: skip


def reply(**extra: Any) -> dict[str, Any]:
    return {
        "result": "done", "accepted_at": clock.now().isoformat(), "spoke_with": "社区书记",
        "measures": "更换管道 12 米",
        "solved_by": clock.today().isoformat(), **extra,
    }  # fmt: skip


def come(world: World, share: Matter, **extra: Any) -> None:
    actor = handler(world, share)
    perform(actor=actor, matter=share, action="sign")
    perform(actor=actor, matter=share, action="arrive", data=arrival(**extra))


def answer(world: World, share: Matter, **extra: Any) -> None:
    """Sign and come if that was not done yet, and reply."""
    if again(share).stage == "called_in":
        come(world, share)
    perform(actor=handler(world, share), matter=share, action="reply", data=reply(**extra))


def verify(world: World, matter: Matter) -> None:
    perform(actor=world.actor("street_inspector"), matter=matter, action="verify", data={"way": "on_site"})


def evaluate(world: World, matter: Matter, grade: str = "good", whole: str = "good") -> None:
    rated = list(Matter.objects.filter(parent=matter, kind="report_in", stage="replied").values_list("pk", flat=True))
    perform(actor=world.actor("street_leader"), matter=matter, action="rate_units", data={grade: rated})
    perform(actor=world.actor("community_secretary"), matter=matter, action="rate_whole", data={"grade": whole})
