"""Cells as people fill them in, made into values; what cannot be made is a problem with what to do about it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.registry.services.residents import check_birth
from linli.kernel import clock
from linli.kernel.errors import UserError
from linli.kernel.people import numbers, phones
from linli.kernel.people.models import Membership

_R = Membership.Relation
RELATIONS: dict[str, str] = {
    **dict.fromkeys(("户主", "本人", "户主本人"), _R.HEAD),
    **dict.fromkeys(("配偶", "妻", "夫", "妻子", "丈夫", "之妻", "之夫"), _R.SPOUSE),
    **dict.fromkeys(
        ("子", "女", "儿子", "女儿", "子女", "长子", "次子", "三子", "独生子", "长女", "次女", "三女", "独生女", "养子", "养女"),
        _R.CHILD,
    ),
    **dict.fromkeys(("孙子", "孙女", "外孙", "外孙子", "外孙女", "孙", "孙子女"), _R.GRANDCHILD),
    **dict.fromkeys(("父", "母", "父亲", "母亲", "父母", "公公", "婆婆", "岳父", "岳母"), _R.PARENT),
    **dict.fromkeys(("祖父", "祖母", "爷爷", "奶奶", "外祖父", "外祖母", "祖父母"), _R.GRANDPARENT),
    **dict.fromkeys(("兄", "弟", "姐", "妹", "兄弟", "姐妹", "兄弟姐妹", "哥哥", "弟弟", "姐姐", "妹妹"), _R.SIBLING),
    **dict.fromkeys(("其他", "其它", "儿媳", "女婿", "非亲属"), _R.OTHER),
}  # fmt: skip
_DAMAGED = re.compile(r"^\d(?:\.\d+)?E\+?\d+$", re.IGNORECASE)
_DATE = re.compile(r"^(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?\D*$")
_EXCEL = date(1899, 12, 30)


def text(cell: Any) -> str:
    """Return a cell as text: full-width narrow, whole floats without their point, no blanks around."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(cell)).strip().strip("'").strip()


def id_number(cell: Any) -> str:
    """Return a checked identity number. Raises :class:`UserError` with what to do about the cell."""
    if isinstance(cell, float | int) and abs(cell) >= 1e14:
        raise UserError(_damaged())
    number = text(cell).replace(" ", "").upper()
    if not number:
        return ""
    if _DAMAGED.match(number):
        raise UserError(_damaged())
    if re.fullmatch(r"\d{15}", number):
        raise UserError(_("这是15位旧证号，不能确定是谁；请改填18位身份证号。"))
    if re.fullmatch(r"\d{15}000", number):
        raise UserError(_damaged())
    return _checked(number)


@lru_cache(maxsize=8)
def _damaged() -> str:
    return _("身份证号被电子表格改成了数字（如1.1E+17），后几位已经丢失；请把这一列设为“文本”后重新填写。")


def _checked(number: str) -> str:
    return numbers.check_resident_id(number)


def phone(cell: Any) -> str:
    """Return a normalised telephone number; of several in a cell the first."""
    number = text(cell)
    if not number:
        return ""
    return phones.normalise(re.split(r"[,，、;；/\s]+(?=\d{5,})", number)[0])


def day(cell: Any) -> date | None:
    """Return a birth date written in any of the usual ways. Raises :class:`UserError` for one nobody can have."""
    found = _day(cell)
    return check_birth(found) if found is not None else None


def past_day(cell: Any) -> date | None:
    """Return a day in the past on which a body began. Raises :class:`UserError` for one that has not come yet."""
    found = _day(cell)
    if found is not None and not date(1840, 1, 1) <= found <= clock.today():
        raise UserError(_("这一天不对：应在今天以前；请写成 2018-03-04。"))
    return found


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = text(cell)
    if not written:
        return None
    try:
        if re.fullmatch(r"\d{8}", written):
            return date(int(written[:4]), int(written[4:6]), int(written[6:]))
        if re.fullmatch(r"\d{6}", written):
            return date(int(written[:4]), int(written[4:]), 1)
        if re.fullmatch(r"\d{4,5}", written) and 3653 < int(written) < 73_415 and not 1895 < int(written) < 2100:
            return _EXCEL + timedelta(days=int(written))
        parts = _DATE.match(written)
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
    except ValueError:
        pass
    raise UserError(_("看不懂这个日期；请写成 1952-03-04。"))


def sex(cell: Any) -> int:
    """Return the code of GB/T 2261.1; 0 for nothing. Raises :class:`UserError` for another word."""
    word = text(cell).removesuffix("性")
    found = {"": 0, "男": 1, "女": 2, "1": 1, "2": 2, "0": 0, "9": 9, "未知": 0, "未说明": 9}.get(word)
    if found is None:
        raise UserError(_("性别请填“男”或“女”。"))
    return found


def relation(cell: Any) -> str:
    """Return the relation to the head (after GB/T 4761), *other* for a word that is none of the usual ones."""
    word = text(cell)
    return RELATIONS.get(word, str(_R.OTHER)) if word else ""
