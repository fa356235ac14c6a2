"""What ``linli doctor`` asks of papers: in which fonts they are set."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.storage.doctor import Finding, ok, probe
from linli.surfaces import papers


@probe("briefings.fonts", gettext_lazy("公文字体"))
def fonts() -> Iterator[Finding]:
    """Official fonts that are not here are named; the carried ones stand in, so no paper lacks a character."""
    missing = papers.missing()
    if missing:
        text = _("没有%(names)s，PDF 由自带的思源宋体、黑体代替；把单位的字体文件放进数据目录的 fonts 文件夹即可")
        yield ok(text % {"names": "、".join(missing)})
    else:
        yield ok(_("公文字体齐全"))
