"""Names, telephones and official numbers as they are written in China."""

from __future__ import annotations

import pytest

from linli.kernel.errors import UserError
from linli.kernel.people import names, numbers, phones


@pytest.mark.parametrize("dot", "·•‧∙⋅・･．.")
def test_every_kind_of_dot_becomes_one(dot):
    assert names.check(f"买买提{dot}艾力") == "买买提·艾力"
    assert names.check(f"买买提 {dot} 艾力") == "买买提·艾力"


def test_spaces_inside_a_han_name_go_and_between_latin_words_one_stays():
    assert names.check(" 张　三 ") == "张三"
    assert names.check("Ｊｏｈｎ   Smith") == "John Smith"


def test_names_of_up_to_25_characters_are_kept_and_longer_ones_refused():
    name = "阿" * 12 + "·" + "买" * 12
    assert names.check(name) == name
    with pytest.raises(UserError, match="25"):
        names.check(name + "提")


@pytest.mark.parametrize("name", ["𠮷田", "㛃", "王\U00030edd", "李\ue123", "葛\U000e0100城", "\ufa0e"])
def test_rare_characters_stay_as_their_owner_writes_them(name):
    assert names.check(name) == name


@pytest.mark.parametrize("name", ["", "  ", "张三1", "张三（男）", "<b>", "张三,李四"])
def test_what_nobody_is_called_is_refused(name):
    with pytest.raises(UserError) as caught:
        names.check(name)
    assert caught.value.field == "name"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单田芳", "shan tian fang"),
        ("曾国藩", "zeng guo fan"),
        ("万俟卨", "mo qi xie"),
        ("欧阳修", "ou yang xiu"),
        ("买买提·艾力", "mai mai ti ai li"),
        ("John Smith", "john smith"),
        ("", ""),
    ],
)
def test_names_sort_by_pinyin_with_the_surname_read_as_a_surname(name, key):
    assert names.sort_key(name) == key


def test_initials_and_pairs_follow_the_name():
    assert names.initials("zhang san") == "zs"
    assert names.grams("买买提·艾力") == ["买买", "买提", "提艾", "艾力"]
    assert names.grams("李") == ["李"]
    assert names.surname("欧阳修") == "欧阳"
    assert names.surname("张三") == "张"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0871-6312 3456", "087163123456"),
        ("(0871)63123456转12", "087163123456#12"),
        ("12345", "12345"),
        ("400-800-8000", "4008008000"),
    ],
)
def test_a_number_has_one_form(typed, kept):
    assert phones.normalise(typed) == kept
    assert phones.is_mobile(kept) == kept.startswith("138")


@pytest.mark.parametrize("typed", ["", "12800138000", "1380013800", "63123456", "abc", "138001380001"])
def test_a_number_nobody_could_call_is_refused_with_what_to_do(typed):
    with pytest.raises(UserError, match="区号") as caught:
        phones.normalise(typed)
    assert caught.value.field == "phone"


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "１１０１０５１９４９１２３１００２ｘ"])
def test_valid_resident_ids_are_kept_in_one_form(number):
    assert len(numbers.check_resident_id(number)) == 18


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("110105194912310021", "校验"),
        ("11010519491231002", "18"),
        ("110105194902300022", "出生日期"),
        ("110105209912310020", "之后"),
        ("990105194912310020", "前6位"),
    ],
)
def test_a_wrong_resident_id_says_which_part_is_off(number, says):
    body = number[:17]
    if says != "校验" and len(body) == 17 and len(number) == 18:
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        number = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    with pytest.raises(UserError, match=says):
        numbers.check_resident_id(number)


def test_credit_codes_are_checked_over_their_31_characters():
    assert numbers.check_credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"
    with pytest.raises(UserError):
        numbers.check_credit_code("91350100M000100Y44")


def test_the_birth_date_is_in_the_number():
    assert numbers.birth_date("11010519491231002X").isoformat() == "1949-12-31"
