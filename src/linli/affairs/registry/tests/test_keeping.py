"""Retention with proof: what is no longer needed goes by itself, and stays provable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Fact, Lookup, Vault
from linli.affairs.registry.tests.support import number
from linli.kernel import clock, privacy

pytestmark = pytest.mark.django_db


def test_a_year_after_somebody_left_their_facts_and_number_go_with_proof(keeper, house) -> None:
    stays = services.register_resident(actor=keeper, name="王国庆", house=house, id_number=number(date(1955, 6, 7)))
    left = services.register_resident(
        actor=keeper, name="李桂兰", house=house, id_number=number(date(1952, 3, 4)), phone="13800001111"
    )
    services.set_fact(actor=keeper, resident=left, name="gas", value="瓶装气")
    services.move_out(actor=keeper, resident=left)
    privacy.run_retention(moment=clock.now() + timedelta(days=200))
    assert Fact.objects.filter(resident=left).exists()
    proofs = privacy.run_retention(moment=clock.now() + timedelta(days=400))
    left.refresh_from_db()
    stays.refresh_from_db()
    assert (left.id_number, Fact.objects.filter(resident=left).count()) == ("", 0)
    assert stays.id_number
    assert {"registry.facts", "registry.numbers"} <= {p.rule for p in proofs}


def test_the_vault_and_the_lookups_have_their_time(keeper, house) -> None:
    services.register_resident(actor=keeper, name="小明", house=house, id_number=number(date(2020, 5, 6)))
    selectors.note_lookup(keeper, "走访核实", "words", 1, [])
    assert Vault.objects.exists()
    proofs = privacy.run_retention(moment=clock.now() + timedelta(days=365 * 15))
    assert not Vault.objects.exists()
    assert not Lookup.objects.exists()
    assert {"registry.vault", "registry.lookups"} <= {p.rule for p in proofs}
