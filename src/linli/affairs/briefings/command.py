"""打印日报: one button on every board, for today's report of the place looked at, on one sheet of A4."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.surfaces.command.registry import Look, Tool, add_tool


def _url(look: Look) -> str:
    return f"{reverse('briefings:today')}?{urlencode({'area': look.area.code})}"


DAILY = Tool(
    key="daily", label=_("打印日报"), icon="printer", url=_url, duty="statistician", press="p",
    says=_("今天到现在的情况，一页 A4"),
)  # fmt: skip
add_tool(DAILY)
