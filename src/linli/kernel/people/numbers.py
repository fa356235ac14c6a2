"""Numbers of persons (GB 11643) and of bodies (GB 32100), checked before they are kept."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _
from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from linli.kernel import clock
from linli.kernel.errors import UserError

# residence permits of Hong Kong, Macao and Taiwan residents carry numbers of the same form
_PERMITS = ("810000", "820000", "830000")


def check_resident_id(text: str) -> str:
    """Return an 18-character ID number in its one form. Raises :class:`UserError` on ``number``.

    Checks form, check character, birth date and that the county code was ever assigned: not whether it was
    when the person was born, since older people carry codes of their first registration.
    """
    number = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        raise UserError(_("身份证号应为18位；请逐位核对。"), field="number")
    if number[-1] != ric.calc_check_digit(number):
        raise UserError(_("身份证号的校验位不对，可能有一位输错；请逐位核对。"), field="number")
    try:
        born = ric.get_birth_date(number)
    except ValidationError as error:
        raise UserError(_("身份证号里的出生日期不存在；请核对第7到14位。"), field="number") from error
    if born > clock.today():
        raise UserError(_("身份证号里的出生日期在今天之后；请核对第7到14位。"), field="number")
    if not number.startswith(_PERMITS) and not _assigned(number[:6]):
        raise UserError(_("身份证号的地区代码不存在；请核对前6位。"), field="number")
    return number


@lru_cache(maxsize=8192)
def _assigned(county: str) -> bool:
    found = numdb.get("cn/loc").info(county)
    return any("county" in properties for _part, properties in found)


def birth_date(number: str) -> date:
    """Return the birth date in a checked ID number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def check_credit_code(text: str) -> str:
    """Return a unified social credit code in its one form. Raises :class:`UserError` on ``uscc``."""
    code = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    try:
        return str(uscc.validate(code))
    except ValidationError as error:
        raise UserError(_("统一社会信用代码不对；请按营业执照或登记证逐位核对（18位）。"), field="uscc") from error


def plain(text: str) -> str:
    """Return another document's number in one form. Raises :class:`UserError` on ``number``."""
    number = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if not (5 <= len(number) <= 20 and number.isascii() and number.isalnum()):
        raise UserError(_("证件号应为5到20位字母或数字；请核对。"), field="number")
    return number
