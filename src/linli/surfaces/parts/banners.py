"""The line that says on every page that this is not the real thing."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _


def banner() -> str:
    """Return what stands across every page of a practice or a demo installation; nothing in a real one."""
    if settings.LINLI_PRACTICE:
        return _("练习库：这里的内容都是练习，不会发出任何消息，也没有人去办。")
    return _("演示：这里的人和事都是虚构的。") if settings.LINLI_DEMO else ""
