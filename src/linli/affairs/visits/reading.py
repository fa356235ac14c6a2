"""Reading a few words (“家里没人，周五再来”): what came of the visit, and when somebody promised to come back.

Only what is said outright is read; anything else is left to the person. A reading fills a field that was left
empty and never overrides one that was chosen.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from linli.affairs.visits.models import Outcome

SAID = (
    (Outcome.MOVED, re.compile(r"搬走|搬家|不住这|已搬|换了人家")),
    (Outcome.NOBODY, re.compile(r"没人|无人|不在家|没在家|敲门不应|锁着门|关着门|没碰到")),
    (Outcome.DECLINED, re.compile(r"不便|不让进|不愿|拒绝|不想说")),
    (Outcome.PHONED, re.compile(r"打了?电话|通了?电话|电话里|电话问")),
    (Outcome.SEEN, re.compile(r"见到|见了|在家|聊|坐了|看望|身体|都好|一切好|挺好|平安")),
)
RETURN = re.compile(r"再来|再去|再看|回话|回复|答复|送来|送去|送过来|办好|联系|帮")
DAYS = "一二三四五六日天"
WEEKDAY = re.compile(r"(下下|下个|下|这|本)?(?:周|星期|礼拜)([一二三四五六日天])")
DATED = re.compile(r"(\d{1,2})月(\d{1,2})[日号]|(?<!\d)(\d{1,2})[日号]")
SOON = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}


def outcome(words: str) -> Outcome | None:
    """Return what the words say came of it, ``None`` when they do not say."""
    return next((found for found, said in SAID if said.search(words)), None)


def promised_on(words: str, today: date) -> date | None:
    """Return the day on which the words promise something, ``None`` when they promise nothing or name no day."""
    if not RETURN.search(words):
        return None
    return _soon(words, today) or _weekday(words, today) or _dated(words, today)


def _soon(words: str, today: date) -> date | None:
    for word, days in sorted(SOON.items(), key=lambda pair: -len(pair[0])):
        if word in words:
            return today + timedelta(days=days)
    return None


def _weekday(words: str, today: date) -> date | None:
    found = WEEKDAY.search(words)
    if found is None:
        return None
    wanted = min(DAYS.index(found[2]), 6)
    monday = today - timedelta(days=today.weekday())
    which = found[1] or ""
    if which in {"下", "下个"}:
        return monday + timedelta(days=7 + wanted)
    if which == "下下":
        return monday + timedelta(days=14 + wanted)
    day = monday + timedelta(days=wanted)
    # “周二再来” said on a Friday is next Tuesday.
    return day if day >= today else day + timedelta(days=7)


def _dated(words: str, today: date) -> date | None:
    found = DATED.search(words)
    if found is None:
        return None
    try:
        if found[3]:
            day = today.replace(day=int(found[3]))
            return day if day >= today else _next_month(day)
        day = date(today.year, int(found[1]), int(found[2]))
        return day if day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None


def _next_month(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    return day.replace(year=year, month=month + 1)
