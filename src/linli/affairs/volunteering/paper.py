"""A certificate as the paper one takes along: a PDF with a code by which anybody can check it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from linli.affairs.volunteering import hours
from linli.affairs.volunteering.models import Certificate
from linli.surfaces.papers import Paper, Paragraph, Table


def address_of(row: Certificate) -> str:
    """Return the public address at which a certificate is checked."""
    return f"{settings.BASE_URL}{reverse('portal:volunteer-verify', args=[row.code])}"


@translation.override("zh-hans")
def paper_of(row: Certificate) -> Paper:
    """Return a certificate as a paper: what was signed, word for word."""
    said = row.content
    total = hours.in_words(int(said["minutes"]))
    since, until, on = (date.fromisoformat(said[name]) for name in ("since", "until", "on"))
    text = _("兹证明%(name)s在%(since)s至%(until)s期间参加志愿服务%(n)d次，服务时长共%(hours)s小时，记录如下。") % {
        "name": said["name"], "since": _day(since), "until": _day(until), "n": len(said["lines"]), "hours": total,
    }  # fmt: skip
    rows = [
        [day, title, f"{organiser}（{place}）", hours.in_words(minutes)]
        for day, title, place, organiser, minutes in said["lines"]
    ]
    columns = [_("日期"), _("服务内容"), _("组织者和地点"), _("时长（小时）")]
    return Paper(
        title=_("志愿服务记录证明"),
        number=said["number"],
        blocks=[
            Paragraph(text),
            Table(_("志愿服务记录"), columns, rows, numeric=frozenset({3})),
            Paragraph(_("本证明依《志愿服务记录与证明出具办法（试行）》（民政部令第67号）出具，不收费。")),
        ],
        signed=said["holder"],
        dated=on,
        qr=address_of(row),
        qr_caption=_(
            "扫码核验，或打开 %(address)s。核验页只显示编号、时长和有效期，姓名经本人同意才显示。核验至%(until)s。"
        )
        % {"address": address_of(row), "until": _day(row.valid_until)},
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
