"""The market of 蒙自 that a demo lives in: its totals, entry by entry, and a ledger that is whole."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from linli.affairs.cases.cli import group as stats_group
from linli.affairs.honor import accounts, selectors
from linli.affairs.honor.models import Donation, Redemption
from linli.demo import market
from linli.kernel import areas, ledger
from linli.kernel.areas.models import Level
from linli.kernel.ledger import checking
from linli.kernel.ledger.models import Posting

pytestmark = pytest.mark.xdist_group("demo")

# The source's figures (F96-F102); smaller scales keep the proportions.
SOURCE = {
    "members": 74500, "issued": 1218000, "redeemed": 391000, "donors": {"people": 1581, "organisations": 80},
    "goods_yuan": 2906000, "civil_citizens": 10, "credit": {"merchants": 9, "yuan": 1020000}, "masks": 30000,
}  # fmt: skip


def told() -> dict[str, object]:
    answer = CliRunner().invoke(stats_group, ["honor", "--json"])
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.output))


def scaled(scale: str) -> dict[str, object]:
    wanted = market.targets(scale)
    return {
        "members": wanted.members, "issued": wanted.issued, "redeemed": wanted.redeemed,
        "donors": {"people": wanted.people, "organisations": wanted.organisations}, "goods_yuan": wanted.goods_yuan,
        "civil_citizens": wanted.civil, "credit": {"merchants": wanted.merchants, "yuan": wanted.lent_yuan},
        "masks": wanted.masks,
    }  # fmt: skip


def test_the_full_scale_is_the_sources() -> None:
    assert scaled("full") == SOURCE


@pytest.mark.usefixtures("lived")
def test_the_command_gives_the_scales_figures() -> None:
    assert told() == scaled("small")


@pytest.mark.usefixtures("lived")
def test_every_figure_adds_up_entry_by_entry() -> None:
    names = {kind.name for kind in accounts.COMMUNITY}
    for node in [areas.tree().root, *areas.tree().of_level(Level.COMMUNITY)]:
        found = selectors.figures(node.code)
        assert found.outstanding == selectors.held_by_people(node.code)
        sums = dict.fromkeys(names, 0)
        refs = {ref.id: ref.kind.name for ref in ledger.accounts(accounts.COMMUNITY, area_code=node.code)}
        for account_id, amount in Posting.objects.filter(account_id__in=refs).values_list("account_id", "amount"):
            sums[refs[account_id]] += amount
        assert found.spent == sums[accounts.SPENT.name]
        assert found.issued == -sums[accounts.GRANTED.name] - sums[accounts.BUDGET.name]
    assert (
        sum(d.value_fen for d in Donation.objects.filter(matter__stage="received")) == selectors.figures().donated_fen
    )


@pytest.mark.usefixtures("lived")
def test_the_public_page_says_the_same() -> None:
    page = Client().get("/honor/open/").content.decode()
    found = selectors.figures()
    assert f">{found.issued}<" in page.replace(",", "").replace(" ", "")


@pytest.mark.usefixtures("lived")
def test_the_ledger_of_a_lived_district_is_whole() -> None:
    assert list(checking.verify()) == []


@pytest.mark.usefixtures("lived")
def test_the_counter_has_seen_every_end_of_a_redemption() -> None:
    stages = set(Redemption.objects.values_list("matter__stage", flat=True))
    assert stages == {"reserved", "handed", "cancelled", "expired", "taken_back"}
