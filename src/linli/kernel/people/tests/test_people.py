"""One human, whichever way they came in."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from linli.kernel import clock, ids, people
from linli.kernel.areas.models import Area, Level
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people import selectors, services
from linli.kernel.people.events import Merged, people_merged, person_died
from linli.kernel.people.models import Account, Assurance, Contact, Person
from linli.kernel.people.tests.threads import together

CLERK = SimpleNamespace(post_id=ids.uuid7())
PHONE, OTHER = "13800138000", "13900139000"
ID_NUMBER, OTHER_ID = "11010519491231002X", "440524188001010014"


@pytest.fixture
def zhang(db):
    return people.ensure_by_phone(PHONE, "张三")


def checked(person, number=ID_NUMBER):
    return services.check_identity(actor=CLERK, person=person, number=number, how="window")


def test_a_number_leads_to_one_person_however_it_is_typed(zhang):
    assert people.ensure_by_phone("+86 138-0013-8000") == zhang
    assert people.find_by_phone(PHONE) == zhang
    assert people.find_by_phone(OTHER) is None


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_from_a_new_number_make_one_person():
    results = together(*[lambda: people.ensure_by_phone(PHONE, "张三")] * 4)
    assert len({person.pk for person in results}) == 1
    assert Person.objects.count() == 1


def test_a_name_given_later_fills_an_empty_one_and_replaces_none(db):
    nameless = people.ensure_by_phone(PHONE)
    assert people.ensure_by_phone(PHONE, "张三").name == "张三"
    assert people.ensure_by_phone(PHONE, "王五").name == "张三"
    assert nameless.pk == people.find_by_phone(PHONE).pk


def test_numbers_and_documents_lie_encrypted_in_the_database(zhang):
    checked(zhang)
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_contact::text FROM people_contact")
        assert PHONE not in cursor.fetchone()[0]
        cursor.execute("SELECT people_identity::text FROM people_identity")
        assert ID_NUMBER not in cursor.fetchone()[0]
    assert people.contact(zhang).value == PHONE


def test_people_are_found_by_the_last_four_characters(zhang):
    checked(zhang)
    assert list(selectors.find_by_last4("8000")) == [zhang]
    assert list(selectors.find_by_last4("002x")) == [zhang]
    assert list(selectors.find_by_last4("0000")) == []


def test_people_are_found_by_two_characters_and_by_pinyin(zhang):
    duo = people.create(actor=CLERK, name="单雄信")
    mai = people.create(actor=CLERK, name="买买提．艾力")
    assert list(people.search("张三")) == [zhang]
    assert list(people.search("买提·艾")) == [mai]
    assert list(people.search("shan")) == [duo]
    assert list(people.search("张")) == [zhang]
    assert list(people.search("李四")) == []
    assert list(people.search("")) == []


def test_pinyin_follows_the_name_in_bulk_and_when_renamed(zhang):
    Person.objects.bulk_create([Person(name="李四", created_at=clock.now())])
    assert Person.objects.get(name="李四").pinyin == "li si"
    services.rename(actor=CLERK, person=zhang, name="曾三")
    assert list(people.search("zeng san")) == [zhang]


def test_an_elder_may_share_a_childs_number(zhang):
    elder = people.create(actor=CLERK, name="张老")
    with pytest.raises(services.Taken) as caught:
        services.add_phone(actor=CLERK, person=elder, phone=PHONE)
    assert caught.value.owner == zhang
    services.add_phone(actor=CLERK, person=elder, phone=PHONE, shared=True)
    assert people.find_by_phone(PHONE) == zhang
    assert set(selectors.sharing_phone(PHONE)) == {zhang, elder}


def test_a_checked_document_raises_assurance_to_two_and_its_withdrawal_lowers_it(zhang):
    assert zhang.assurance == Assurance.ANONYMOUS
    document = checked(zhang)
    zhang.refresh_from_db()
    assert zhang.assurance == Assurance.CHECKED
    assert document.checked_by_post == CLERK.post_id
    services.withdraw_identity(actor=CLERK, identity=document)
    zhang.refresh_from_db()
    assert zhang.assurance == Assurance.ANONYMOUS


def test_a_document_belongs_to_one_person(zhang):
    checked(zhang)
    with pytest.raises(services.Taken):
        checked(people.create(actor=CLERK, name="李四"))
    with pytest.raises(NotNow):
        checked(zhang, OTHER_ID)
    assert selectors.find_by_identity(ID_NUMBER) == zhang


def test_merging_moves_everything_over_and_undoing_moves_exactly_that_back(zhang):
    other = people.ensure_by_phone(OTHER, "张三")
    checked(other)
    account = Account.objects.create_user("zhang", person=other)
    mine = people.contact(zhang)
    record = people.merge(actor=CLERK, keep=zhang, drop=other, reason="同一人，证件已核")
    zhang.refresh_from_db()
    other.refresh_from_db()
    account.refresh_from_db()
    assert people.canonical(other) == zhang
    assert people.find_by_phone(OTHER) == zhang
    assert zhang.assurance == Assurance.CHECKED
    assert account.person == zhang
    assert people.same_human(zhang) == people.same_human(other) == {zhang.pk, other.pk}
    assert list(people.search("张三")) == [zhang]
    people.unmerge(actor=CLERK, record=record)
    zhang.refresh_from_db()
    account.refresh_from_db()
    assert people.find_by_phone(OTHER) == other
    assert people.contact(zhang) == mine
    assert (zhang.assurance, account.person) == (Assurance.ANONYMOUS, other)
    with pytest.raises(NotNow):
        people.unmerge(actor=CLERK, record=record)


def test_a_number_that_both_had_is_there_once_while_merged_and_twice_after(zhang):
    other = people.create(actor=CLERK, name="张三")
    services.add_phone(actor=CLERK, person=other, phone=PHONE, shared=True)
    record = people.merge(actor=CLERK, keep=zhang, drop=other, reason="同一人")
    assert selectors.contacts_of(zhang).count() == 1
    people.unmerge(actor=CLERK, record=record)
    assert (selectors.contacts_of(zhang).count(), selectors.contacts_of(other).count()) == (1, 1)


def test_merges_form_a_chain_and_are_undone_from_its_end(zhang):
    second, third = people.create(actor=CLERK, name="张三"), people.create(actor=CLERK, name="张三")
    first_merge = people.merge(actor=CLERK, keep=second, drop=zhang, reason="同一人")
    second.refresh_from_db()
    people.merge(actor=CLERK, keep=third, drop=second, reason="同一人")
    assert people.canonical(Person.objects.get(pk=zhang.pk)) == third
    assert people.same_human(third) == {zhang.pk, second.pk, third.pk}
    with pytest.raises(NotNow, match="后一次"):
        people.unmerge(actor=CLERK, record=first_merge)


def test_two_documents_of_one_kind_are_two_humans(zhang):
    other = people.ensure_by_phone(OTHER)
    checked(zhang)
    checked(other, OTHER_ID)
    with pytest.raises(NotNow, match="证件"):
        people.merge(actor=CLERK, keep=zhang, drop=other, reason="像")


def test_other_rooms_repoint_by_one_line_and_get_their_rows_back(zhang):
    other = people.create(actor=CLERK, name="李四")
    body = services.add_organisation(actor=CLERK, name="银发食坊", kind="social", contact=other)

    def handler(merged: Merged) -> None:
        merged.repoint(type(body), "contact")

    people_merged.connect(handler)
    try:
        record = people.merge(actor=CLERK, keep=zhang, drop=other, reason="同一人")
        body.refresh_from_db()
        assert body.contact == zhang
        people.unmerge(actor=CLERK, record=record)
        body.refresh_from_db()
        assert body.contact == other
    finally:
        people_merged.disconnect(handler)


@pytest.mark.django_db(transaction=True)
def test_two_merges_of_a_pair_at_once_in_both_directions_leave_one():
    a, b = people.create(actor=CLERK, name="甲"), people.create(actor=CLERK, name="乙")
    results = together(
        lambda: people.merge(actor=CLERK, keep=a, drop=b, reason="同一人"),
        lambda: people.merge(actor=CLERK, keep=b, drop=a, reason="同一人"),
    )
    assert sum(isinstance(r, NotNow) for r in results) == 1


def test_a_recorded_death_stops_messages_and_can_be_taken_back(zhang):
    heard = []
    person_died.connect(heard.append)
    try:
        services.record_death(actor=CLERK, person=zhang, on=clock.today())
        assert not people.may_be_messaged(zhang)
        assert people.find_by_phone(PHONE) is None
        services.undo_death(actor=CLERK, person=zhang)
    finally:
        person_died.disconnect(heard.append)
    assert people.may_be_messaged(zhang)
    assert people.find_by_phone(PHONE) == zhang
    assert [died.undo for died in heard] == [False, True]
    with pytest.raises(UserError):
        services.record_death(actor=CLERK, person=zhang, on=clock.today() + timedelta(days=1))


def test_a_number_given_up_leads_to_nobody(zhang):
    services.end_contact(actor=CLERK, contact=people.contact(zhang))
    assert people.ensure_by_phone(PHONE, "李四") != zhang
    assert Contact.objects.filter(ended_at=None).count() == 1


def test_households_have_members_and_one_head(zhang):
    area = Area.objects.create(level=Level.GRID)
    home = services.found_household(actor=CLERK, area=area, address="蚂蚁村 张老五家")
    services.join_household(actor=CLERK, household=home, person=zhang, relation="head")
    son = people.create(actor=CLERK, name="张小")
    with pytest.raises(NotNow):
        services.join_household(actor=CLERK, household=home, person=son, relation="head")
    line = services.join_household(actor=CLERK, household=home, person=son, relation="child")
    assert selectors.households_of(son).get().household == home
    services.leave_household(actor=CLERK, membership=line)
    assert not selectors.households_of(son).exists()
    with pytest.raises(UserError):
        services.leave_household(actor=CLERK, membership=line, on=date(2000, 1, 1))


def test_a_credit_code_belongs_to_one_body(db):
    services.add_organisation(actor=CLERK, name="甲公司", kind="enterprise", uscc="91350100M000100Y43")
    with pytest.raises(UserError) as caught:
        services.add_organisation(actor=CLERK, name="乙公司", kind="enterprise", uscc="91350100M000100Y43")
    assert caught.value.field == "uscc"
    services.add_organisation(actor=CLERK, name="居民小组", kind="other")
    services.add_organisation(actor=CLERK, name="另一小组", kind="other")
