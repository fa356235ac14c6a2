"""What a list shows instead of a full value."""

from __future__ import annotations

import pytest

from linli.kernel.privacy import mask_id, mask_name, mask_phone, redact


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("买买提·艾力", "买**·**"),
        ("John Smith", "J*** *****"),
        ("葛\U000e0100城", "葛*"),
        ("李", "李"),
        ("", ""),
    ],
)
def test_a_name_shows_its_surname_only(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138****8000"),
        ("087163123456", "0871****3456"),
        ("087163123456#12", "0871****3456#**"),
        ("4008008000", "4008****8000"),
        ("12345", "12345"),
        ("", ""),
    ],
)
def test_a_number_shows_its_ends_only(number, shown):
    assert mask_phone(number) == shown


def test_an_id_number_hides_the_birth_date():
    assert mask_id("11010519491231002X") == "110***********002X"
    assert mask_id("E12345678") == "E******78"
    assert mask_id("123") == "***"


def test_free_text_loses_its_numbers_and_keeps_the_rest():
    text = "张三13800138000，座机0871-63123456，身份证11010519491231002X，热线12345，3号楼2单元501"
    assert redact(text) == "张三138****8000，座机0871****3456，身份证110***********002X，热线12345，3号楼2单元501"
    assert redact("2026112100042 件") == "2026112100042 件"
