"""Invented people: combinations of a short list of surnames and given names of ours, all marked as demo."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎普白"
GIVEN = (
    "文芳", "建华", "秀英", "志强", "丽萍", "国庆", "桂兰", "海燕", "永康", "玉梅",
    "春生", "晓云", "明辉", "雪梅", "家福", "彩霞", "正平", "红霞", "立新", "美玲",
    "志远", "翠莲", "学军", "小凤", "云飞", "艳琼", "光明", "琼仙", "顺才", "惠兰",
    "思远", "雨桐", "俊杰", "佳怡", "自强", "凤英", "开明", "慧珍", "天佑", "静怡",
)  # fmt: skip

# 138-0000-xxxx: written nowhere but here, in documents and tests; nothing is ever sent from a demo.
DEMO_PHONES = "1380000"


def staff_names(seed: int) -> Iterator[str]:
    """Yield names without repetition while there are any, in an order that follows from ``seed``."""
    pairs = [surname + given for surname in SURNAMES for given in GIVEN]
    random.Random(seed).shuffle(pairs)
    while True:
        yield from pairs


def resident_name(chance: random.Random) -> str:
    """Return how a caller gives their name: in full, or as 王女士."""
    surname = chance.choice(SURNAMES)
    return surname + chance.choice(("女士", "先生", "大爷", "阿姨") if chance.random() < 0.5 else GIVEN)


def phone(number: int) -> str:
    """Return the demo telephone number ``number`` (0 to 9999)."""
    return f"{DEMO_PHONES}{number % 10_000:04d}"
