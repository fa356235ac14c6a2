"""Invented residents: households with believable names, ages and addresses; nobody of them exists.

Identity numbers have right check digits and a sequence (993 to 999) that GB 11643 kept for centenarians (k), so that
nobody born in these years has one; telephone numbers lie in 1540, which is not in use (k). Shares are a sample of ours.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from stdnum.cn import ric

from linli.demo import names
from linli.kernel import areas
from linli.kernel.areas import Node
from linli.kernel.areas.models import Kind, Level

HEAD = ("姓名", "身份证号", "联系电话", "网格", "现住址", "户号", "与户主关系", "标签")
SIZES = {
    "siming": {"small": 400, "default": 2_000, "full": 1_089_000},
    "mengzi": {"small": 300, "default": 900, "full": 20_000},
}
OTHERS = {"small": 200, "default": 500, "full": 10_000}
NEAR = 12_000
"""The most residents of the home community: about what one of 思明's 98 has (1,089,000 / 98)."""
UNUSED_BLOCK = "1540"
"""Numbers begin so where no operator gives any out."""
_COUNTIES = (
    "350102", "350103", "350104", "350105", "350111", "350112", "350121", "350122", "350123", "350124", "350125",
    "350128", "350181", "350203", "350205", "350206", "350211", "350212", "350213",
)  # fmt: skip
_MALE, _FEMALE = (993, 995, 997, 999), (994, 996, 998)
_FIRST = "晓文志建国永春海明雪雨思子家嘉俊天佳静慧美丽秀玉翠桂金银红彩小云开光学正立顺福庆平新宏伟泽梓宇浩欣怡可若亦景"
_SECOND = "华强英兰芳萍燕康梅生云辉涛福霞平新玲远莲军凤飞琼明仙才惠桐杰怡民珍佑东波宁磊斌健峰琳洁颖倩雯萱涵轩辰睿"
_LONG = ("买买提·吐尔逊", "阿依古丽·艾合买提", "次仁·旺堆", "刀·玉罕")
_ROADS = ("和顺路", "安康路", "长乐街", "文峰路", "学府路", "东门街", "新安路", "育才路", "迎宾路", "友谊路")
_COMPOUNDS = ("和园", "锦苑", "春城里", "湖畔家园", "青年公寓", "教师新村", "花园小区", "老厂宿舍")
_KINDS = (("single", 18), ("couple", 24), ("nuclear", 34), ("three", 14), ("elder", 10))


def size(profile: str, scale: str) -> int:
    """Return how many residents a profile's demo has at a scale."""
    return SIZES.get(profile, OTHERS)[scale]


