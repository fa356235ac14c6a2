"""One row of a file made into one row of staging: checked, hashed, encrypted, with its words for the index."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.affairs.registry.importing import cleaning
from linli.affairs.registry.policy import TagDictionary
from linli.affairs.registry.search import addresses, tokens
from linli.affairs.registry.services.residents import CHILD_UNDER, age_on, hashes, sex_of
from linli.kernel import areas, clock, ids, policy
from linli.kernel.areas.models import Level
from linli.kernel.areas.nodes import Node, Tree
from linli.kernel.crypto import encrypt, keyed_hash
from linli.kernel.errors import UserError
from linli.kernel.people import names, numbers, phones
from linli.kernel.posts.actors import Actor

ID_NUMBER, PHONE, VAULT = "registry_resident.id_number", "people_contact.value", "registry_vault.content"
COLUMNS = (
    "batch_id", "sheet", "line", "person_id", "house_id", "household_id", "area_id", "name", "pinyin", "grams",
    "tokens", "sex", "born_on", "id_number", "vaulted", "id_hash", "id_last4", "phone", "phone_hash", "phone_last4",
    "address", "plain", "road", "building", "room", "household", "relation", "words", "tags", "keyed",
    "house_known", "household_known", "action", "changed", "problems",
)  # fmt: skip


@dataclass
class Problem:
    """What is wrong in one cell, and what to do."""

    field: str
    text: str
    value: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as staging keeps it: the cell's content stays in the file."""
        return {"field": self.field, "text": self.text}


@dataclass
class Reader:
    """Turns the cells of one sheet into rows of staging; remembers what repeats from row to row."""

    batch_id: UUID
    actor: Actor
    mapping: Mapping[str, int]
    default_area: Node | None = None
    sheet: str = ""
    _tree: Tree = field(default_factory=areas.tree)
    _today: date = field(default_factory=clock.today)
    _known: dict[tuple[str, str, str], Node | str] = field(default_factory=dict)

    def read(self, line: int, cells: Sequence[Any]) -> tuple[tuple[Any, ...], list[Problem]] | None:
        """Return staging's columns and the problems of a row; ``None`` for an empty one."""
        given = {name: cells[at] if at < len(cells) else None for name, at in self.mapping.items()}
        if all(cell is None or str(cell).strip() == "" for cell in given.values()):
            return None
        problems: list[Problem] = []
        name = self.take(given, "name", _name, "", problems)
        number = self.take(given, "id_number", cleaning.id_number, "", problems)
        phone = self.take(given, "phone", cleaning.phone, "", problems)
        sex: int = self.take(given, "sex", cleaning.sex, 0, problems)
        born: date | None = self.take(given, "born_on", cleaning.day, None, problems)
        relation = self.take(given, "relation", cleaning.relation, "", problems)
        tags = self.take(given, "tags", _tags, [], problems)
        key = self.take(given, "key", _key, None, problems)
        if number:
            born = self._agreed(number, born, problems)
            sex = sex_of(number)
        place = self.place(given, problems)
        parts = self._address(given, problems)
        household = cleaning.text(given.get("household"))[:30]
        row = (
            self.batch_id, self.sheet, line, key or ids.uuid7(), ids.uuid7(), ids.uuid7(), place.id if place else None,
            name, names.sort_key(name), names.grams(name), *self._secret(name, number, phone, born, sex), *parts,
            household, relation, list(_house_words(parts[0])), tags, key is not None, False, False, "", [],
            json.dumps([p.as_json() for p in problems], ensure_ascii=False),
        )  # fmt: skip
        return row, problems

    @staticmethod
    def take(
        given: Mapping[str, Any], name: str, clean: Callable[[Any], Any], default: Any, problems: list[Problem]
    ) -> Any:
        if name not in given and name != "name":
            return default
        try:
            return clean(given.get(name))
        except UserError as error:
            problems.append(Problem(name, str(error.message)))
            return default

    @staticmethod
    def _agreed(number: str, born: date | None, problems: list[Problem]) -> date:
        in_number = numbers.birth_date(number)
        only_month = born is not None and born == in_number.replace(day=1)
        if born is not None and born != in_number and not only_month:
            problems.append(Problem("born_on", _("出生日期与身份证号不一致；请核对其中一个。")))
        return in_number

    def _secret(self, name: str, number: str, phone: str, born: date | None, sex: int) -> tuple[Any, ...]:
        """Return words (those of the place come later), sex, birth, and number and phone, encrypted and hashed."""
        words: list[str] = [*tokens.of_name(name)]
        whole = last4 = value_hash = phone_last4 = None
        sealed = vaulted = value = ""
        if number:
            whole, last4 = hashes(number)
            words += [tokens.number(whole), tokens.last4(last4)]
            if born is not None and age_on(born, self._today) < CHILD_UNDER:
                vaulted = encrypt(json.dumps({"id_number": number}), VAULT)
            else:
                sealed = encrypt(number, ID_NUMBER)
        if phone:
            value_hash, phone_last4 = keyed_hash(phone, "phone"), _ends(phones.last4(phone))
            words += [tokens.phone(value_hash), tokens.last4(phone_last4)]
            value = encrypt(phone, PHONE)
        found = sorted(set(words))
        return found, sex, born, sealed, vaulted, whole, last4, value, value_hash, phone_last4

    def place(self, given: Mapping[str, Any], problems: list[Problem]) -> Node | None:
        """Return the grid or community that a row names; without one the place of whoever imports."""
        key = (
            cleaning.text(given.get("street")), cleaning.text(given.get("community")), cleaning.text(given.get("grid")),
        )  # fmt: skip
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find_place(*key)
        if isinstance(found, str):
            named = "grid" if key[2] else "community" if key[1] else "street" if key[0] else "community"
            problems.append(Problem(named, found))
            return None
        return found

    def _find_place(self, street: str, community: str, grid: str) -> Node | str:
        within = self.default_area
        for word, level in ((street, Level.STREET), (community, Level.COMMUNITY), (grid, Level.GRID)):
            if not word:
                continue
            by_code = self._tree.get(word) if word.isdigit() else None
            if by_code is not None and (within is None or by_code.code.startswith(within.code)):
                within = by_code
                continue
            found = [n for n in self._tree.of_level(level, within.code if within else "") if _means(n, word)]
            if not found and within is not None and within.level == level and _means(within, word):
                found = [within]
            if not found:
                return _("没有“%(name)s”这个区域；请按登记的名称或编码填写。") % {"name": word}
            if len(found) > 1:
                return _("“%(name)s”有两处以上；请同时写明社区或填编码。") % {"name": word}
            within = found[0]
        if within is None or within.level not in {Level.COMMUNITY, Level.GRID, Level.MICRO}:
            return _("看不出是哪个社区；请增加“社区”一列，或导入前选择社区。")
        if not (self.actor.is_system or self.actor.covers(within.code)):
            return _("%(place)s不在您岗位的区域内。") % {"place": within.name}
        return within

    def _address(self, given: Mapping[str, Any], problems: list[Problem]) -> tuple[str, str, str, str, str]:
        """Return label, compared form, plate, building and room of where a row says that somebody lives."""
        label = cleaning.text(given.get("address"))
        for name, word in (("building", "幢"), ("unit", "单元"), ("room", "室")):
            part = cleaning.text(given.get(name))
            if part:
                label += part if not part[-1:].isalnum() or not part.isascii() else f"{part}{word}"
        if not label:
            if "address" in self.mapping:
                problems.append(Problem("address", _("请填写现住址。")))
            return "", "", "", "", ""
        if len(label) > 160:
            problems.append(Problem("address", _("地址太长（最长160字）。")))
            label = label[:160]
        return (label, *_parted(label))


