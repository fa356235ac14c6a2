"""What a list shows instead of a full value; the full one is an act with a reason (:mod:`services`)."""

from __future__ import annotations

import re

from linli.kernel.people import names, phones

_VARIANT = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{3,4})(\d{4})(?!\d)")
_ID = re.compile(r"(?<!\d)([1-9]\d{2})\d{11}(\d{3}[\dXx])(?![\dXx])")


def mask_name(name: str) -> str:
    """Return ``name`` with all but the surname hidden: 张*, 欧阳*, 买**·**."""
    plain = _VARIANT.sub("", name)
    kept = names.surname(plain)
    return kept + "".join(c if c in f"{names.DOT} " else "*" for c in plain[len(kept) :])


def mask_phone(number: str) -> str:
    """Return a number with its middle hidden: 138****1234, 0871****3456; service numbers stay."""
    main, sharp, _extension = number.partition("#")
    if phones.is_mobile(main):
        hidden = f"{main[:3]}****{main[-4:]}"
    elif len(main) >= 10:
        hidden = f"{main[:4]}****{main[-4:]}"
    elif len(main) > 6:
        hidden = f"{main[:2]}****{main[-2:]}"
    else:
        hidden = main
    return f"{hidden}#**" if sharp else hidden


def mask_id(number: str) -> str:
    """Return a document's number with its middle, the birth date, hidden: 110***********002X."""
    if len(number) == 18:
        return f"{number[:3]}***********{number[-4:]}"
    return number[:1] + "*" * max(0, len(number) - 3) + number[-2:] if len(number) > 3 else "*" * len(number)


def redact(text: str) -> str:
    """Return free text with ID and telephone numbers masked, for a wall or a WeChat group."""
    text = _ID.sub(lambda found: f"{found[1]}***********{found[2]}", text)
    text = _MOBILE.sub(lambda found: f"{found[1]}****{found[3]}", text)
    return _LANDLINE.sub(lambda found: f"{found[1]}****{found[3]}", text)
