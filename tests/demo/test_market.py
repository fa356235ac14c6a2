"""The market of 蒙自 that a demo lives in: its totals, entry by entry, and a ledger that is whole."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from linli.affairs.cases.cli import group as stats_group
from linli.affairs.honor import accounts, giftroll, selectors
from linli.affairs.honor.models import Donation, Good, Member, Notice, Redemption
from linli.affairs.volunteering import statements
from linli.affairs.volunteering.models import Activity, Flag, Record, Signup, Team
from linli.demo import market
from linli.kernel import areas, ledger
from linli.kernel.areas.models import Level
from linli.kernel.ledger import checking
from linli.kernel.ledger.models import Account, Posting, Transfer

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
        assert found.members == Member.objects.filter(area_code__startswith=node.code, kind="resident").count()
        holders = Account.objects.filter(kind=accounts.HOLDER.name, area_code__startswith=node.code).values("pk")
        old = Transfer.objects.filter(kind="carry").values("pk")
        rows = Posting.objects.filter(account_id__in=holders, transfer_id__in=old)
        carried = list(rows.values_list("amount", flat=True))
        assert found.carried == sum(n for n in carried if n > 0)
        assert found.carried_spent == -sum(n for n in carried if n < 0)
    assert (
        sum(d.value_fen for d in Donation.objects.filter(matter__stage="received")) == selectors.figures().donated_fen
    )


@pytest.mark.usefixtures("lived")
def test_the_public_page_says_the_same() -> None:
    page = Client().get("/honor/open/").content.decode()
    found = selectors.figures()
    rows = page.replace(",", "").replace(" ", "")
    assert f">{found.issued}<" in rows
    parts = (found.spent, found.lapsed, found.crossed, found.deducted, found.causes, found.outstanding)
    assert all(f">{part}<" in rows for part in parts)
    assert sum(parts) == found.issued
    assert f"有{found.carried}分" in rows.replace("\n", "")


@pytest.mark.usefixtures("lived")
def test_the_ledger_of_a_lived_district_is_whole() -> None:
    assert list(checking.verify()) == []


@pytest.mark.usefixtures("lived")
def test_the_counter_has_seen_every_end_of_a_redemption() -> None:
    stages = set(Redemption.objects.values_list("matter__stage", flat=True))
    assert stages == {"reserved", "handed", "cancelled", "expired", "taken_back"}


@pytest.mark.usefixtures("lived")
def test_the_fair_side_of_the_market_has_been_lived() -> None:
    assert dict(Notice.objects.values_list("what", "matter__stage")) == {
        "taken_back": "corrected",
        "deducted": "appealed",
    }
    assert selectors.causes()[0].passed == 8
    assert Redemption.objects.filter(receiver__isnull=False, matter__stage="handed").exists()


@pytest.mark.usefixtures("lived")
def test_a_gift_can_be_followed_to_whoever_redeemed_it() -> None:
    gift = Donation.objects.get(receipt="SL00000")
    found = giftroll.chain_of(gift)
    assert (found.handed, found.redemptions, found.on_shelf) == (1, 1, 39)


@pytest.mark.usefixtures("lived")
def test_every_good_has_a_picture_that_everybody_sees_and_words_for_who_cannot() -> None:
    for good in Good.objects.all():
        assert good.photo_says.startswith("示例图")
        assert Client().get(f"/files/{good.photo_id}/thumb").status_code == 200


@pytest.mark.usefixtures("lived")
def test_volunteering_lies_at_every_step_that_somebody_can_take() -> None:
    stages = set(Signup.objects.values_list("matter__stage", flat=True))
    assert {"recorded", "appealed", "proven", "signed", "waiting", "withdrawn"} <= stages
    assert Activity.objects.filter(matter__stage="open").count() >= 5
    assert Flag.objects.filter(why="far", verdict="").exists()
    assert sum(row.minutes for row in Record.objects.all()) > 0
    assert Team.objects.count() == 4
    found = statements.money("532503")
    assert found.put_in == found.left + found.granted + found.spent == 500_000
    assert found.spent == 41_550
