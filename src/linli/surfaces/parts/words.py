"""Dates, spans and distances in words, as the users say them: 11月24日（周二）17:00, 还剩 2 小时 10 分."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def day(value: date, *, weekday: bool = True) -> str:
    """Return ``value`` as 11月24日（周二）, with the year when it is not this year's."""
    parts = {
        "year": value.year,
        "month": value.month,
        "day": value.day,
        "weekday": str(WEEKDAYS[value.weekday()]),
    }
    text = _day_text(with_year=value.year != clock.today().year, weekday=weekday)
    return text % parts


def _day_text(*, with_year: bool, weekday: bool) -> str:
    if with_year:
        return _("%(year)d年%(month)d月%(day)d日（%(weekday)s）") if weekday else _("%(year)d年%(month)d月%(day)d日")
    return _("%(month)d月%(day)d日（%(weekday)s）") if weekday else _("%(month)d月%(day)d日")


def hour(value: datetime) -> str:
    """Return the wall clock of China as 17:00."""
    return clock.local(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """Return ``value`` as 11月24日（周二）17:00, and as 今天 17:00 or 明天 17:00 when it is near."""
    local = clock.local(value)
    apart = (local.date() - clock.today()).days
    near = {0: _("今天 %(time)s"), 1: _("明天 %(time)s"), -1: _("昨天 %(time)s")}
    if apart in near:
        return near[apart] % {"time": hour(value)}
    return full_moment(value)


def full_moment(value: datetime) -> str:
    """Return ``value`` as 11月24日（周二）17:00, whatever today is; what is printed and kept."""
    return _("%(day)s%(time)s") % {"day": day(clock.local(value).date()), "time": hour(value)}


def span(value: timedelta) -> str:
    """Return the length of ``value`` in its two largest units: 3 天 4 小时, 2 小时 10 分, 不到 1 分钟."""
    seconds = abs(int(value.total_seconds()))
    days, rest = divmod(seconds, DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    numbers = {"days": days, "hours": hours, "minutes": minutes}
    if days:
        return (_("%(days)d 天 %(hours)d 小时") if hours else _("%(days)d 天")) % numbers
    if hours:
        return (_("%(hours)d 小时 %(minutes)d 分") if minutes else _("%(hours)d 小时")) % numbers
    if minutes:
        return _("%(minutes)d 分钟") % numbers
    return _("不到 1 分钟")


def left(value: timedelta) -> str:
    """Return 还剩 … for a positive span, 已超时 … for a negative one."""
    text = _("已超时 %(span)s") if value < timedelta(0) else _("还剩 %(span)s")
    return text % {"span": span(value)}


def time_left(due: datetime) -> str:
    """Return how long it is until ``due`` on the wall clock, or how long it has been over."""
    return left(due - clock.now())


def ago(value: datetime) -> str:
    """Return how long ago ``value`` was: 刚刚, 10 分钟前; beyond a day the moment itself."""
    passed = clock.now() - value
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(days=1):
        return _("%(span)s前") % {"span": span(passed)}
    return moment(value)


def distance(metres: float) -> str:
    """Return a distance as 120 米 or 1.3 公里."""
    if metres < 1000:
        return _("%(metres)d 米") % {"metres": round(metres)}
    return _("%(kilometres).1f 公里") % {"kilometres": metres / 1000}


DEVICES = (
    ("MicroMessenger", gettext_lazy("微信")), ("Edg/", "Edge"), ("HuaweiBrowser", gettext_lazy("华为浏览器")),
    ("MiuiBrowser", gettext_lazy("小米浏览器")), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", gettext_lazy("鸿蒙")), ("Android", gettext_lazy("安卓")),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """Return what a browser says of itself in words that its owner knows: 微信，安卓; an unknown one as it says."""
    found = [next((str(word) for mark, word in known if mark in agent), "") for known in (DEVICES, SYSTEMS)]
    return "，".join(word for word in found if word) or agent[:60] or _("不知道的设备")
