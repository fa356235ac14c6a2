"""Chinese telephone numbers: one way to write each."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")
_SERVICE = re.compile(r"[48]00\d{7}|1[02]\d{1,4}|9[56]\d{3,6}")
_PREFIX = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)")


def normalise(text: str) -> str:
    """Return a number as digits only, without the country code; an extension after # or 转 stays as ``#12``.

    Raises :class:`UserError` on ``phone`` when it is no mobile, landline with area code, or service number.
    """
    plain = unicodedata.normalize("NFKC", text)
    number, _sharp, extension = plain.replace("转", "#").partition("#")
    digits = re.sub(r"[\s\-()（）.]", "", number)
    digits = _PREFIX.sub("", digits)
    inner = re.sub(r"\D", "", extension)
    if not any(form.fullmatch(digits) for form in (_MOBILE, _LANDLINE, _SERVICE)):
        raise UserError(_("电话号码不对；请填写11位手机号，或带区号的固定电话（例如0871-12345678）。"), field="phone")
    return f"{digits}#{inner}" if inner else digits


def is_mobile(number: str) -> bool:
    """Return whether a normalised number can receive a text message."""
    return _MOBILE.fullmatch(number) is not None


def last4(number: str) -> str:
    """Return the last four digits of a normalised number, extension aside."""
    return number.partition("#")[0][-4:]
