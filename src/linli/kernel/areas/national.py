"""The packaged table of China's divisions: which districts there are, and what each consists of."""

from __future__ import annotations

import csv
import difflib
import io
import lzma
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError

PUBLISHED = date(2023, 9, 11)
SOURCE = "国家统计局统计用区划代码（2023-09-11 公布）"
_FILE = "divisions-cn-2023.csv.xz"
_SUGGESTIONS = 8
_SUFFIXES = ("市", "区", "县", "旗", "自治县", "自治旗")


class UnknownDistrict(UserError):
    """No district has this code; the message lists near ones."""

    code = "unknown_district"
    status = 404


@dataclass(frozen=True, slots=True)
class Division:
    """One official division: its statistical code (2, 4, 6, 9 or 12 digits) and name."""

    code: str
    name: str


def rows() -> Iterator[Division]:
    """Yield all 665,276 divisions in the order of their codes, parents before children."""
    yield from _divisions(_table())


def _table() -> str:
    packaged = resources.files("linli.kernel.areas") / "data" / _FILE
    return lzma.decompress(packaged.read_bytes()).decode()


def _divisions(text: str) -> Iterator[Division]:
    for code, name in csv.reader(io.StringIO(text)):
        yield Division(code, name)


class Gazetteer:
    """The provinces, cities and districts of the table, to look a district up by code or name."""

    def __init__(self, upper: dict[str, str]) -> None:
        self.upper = upper
        self.districts = {code: name for code, name in upper.items() if len(code) == 6}

    def path(self, code: str) -> str:
        """Return the full name of a district: 云南省红河哈尼族彝族自治州蒙自市."""
        parts = [self.upper[code[:2]], self.upper[code[:4]], self.upper[code]]
        names = [name for name in parts if name not in {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}]
        return "".join(dict.fromkeys(names))

    def resolve(self, text: str) -> str:
        """Return the 6-digit code that ``text`` (a code in any usual form, or a district's exact name) means.

        A city whose second level has no districts (东莞, 中山, 儋州) is itself the district: ``4419`` gives
        ``441900``. Raises ``UnknownDistrict``, which lists what could have been meant.
        """
        wanted = unicodedata.normalize("NFKC", text).strip()
        if not wanted.isdigit():
            return self._by_name(wanted)
        for code in (wanted, wanted[:6] if wanted[6:].strip("0") == "" else ""):
            if code in self.districts:
                return code
        stem = wanted[:6]
        for length, zeros in ((4, "00"), (2, "0000")):
            if stem in {wanted[:length], wanted[:length] + zeros} and stem[:length] in self.upper:
                return self._below(stem[:length], wanted)
        if len(wanted) > 6 and stem in self.districts:
            raise UnknownDistrict(
                _("%(code)s 是区县以下的代码。请用它所在区县的代码：%(district)s %(name)s。")
                % {"code": wanted, "district": stem, "name": self.path(stem)}
            )
        raise self._unknown(wanted, difflib.get_close_matches(wanted, self.districts, n=_SUGGESTIONS, cutoff=0.8))

    def _below(self, stem: str, wanted: str) -> str:
        inside = [code for code in self.districts if code.startswith(stem)]
        if len(inside) == 1:
            return inside[0]
        raise UnknownDistrict(
            _("%(code)s 是%(name)s，不是一个区县。请选它的一个区县：%(list)s。")
            % {"code": wanted, "name": self.upper[stem], "list": self._listed(inside)}
        )

    def _by_name(self, wanted: str) -> str:
        exact = [
            code
            for code, name in self.districts.items()
            if wanted in {name, self.path(code)} or any(name == wanted + suffix for suffix in _SUFFIXES)
        ]
        if len(exact) == 1:
            return exact[0]
        if exact:
            raise UnknownDistrict(
                _("叫“%(name)s”的区县不止一个，请用代码：%(list)s。") % {"name": wanted, "list": self._listed(exact)}
            )
        near = [code for code in self.districts if wanted and wanted in self.path(code)]
        if not near:
            names = difflib.get_close_matches(wanted, set(self.districts.values()), n=_SUGGESTIONS, cutoff=0.5)
            near = [code for name in names for code, other in self.districts.items() if other == name]
        raise self._unknown(wanted, near)

    def _unknown(self, wanted: str, near: list[str]) -> UnknownDistrict:
        if not near:
            return UnknownDistrict(
                _("没有代码或名称为“%(code)s”的区县。区县代码是六位数字，例如 532503（蒙自市）。") % {"code": wanted}
            )
        return UnknownDistrict(
            _("没有代码或名称为“%(code)s”的区县。您要的可能是：%(list)s。")
            % {"code": wanted, "list": self._listed(near)}
        )

    def _listed(self, codes: list[str]) -> str:
        shown = "，".join(f"{code} {self.path(code)}" for code in codes[:_SUGGESTIONS])
        more = len(codes) - _SUGGESTIONS
        return shown if more <= 0 else shown + _("……另有 %(count)d 个") % {"count": more}


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the upper three levels of the table; the first call reads it through (half a second)."""
    return Gazetteer(dict(re.findall(r"^(\d{2,6}),(.*)$", _table(), re.MULTILINE)))


def district(text: str) -> list[Division]:
    """Return the divisions of the district that ``text`` means: itself, then its streets and communities.

    Raises ``UnknownDistrict`` as :meth:`Gazetteer.resolve` does.
    """
    code = gazetteer().resolve(text)
    table = _table()
    # The table is sorted by code: a district's lines stand together.
    begin = table.index(f"\n{code},") + 1
    following = re.compile(rf"^(?!{code})", re.MULTILINE).search(table, begin)
    return list(_divisions(table[begin : following.start() if following else len(table)]))
