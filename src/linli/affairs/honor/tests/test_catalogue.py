"""The catalogue with photos, shops, merchants that join, and the rules that everybody may read."""

from __future__ import annotations

import importlib
import io

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from linli.affairs.honor import selectors
from linli.affairs.honor.models import Good, Member, Shop
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import credit, earning, members
from linli.affairs.honor.tests.conftest import Market
from linli.affairs.honor.tests.test_pages import desk_of, phone_of, said
from linli.kernel import areas, clock, evidence, policy
from linli.kernel.areas.models import Kind, Level
from linli.kernel.crypto import holds
from linli.kernel.errors import UserError
from linli.kernel.evidence.models import Attachment
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db

LINE = {
    "name": "食盐", "points": 5, "piece": "包", "picture": "package", "per_person": 2, "per_household": 0,
    "window_days": 30, "active": "on", "photo_says": "一包食盐，蓝色标签",
}  # fmt: skip


def photo(colour: str = "blue") -> SimpleUploadedFile:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SomePhone"
    Image.new("RGB", (800, 600), colour).save(stream, "JPEG", exif=exif)
    return SimpleUploadedFile("盐.jpg", stream.getvalue(), "image/jpeg")


def test_a_good_gets_a_photo_that_is_made_clean_before_anybody_sees_it(market: Market) -> None:
    desk = desk_of(market.world.actor("community_secretary"))
    sent = desk.post(reverse("honor:good-new"), LINE | {"photo": photo()})
    assert sent.status_code == 302
    good = Good.objects.get(name="食盐")
    thumb = reverse("evidence:thumb", args=[good.photo_id])
    assert Client().get(thumb).status_code == 404
    evidence.process_pending()
    shown = Client().get(thumb)
    assert shown.status_code == 200
    picture = Image.open(io.BytesIO(b"".join(shown.streaming_content)))  # type: ignore[attr-defined] # a file streams
    assert 0x010F not in picture.getexif()
    page = said(desk.get(reverse("honor:goods")))
    assert 'alt="一包食盐，蓝色标签"' in page
    first = good.photo_id
    change = reverse("honor:good", args=[good.pk])
    assert desk.post(change, LINE | {"points": 6, "photo": photo("red")}).status_code == 302
    good.refresh_from_db()
    assert good.points == 6
    assert good.photo_id != first
    assert not Attachment.objects.filter(pk=first, state="ready").exists()


def test_a_photo_of_nobodys_catalogue_is_seen_by_nobody(market: Market) -> None:
    row = evidence.receive(photo(), uploader=market.keeper())
    evidence.attach(market.soap.pk, [row.pk])
    evidence.process_pending()
    assert Client().get(reverse("evidence:thumb", args=[row.pk])).status_code == 404


