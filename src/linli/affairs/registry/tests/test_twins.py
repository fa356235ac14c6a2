"""Two records of one human: found with reasons, merged, and undone exactly."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.world import COMMUNITY, World

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Entry, Fact, Offer, Residency, Resident, Tag, Twins, Vault
from linli.affairs.registry.tests.support import number
from linli.kernel.errors import NotNow
from linli.kernel.people.models import Contact

pytestmark = pytest.mark.django_db
BORN = date(1960, 5, 6)
TABLES = (Resident, Residency, Tag, Fact, Offer, Vault, Entry, Contact)


def pair(keeper, house) -> Twins:
    one = services.register_resident(actor=keeper, name="张伟", house=house, born_on=BORN)
    other = services.register_resident(actor=keeper, name="章伟", house=house, born_on=BORN, phone="13800002222")
    del one, other
    return Twins()


def found(world: World) -> Twins:
    secretary = world.actor("community_secretary")
    services.find_twins(actor=secretary, area=world.node(COMMUNITY).id)
    return Twins.objects.get()


def everything() -> dict[str, list[dict[str, object]]]:
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in TABLES}


def test_a_pair_is_found_with_the_reasons_of_its_score(world: World, keeper, house) -> None:
    pair(keeper, house)
    twins = found(world)
    assert dict(map(tuple, twins.reasons)) == {"same_sound": 15, "same_birth": 30, "same_house": 20}
    assert twins.score == 65


def test_what_was_judged_apart_is_not_proposed_again(world: World, keeper, house) -> None:
    pair(keeper, house)
    services.keep_apart(actor=world.actor("community_secretary"), twins=found(world))
    assert services.find_twins(actor=world.actor("community_secretary"), area=world.node(COMMUNITY).id) == 0


def test_two_numbers_are_two_people(world: World, keeper, house) -> None:
    services.register_resident(actor=keeper, name="张伟", house=house, id_number=number(BORN), phone="13800002222")
    services.register_resident(actor=keeper, name="张伟", house=house, id_number=number(BORN, 995))
    assert services.find_twins(actor=world.actor("community_secretary"), area=world.node(COMMUNITY).id) == 0


def test_a_merge_leads_every_way_to_the_kept_record(world: World, keeper, house) -> None:
    pair(keeper, house)
    twins = found(world)
    services.merge_twins(actor=world.actor("community_secretary"), twins=twins, keep=twins.first_id, reason="同一人")
    assert selectors.access_resident(keeper, twins.second_id).pk == twins.first_id
    with pytest.raises(NotNow):
        services.put_tag(actor=keeper, resident=twins.second_id, code="alone")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tags=st.lists(st.tuples(st.booleans(), st.sampled_from(["alone", "volunteer", "aged_80"])), max_size=5),
    facts=st.lists(st.tuples(st.booleans(), st.sampled_from(["gas", "work_place"])), max_size=4),
    keep_first=st.booleans(),
    numbered=st.sampled_from(["none", "first", "second"]),
)
def test_undoing_a_merge_restores_every_row(world: World, keeper, house, tags, facts, keep_first, numbered) -> None:
    secretary = world.actor("community_secretary")
    frame = transaction.atomic()
    frame.__enter__()
    try:
        ids = [number(BORN) if numbered == side else "" for side in ("first", "second")]
        ones = [
            services.register_resident(actor=keeper, name="张伟", house=house, id_number=i, born_on=BORN, phone=p)
            for i, p in zip(ids, ["13800003333", "13800004444"], strict=True)
        ]
        for which, code in tags:
            services.put_tag(actor=keeper, resident=ones[which], code=code)
        for which, name in facts:
            services.set_fact(actor=keeper, resident=ones[which], name=name, value="不用气")
        twins = found(world)
        before = everything()
        keep = twins.first_id if keep_first else twins.second_id
        services.merge_twins(actor=secretary, twins=twins, keep=keep, reason="同一人")
        services.unmerge_twins(actor=secretary, twins=twins)
        assert everything() == before
    finally:
        transaction.set_rollback(True)
        frame.__exit__(None, None, None)
