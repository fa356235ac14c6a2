"""The words of a trail go when their time is over; the chain stays, and the erasure is itself an entry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.world import COMMUNITY, World

from linli.kernel import clock, privacy
from linli.kernel.matters import perform, sealing
from linli.kernel.matters.models import Matter, TrailEntry, TrailPayload
from linli.kernel.matters.tests.toy import LADDER
from linli.kernel.posts.actors import resident_actor


@pytest.fixture
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def test_an_ended_matters_words_are_erased_and_its_trail_still_verifies(world: World, now: Any) -> None:
    data = {"title": "借一把梯子", "area": COMMUNITY}
    who = resident_actor()
    matter = perform(process=LADDER, action="ask", actor=who, data=data).matter
    unit = world.unit("water")
    dispatcher = world.actor("street_dispatcher")
    perform(actor=dispatcher, matter=matter, action="spread", data={"units": [unit.pk]})
    perform(actor=dispatcher, matter=matter, action="drop", data={})
    assert privacy.run_retention() == []
    proofs = privacy.run_retention(moment=clock.at(date(2030, 6, 1)))
    assert [p.rule for p in proofs if p.rule == "matters.trail_payload"] == ["matters.trail_payload"]
    assert not TrailPayload.objects.filter(matter_id=matter.pk).exclude(payload={}).exists()
    matter = Matter.objects.get(pk=matter.pk)
    assert sealing.verify_trail(matter) == []
    assert TrailEntry.objects.filter(matter_id=matter.pk).order_by("seq").last().action == "payload_erased"
    assert privacy.run_retention(moment=clock.at(date(2030, 6, 1))) == [], "what is erased is not erased again"