@lru_cache(maxsize=100_000)
def _parted(label: str) -> tuple[str, str, str, str]:
    parts = addresses.parts(label)
    return addresses.plain(label)[:160], parts.base[:100], parts.building[:40], parts.room[:30]


@lru_cache(maxsize=50_000)
def _house_words(label: str) -> tuple[str, ...]:
    return tuple(addresses.words(label)) if label else ()


@lru_cache(maxsize=10_000)
def _ends(last4: str) -> bytes:
    return keyed_hash(last4, "phone.last4")


@lru_cache(maxsize=100_000)
def _checked_name(name: str) -> str:
    return names.check(name)


def _name(cell: Any) -> str:
    return _checked_name(str(cell or "").strip())


def _tags(cell: Any) -> list[str]:
    """Return tags by their titles or codes. Raises :class:`UserError` for a word the dictionary does not have."""
    dictionary = policy.get(TagDictionary)
    found = []
    for word in cleaning.text(cell).replace("，", ",").replace("、", ",").replace(";", ",").split(","):
        if not word.strip():
            continue
        known = dictionary.by_title.get(word.strip()) or dictionary.by_code.get(word.strip())
        if known is None:
            raise UserError(_("字典里没有标签“%(tag)s”；标签只能用审定的词。") % {"tag": word.strip()})
        if known.consent:
            raise UserError(_("“%(tag)s”须先取得本人同意，不能成批导入。") % {"tag": known.title})
        found.append(known.code)
    return found


def _key(cell: Any) -> UUID | None:
    written = cleaning.text(cell)
    if not written:
        return None
    try:
        return UUID(written)
    except ValueError as error:
        raise UserError(_("登记簿编号被改过；请用导出时的编号，新增的人留空。")) from error


def _means(node: Node, word: str) -> bool:
    return word in {node.code, node.name} or (
        len(word) >= 2 and node.name.startswith(word) and node.name.removeprefix(word) in _ENDS
    )


_ENDS = frozenset(
    {
        "社区居委会",
        "居委会",
        "村委会",
        "社区",
        "街道",
        "街道办事处",
        "村",
        "镇",
        "乡",
        "网格",
        "居民委员会",
        "村民委员会",
    }
)