def test_a_photo_without_words_and_a_file_that_is_none_are_refused_and_what_was_typed_stays(market: Market) -> None:
    desk = desk_of(market.world.actor("community_secretary"))
    url = reverse("honor:good-new")
    silent = desk.post(url, LINE | {"photo_says": "", "photo": photo()})
    assert silent.status_code == 422
    assert "给看不见照片的人听" in said(silent)
    assert "食盐" in said(silent)
    broken = desk.post(url, LINE | {"photo": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")})
    assert broken.status_code == 422
    assert desk.post(url, LINE | {"points": -1}).status_code == 422
    assert not Good.objects.filter(name="食盐").exists()
    assert desk_of(market.keeper()).get(url).status_code == 404


def test_a_shop_is_opened_and_named_once(market: Market) -> None:
    desk = desk_of(market.world.actor("community_secretary"))
    form = {"name": "东门站", "kind": "station", "area": market.home.code, "place": "东门", "active": "on"}
    assert desk.post(reverse("honor:shop-new"), form).status_code == 302
    assert "同名" in said(desk.post(reverse("honor:shop-new"), form))
    shop = Shop.objects.get(name="东门站")
    assert desk.post(reverse("honor:shop", args=[shop.pk]), form | {"hours": "9:00—17:00"}).status_code == 302
    shop.refresh_from_db()
    assert (shop.hours, shop.area_code) == ("9:00—17:00", market.home.code)


def test_a_merchant_joins_earns_by_its_own_rules_and_its_owner_carries_a_statement(market: Market) -> None:
    desk = desk_of(market.keeper())
    form = {"name": "某面馆", "area": market.home.code, "contact": "张老板", "phone": "13800001234"}
    assert desk.post(reverse("honor:merchant"), form | {"phone": "12"}).status_code == 422
    assert desk.post(reverse("honor:merchant"), form).status_code == 302
    merchant = Member.objects.get(kind="merchant")
    earned = desk.post(reverse("honor:earn"), {"card": merchant.card, "rule": "front_three", "key": "1"})
    assert earned.status_code == 302
    refused = desk.post(reverse("honor:earn"), {"card": merchant.card, "rule": "activity", "key": "2"})
    assert "不适用于这类成员" in said(refused)
    owner = Person.objects.get(name="张老板")
    mine = phone_of(owner)
    assert "某面馆" in said(mine.get(reverse("portal:honor")))
    asked = f"?as={merchant.pk}"
    page = said(mine.get(reverse("portal:honor-statement") + asked))
    assert "门前三包" in page
    made = mine.post(reverse("portal:honor-credit") + asked, {"bank": "某银行", "consent": "1"})
    shown = said(Client().get(made["Location"]))
    assert "某面馆" in shown
    assert "Ed25519" in shown
    stranger = market.member(5)
    assert "某面馆" not in said(phone_of(stranger.person).get(reverse("portal:honor-statement") + asked))


def test_what_the_bank_is_handed_can_be_verified_without_us(market: Market) -> None:
    member = market.member(20)
    made = credit.issue(actor=resident_actor(member.person), member=member, bank="某银行", consent=True)
    page = said(Client().get(reverse("portal:honor-credit-statement", args=[made.pk])))
    assert bytes(made.signature).hex() in page
    assert bytes(made.public_key).hex() in page
    signed = credit.plain(made.content)
    assert holds(made.public_key, made.signature, signed)
    assert not holds(made.public_key, made.signature, signed.replace(b'"held":20', b'"held":90'))


def test_rural_customs_earn_in_villages_and_nowhere_else(market: Market) -> None:
    rule = policy.get(HonorRules).behaviours["no_feast"]
    village = next(n for n in areas.tree().of_level(Level.COMMUNITY) if n.kind == Kind.VILLAGER)
    keeper = market.world.actor("community_worker", area=village.code)
    earning.check(keeper, market.standing(at=village), rule, 20, clock.today())
    with pytest.raises(UserError, match="只适用于村"):
        earning.check(market.keeper(), market.standing(), rule, 20, clock.today())


def test_everybody_reads_the_rules_with_their_version_and_that_they_are_samples(market: Market) -> None:
    page = said(Client().get(reverse("portal:honor-rules")))
    for words in (
        "第 1 版",
        "示例",
        "移风易俗（村）",
        "门前三包达标一周",
        "每月 25",
        "积分确认",
        "不看户口",
        "7 自然日",
    ):
        assert words in page
    assert market.home.name not in page


def test_members_of_a_site_older_than_the_tally_are_counted_once(market: Market) -> None:
    counting = importlib.import_module("linli.affairs.honor.migrations.0003_members_counted")
    counted, gone = market.member(), market.member()
    members.leave(actor=resident_actor(gone.person), member=gone)
    for number in range(3):
        person = Person.objects.create(name=f"老成员{number}", created_at=clock.now())
        Member.objects.create(person=person, area_id=market.home.id, area_code=market.home.code, joined_at=clock.now())
    assert selectors.figures(market.home.code).members == 1
    for _ in range(2):
        counting.count_earlier(apps, None)
        assert selectors.figures(market.home.code).members == 4
    assert counted.area_code == market.home.code
