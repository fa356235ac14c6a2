"""``linli doctor --verify`` reads every trail: whatever is changed behind the ledger's back is found and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from tests.support.world import COMMUNITY, World

from linli.kernel import clock
from linli.kernel.matters import perform, sealing, verifying
from linli.kernel.matters.models import Matter
from linli.kernel.matters.tests.toy import LADDER
from linli.kernel.posts.actors import resident_actor
from linli.kernel.storage import doctor

Spoil = Callable[[Matter], list[tuple[str, list[Any]]]]


@pytest.fixture
def now() -> Iterator[clock.Travel]:
    """A clock that stands still today, for which there is a partition."""
    with clock.using(clock.at(clock.today(), 9)) as travel:
        yield travel


@pytest.fixture
def matters(world: World, now: clock.Travel) -> list[Matter]:
    """Three matters with two entries each; the day is sealed."""
    asked = [_ask(f"借第 {number} 把梯子") for number in range(3)]
    unit = world.unit("water")
    for matter in asked:
        perform(actor=world.actor("street_dispatcher"), matter=matter, action="spread", data={"units": [unit.pk]})
        matter.refresh_from_db()
    sealing.seal()
    return asked


def _ask(title: str) -> Matter:
    data = {"title": title, "area": COMMUNITY, "phone": "13800000000"}
    return perform(process=LADDER, action="ask", actor=resident_actor(), data=data).matter


def examined() -> dict[str, list[str]]:
    """Return what the deep probes of this room say is wrong, by probe."""
    return {
        result.name: [finding.text for finding in result.findings if finding.state == "bad"]
        for result in doctor.examine(deep=True)
        if result.name in {"matters.trails", "matters.seals"}
    }


def behind_the_back(statements: list[tuple[str, list[Any]]]) -> None:
    """Do what somebody with the owner's rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked is checked before, while it is whole
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        for sql, values in statements:
            cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


def spoiled_entry(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [("UPDATE matters_trailentry SET at = at - interval '1 day' WHERE matter_id = %s AND seq = 1", [matter.pk])]


def spoiled_payload(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [("UPDATE matters_trailpayload SET payload = '{}' WHERE matter_id = %s", [matter.pk])]


def entry_out_of_the_middle(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [("DELETE FROM matters_trailentry WHERE matter_id = %s AND seq = 1", [matter.pk])]


def removed_tail(matter: Matter) -> list[tuple[str, list[Any]]]:
    """The careful kind: the matter is put back to where its shortened trail ends."""
    back = """UPDATE matters_matter m SET version = 1, sealed_seq = 1, trail_head = e.digest
                FROM matters_trailentry e WHERE m.id = %s AND e.matter_id = m.id AND e.seq = 1"""
    return [("DELETE FROM matters_trailentry WHERE matter_id = %s AND seq = 2", [matter.pk]), (back, [matter.pk])]


def careless_tail(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [("DELETE FROM matters_trailentry WHERE matter_id = %s AND seq = 2", [matter.pk])]


def removed_trail(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [("DELETE FROM matters_trailentry WHERE matter_id = %s", [matter.pk])]


def removed_matter(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [*removed_trail(matter), ("DELETE FROM matters_matter WHERE id = %s", [matter.pk])]


def matter_without_its_trail(matter: Matter) -> list[tuple[str, list[Any]]]:
    return [("DELETE FROM matters_matter WHERE id = %s", [matter.pk])]


def test_trails_and_seals_that_nobody_touched_hold(matters: list[Matter]) -> None:
    assert examined() == {"matters.trails": [], "matters.seals": []}


@pytest.mark.parametrize(
    ("spoil", "trails", "seals"),
    [
        (spoiled_entry, "内容被改动", ""),
        (spoiled_payload, "附带的内容被改动", ""),
        (entry_out_of_the_middle, "缺少第 1 条", ""),
        (careless_tail, "事项的链头不是最后一条", "已不在"),
        (removed_tail, "", "已不在"),
        (removed_trail, "没有任何留痕", "已不在"),
        (removed_matter, "", "已不在"),
        (matter_without_its_trail, "事项已不在", ""),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_spoiled_or_removed_is_found(matters: list[Matter], spoil: Spoil, trails: str, seals: str) -> None:
    victim = matters[1]
    behind_the_back(spoil(victim))
    found = examined()
    for name, expected in (("matters.trails", trails), ("matters.seals", seals)):
        if expected:
            assert any(expected in text and str(victim.pk) in text for text in found[name]), found
        else:
            assert found[name] == []


def test_a_forged_seal_is_found(matters: list[Matter]) -> None:
    behind_the_back([("UPDATE matters_seal SET signature = digest || digest", [])])
    assert examined()["matters.seals"] == ["第 1 封：签名不符"]


def test_trails_longer_than_a_batch_are_read_whole(matters: list[Matter], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "BATCH", 3)
    assert list(verifying.verify_trails()) == []
    behind_the_back(spoiled_entry(matters[2]))
    assert len(list(verifying.verify_trails())) == 1


def test_two_days_without_a_seal_are_a_warning(matters: list[Matter], now: clock.Travel) -> None:
    def state() -> str:
        (found,) = [str(r.state) for r in doctor.examine() if r.name == "matters.seal"]
        return found

    assert state() == "ok"
    now.forward(days=3)
    assert state() == "ok", "nothing happened since: there is nothing to seal"
    _ask("再借一把")
    assert state() == "warn", "what was done today finds the last seal three days old"
