"""The registry at the desk: a purpose before a name, cards at a fixed cost, files from upload to undo."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.world import COMMUNITY, OTHER_STREET, World
from tests.test_costs import signed_in, statements

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import ImportBatch, Lookup, Resident, Twins
from linli.kernel import clock, privacy
from linli.kernel.privacy.models import AccessLog

pytestmark = pytest.mark.django_db
AT = "/desk/registry/"
ELEVEN = "甲乙丙丁戊己庚辛壬癸子"


@pytest.fixture
def resident(keeper, house) -> Resident:
    return services.register_resident(actor=keeper, name="张晓明", house=house, phone="13800001234")


def test_names_come_only_after_a_purpose_and_every_use_is_on_the_record(keeper, resident) -> None:
    browser = signed_in(keeper)
    assert "张晓明" not in browser.get(f"{AT}?q=张晓").content.decode()
    answer = browser.get(f"{AT}?q=张晓&purpose=visit").content.decode()
    assert "张晓明" in answer
    used = Lookup.objects.get()
    assert used.listed == [resident.pk]
    assert used.purpose == "走访核实"
    assert [one.purpose for one in selectors.looked_up(resident.person)] == ["走访核实"]


def test_one_character_that_finds_nobody_is_told_from_a_name_that_is_not_here(keeper, resident) -> None:
    browser = signed_in(keeper)
    assert "姓名请输入两个字起" in browser.get(f"{AT}?q=张&purpose=visit").content.decode()
    assert "姓名请输入两个字起" not in browser.get(f"{AT}?q=赵七&purpose=visit").content.decode()


def test_opening_a_card_is_what_the_resident_reads(keeper, resident) -> None:
    browser = signed_in(keeper)
    address = f"{AT}residents/{resident.pk}/"
    assert browser.get(address).status_code == 302
    browser.get(f"{AT}?purpose=visit")
    page = browser.get(address).content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page
    look = privacy.log_for(resident.person)[0]
    assert (look.what, look.purpose) == ("登记卡", "走访核实")
    assert "社区工作者" in look.shown_as


def test_a_full_number_needs_a_reason(keeper, resident) -> None:
    browser = signed_in(keeper)
    address = f"{AT}residents/{resident.pk}/reveal/"
    refused = browser.post(address, {"field": "phone", "reason": "看"})
    assert refused.status_code == 422
    shown = browser.post(address, {"field": "phone", "reason": "联系上门时间"})
    assert "13800001234" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AccessLog.objects.filter(person=resident.pk, field_group="phone").count() == 1


def test_a_card_elsewhere_is_not_there(world: World, resident) -> None:
    browser = signed_in(world.actor("community_worker", area=OTHER_STREET, unit="elsewhere"))
    browser.get(f"{AT}?purpose=visit")
    assert browser.get(f"{AT}residents/{resident.pk}/").status_code == 404


def test_a_card_costs_the_same_whatever_the_history(world: World, keeper, house, resident) -> None:
    browser = signed_in(keeper)
    browser.get(f"{AT}?purpose=visit")
    address = f"{AT}residents/{resident.pk}/"
    costs = []
    today = clock.today()
    for rounds in (0, 12):
        for n in range(rounds):
            other = services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address=f"天马路{n + 30}号")
            services.move(actor=keeper, resident=resident, house=other, on=today + timedelta(days=n))
            services.verify(actor=keeper, resident=resident, outcome="right", how="seen")
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1], "\n".join(statements(captured))


def test_a_search_costs_the_same_for_one_and_for_twenty(keeper, house, resident) -> None:
    browser = signed_in(keeper)
    browser.get(f"{AT}?purpose=visit")
    costs = []
    for more in ("", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申"):
        for character in more:
            services.register_resident(actor=keeper, name=f"张晓{character}", house=house)
        browser.get(f"{AT}?q=张晓")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"{AT}?q=张晓").status_code == 200
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1], "\n".join(statements(captured))


def test_what_was_typed_is_kept_when_an_act_is_refused(keeper, resident) -> None:
    answer = signed_in(keeper).post(f"{AT}residents/{resident.pk}/phone/", {"phone": "13800", "how": ""})
    assert answer.status_code == 422
    assert 'value="13800"' in answer.content.decode()


def test_acts_of_the_card_do_what_they_say(keeper, resident) -> None:
    browser = signed_in(keeper)
    address = f"{AT}residents/{resident.pk}/"
    for name, data in (
        ("verify", {"outcome": "right", "how": "seen"}),
        ("tag", {"code": "alone"}),
        ("fact", {"name": "gas", "value": "瓶装气", "how": "seen"}),
        ("offer", {"skill": "修电器"}),
        ("move", {"address": "天马路88号101室", "on": clock.today().isoformat(), "source": "landlord", "how": ""}),
        ("away", {"until": (clock.today() + timedelta(days=30)).isoformat()}),
        ("change", {"field": "name", "value": "张小明", "evidence": "户口簿"}),
    ):
        assert browser.get(f"{address}{name}/").status_code == 200, name
        assert browser.post(f"{address}{name}/", data).status_code == 302, name
    browser.get(f"{AT}?purpose=visit")
    page = browser.get(address).content.decode()
    for word in ("独居", "瓶装气", "修电器", "天马路88号101室", "等第二人核对"):
        assert word in page, word


def test_somebody_known_is_led_to_and_not_entered_twice(world: World, keeper, resident) -> None:
    from datetime import date

    from linli.affairs.registry.tests.support import number

    browser = signed_in(keeper)
    data = {"name": "李桂兰", "area": COMMUNITY, "address": "天马路9号", "number": number(date(1950, 1, 2)), "sex": "0",
            "source": "visit", "how": "paper"}  # fmt: skip
    assert browser.post(f"{AT}new/", data).status_code == 302
    again = browser.post(f"{AT}new/", data)
    assert again.status_code == 422
    assert "打开登记卡" in again.content.decode()


def test_a_file_goes_from_upload_to_undo(keeper) -> None:
    browser = signed_in(keeper)
    file = io.BytesIO("姓名,电话,住址,民族\n李建国,13800001111,青云路1号,汉\n".encode("gbk"))
    file.name = "台账.csv"
    answer = browser.post(f"{AT}imports/", {"file": file})
    batch = ImportBatch.objects.get()
    page = browser.get(answer["Location"]).content.decode()
    assert "不收：没有业务需要" in page
    assert browser.post(f"{AT}imports/{batch.pk}/apply/").status_code == 302
    assert Resident.objects.count() == 1
    assert "整批撤销" in browser.get(answer["Location"]).content.decode()
    browser.post(f"{AT}imports/{batch.pk}/undo/")
    assert not Resident.objects.exists()


def test_a_file_with_problems_comes_back_annotated(keeper) -> None:
    browser = signed_in(keeper)
    file = io.BytesIO("姓名,身份证号,住址\n李建国,1.1E+17,青云路1号\n".encode())
    file.name = "台账.csv"
    browser.post(f"{AT}imports/", {"file": file})
    batch = ImportBatch.objects.get()
    assert "下载标注的文件" in browser.get(f"{AT}imports/{batch.pk}/").content.decode()
    sheet = browser.get(f"{AT}imports/{batch.pk}/annotated.xlsx")
    assert sheet.content[:2] == b"PK"
    browser.post(f"{AT}imports/{batch.pk}/apply/")
    assert not Resident.objects.exists()


def test_another_units_file_is_not_there(world: World, keeper) -> None:
    file = io.BytesIO("姓名,住址\n李建国,青云路1号\n".encode())
    file.name = "台账.csv"
    signed_in(keeper).post(f"{AT}imports/", {"file": file})
    stranger = signed_in(world.actor("community_worker", area=OTHER_STREET, unit="elsewhere"))
    assert stranger.get(f"{AT}imports/{ImportBatch.objects.get().pk}/").status_code == 404


def test_a_pair_is_judged_by_whoever_checks(world: World, keeper, house) -> None:
    from datetime import date

    for phone in ("13800002221", "13800002222"):
        services.register_resident(actor=keeper, name="张伟", house=house, born_on=date(1960, 5, 6), phone=phone)
    browser = signed_in(world.actor("community_secretary"))
    browser.post(f"{AT}twins/look/")
    page = browser.get(f"{AT}twins/").content.decode()
    assert "同名 +30" in page
    pair = Twins.objects.get()
    browser.post(f"{AT}twins/{pair.pk}/merge/", {"keep": "first"})
    assert Resident.objects.filter(state="merged").count() == 1
    browser.post(f"{AT}twins/{pair.pk}/undo/")
    assert Resident.objects.filter(state="merged").count() == 0
    assert signed_in(keeper).get(f"{AT}twins/").status_code == 404


def test_small_figures_are_hidden_and_cannot_be_computed(world: World, keeper, house) -> None:
    from datetime import date

    for n in range(8):
        services.register_resident(actor=keeper, name=f"老{ELEVEN[n]}", house=house, born_on=date(1950, 1, 1))
    for n in range(6):
        services.register_resident(actor=keeper, name=f"中{'甲乙丙丁戊己'[n]}", house=house, born_on=date(1985, 1, 1))
    services.register_resident(actor=keeper, name="小孩", house=house, born_on=date(2020, 1, 1))
    secretary = world.actor("community_secretary")
    found = selectors.composition(secretary, area=world.node(COMMUNITY).id)
    shown = {cell.label: cell.value for cell in found.ages}
    assert shown["0–13"] is None
    assert shown["35–59"] is None, "the next smallest is hidden with the only small one"
    assert shown["60–79"] == 8
    page = signed_in(secretary).get(f"{AT}analysis/?age_from=60").content.decode()
    assert "8 人" in page
    assert signed_in(secretary).post(f"{AT}analysis/save/", {"name": "老人", "query": "age_from=60"}).status_code == 302
    assert "老人" in signed_in(secretary).get(f"{AT}analysis/").content.decode()


def test_people_on_the_move_are_counted_by_how_they_live_here(world: World, keeper, house) -> None:
    area = world.node(COMMUNITY).id
    other = services.register_house(actor=keeper, area=area, address="天马路20号1幢101室")
    people = [services.register_resident(actor=keeper, name=f"住{ELEVEN[n]}", house=other) for n in range(7)]
    for n in range(6):
        services.set_registration(actor=keeper, resident=people[n], house=house)
    services.set_registration(actor=keeper, resident=people[6], house=other)
    secretary = world.actor("community_secretary")

    def found(stay: str) -> int | None:
        return selectors.composition(secretary, area=area, query={"stay": stay}).residents

    assert found("apart") == 6
    assert found("let") == 0
    services.set_use(actor=keeper, house=other, use="let")
    assert found("let") == 7
    assert "租住" in signed_in(secretary).get(f"{AT}analysis/?stay=let").content.decode()


def test_unusual_lookups_go_to_the_auditor(world: World, keeper, linli_clock) -> None:
    for _ in range(16):
        selectors.note_lookup(keeper, "走访核实", "id_number", 1, [])
    page = signed_in(world.actor("auditor")).get(f"{AT}lookups/").content.decode()
    assert "一天内多次按号码查" in page
    assert signed_in(keeper).get(f"{AT}lookups/").status_code == 404


def test_a_drawn_shape_gives_counts_and_no_names(world: World, keeper, resident) -> None:
    import json

    building = services.register_building(
        actor=keeper, area=world.node(COMMUNITY).id, address="青云路77号", lon=103.38, lat=23.36
    )
    del building
    ring = [[103.3, 23.3], [103.4, 23.3], [103.4, 23.4], [103.3, 23.4], [103.3, 23.3]]
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
    answer = signed_in(keeper).get(f"{AT}place/", {"shape": shape})
    assert answer.json()["buildings"] == 1
    assert "张晓明" not in answer.content.decode()
    assert signed_in(keeper).get(f"{AT}place/", {"shape": "[1,2"}).status_code >= 400
    assert (
        signed_in(keeper)
        .get(f"{AT}place/", {"shape": json.dumps({"type": "Point", "coordinates": [1, 2]})})
        .status_code
        >= 400
    )