def write(path: Path, count: int, seed: int, today: date, *, home: Node | None = None) -> int:
    """Write a list of ``count`` residents as communities would keep it; return the rows. Memory stays flat.

    Two fifths, but at most :data:`NEAR`, live in ``home``'s grids when it is given; the others are spread alike.
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEAD)
        written = 0
        for row in rows(count, seed, today, home=home):
            out.writerow(row)
            written += 1
    return written


def rows(count: int, seed: int, today: date, *, home: Node | None = None) -> Iterator[tuple[str, ...]]:
    """Yield exactly ``count`` rows, household by household."""
    tree = areas.tree()
    chance = random.Random(seed)
    places = [n for n in tree if n.level == Level.GRID] or [n for n in tree if n.level == Level.COMMUNITY]
    near = [n for n in tree.under(home.code) if n.level == Level.GRID] if home else []
    elsewhere = [n for n in places if n not in near] or places
    numbers = _Numbers(chance)
    doors: Counter[str] = Counter()
    made, household, at_home = 0, 0, min(count * 2 // 5, NEAR)
    while made < count:
        group = near if near and made < at_home else elsewhere
        place = group[household % len(group)]
        household += 1
        # a village is numbered as a whole, elsewhere each grid has a road and compound of its own
        community = tree.at_level(place, Level.COMMUNITY) or place
        numbered = community.code if community.kind == Kind.VILLAGER else place.code
        doors[numbered] += 1
        for line in _household(place, household, doors[numbered], chance, numbers, today):
            if made == count:
                return
            made += 1
            yield line


class _Numbers:
    """Identity and telephone numbers that are nobody's and never repeat."""

    def __init__(self, chance: random.Random) -> None:
        self._used: Counter[tuple[date, bool]] = Counter()
        self._phones = 0
        self._chance = chance

    def identity(self, born: date, *, male: bool) -> str:
        """Return the next free number of that day; a day that is full gives the next day's."""
        sequences = _MALE if male else _FEMALE
        while self._used[born, male] >= len(_COUNTIES) * len(sequences):
            born += timedelta(days=1)
        turn = self._used[born, male]
        self._used[born, male] += 1
        county = _COUNTIES[turn // len(sequences)]
        body = f"{county}{born:%Y%m%d}{sequences[turn % len(sequences)]}"
        return body + str(ric.calc_check_digit(body + "0"))

    def phone(self) -> str:
        """Return the next number of a block that is not in use."""
        self._phones += 1
        return f"{UNUSED_BLOCK}{self._phones:07d}"


def _household(
    place: Node, number: int, door: int, chance: random.Random, numbers: _Numbers, today: date
) -> Iterator[tuple[str, ...]]:
    kind = chance.choices([k for k, _w in _KINDS], [w for _k, w in _KINDS])[0]
    address = _address(place, door)
    surname = chance.choice(names.SURNAMES)
    for relation, age, male in _members(kind, chance):
        born = _born(age, chance, today)
        family = surname if relation in {"户主", "子", "女"} else chance.choice(names.SURNAMES)
        name = chance.choice(_LONG) if chance.random() < 0.002 else family + _given(chance)
        phone = numbers.phone() if age >= 14 and chance.random() < (0.97 if age < 70 else 0.75) else ""
        tags = "、".join(_tags(kind, age, chance))
        identity = numbers.identity(born, male=male)
        yield name, identity, phone, place.code, address, f"{place.code[-6:]}{number:07d}", relation, tags


def _members(kind: str, chance: random.Random) -> Sequence[tuple[str, int, bool]]:
    """Return (relation, age, male) of a household of a kind."""
    head = chance.random() < 0.7
    if kind == "single":
        return [("户主", chance.randint(22, 60), head)]
    if kind == "elder":
        return [("户主", chance.randint(66, 93), head)]
    if kind == "couple":
        age = chance.randint(26, 82)
        return [("户主", age, head), ("配偶", max(22, age + chance.randint(-5, 3)), not head)]
    age = chance.randint(28, 52)
    found = [("户主", age, head), ("配偶", max(24, age + chance.randint(-4, 3)), not head)]
    for _ in range(chance.choice((1, 1, 1, 2, 2))):
        boy = chance.random() < 0.52
        found.append(("子" if boy else "女", max(0, age - chance.randint(24, 32)), boy))
    if kind == "three":
        found.append(("父" if (man := chance.random() < 0.45) else "母", age + chance.randint(22, 32), man))
    return found


def _born(age: int, chance: random.Random, today: date) -> date:
    return today - timedelta(days=int(age * 365.25) + chance.randint(1, 360))


def _given(chance: random.Random) -> str:
    if chance.random() < 0.14:
        return chance.choice(_SECOND)
    return chance.choice(_FIRST) + chance.choice(_SECOND)


def _tags(kind: str, age: int, chance: random.Random) -> Iterator[str]:
    if age >= 81:
        yield "高龄"
    if kind == "elder" and chance.random() < 0.8:
        yield "独居"
    if 18 <= age < 70 and chance.random() < 0.03:
        yield "志愿者"
    if age >= 20 and chance.random() < 0.06:
        yield "党员"
    if chance.random() < 0.01:
        yield "残疾人"


def _address(place: Node, number: int) -> str:
    """Return the address of a household by its number: a door of its own, buildings filled one by one."""
    community = areas.tree().at_level(place, Level.COMMUNITY) or place
    if community.kind == Kind.VILLAGER:
        return f"{community.name.removesuffix('村委会')}村{number}号"
    road = _ROADS[int(place.code[-3:]) % len(_ROADS)]
    compound = _COMPOUNDS[int(place.code[-4:]) % len(_COMPOUNDS)]
    plate = int(place.code[-3:]) * 2 + 1
    turn = number - 1
    building, unit, floor, door = turn // 72 + 1, turn // 36 % 2 + 1, turn // 4 % 9 + 1, turn % 4 + 1
    return f"{road}{plate}号{compound}{building}幢{unit}单元{floor}{door:02d}室"
