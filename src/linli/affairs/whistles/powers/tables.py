"""The streets' powers as a page shows them: each with its basis, how often it was used, and every use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.whistles.policy import Powers
from linli.affairs.whistles.powers.selectors import AT_MOST, Used
from linli.kernel import policy
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.tables import Column, Row, Table


def sections(used: Sequence[Used], count: Callable[[], Counter[str]]) -> dict[str, Any]:
    """Return the table of powers and the table of uses; ``count`` is asked where the list of uses was cut."""
    cut = len(used) >= AT_MOST
    times = count() if cut else Counter(one.power.code for one in used)
    return {"powers": _powers(times), "uses": _uses(used), "cut": cut}


def _powers(times: Counter[str]) -> Table:
    rows = [
        Row(id=p.code, cells={"title": p.title, "says": p.says, "basis": p.basis, "times": str(times[p.code])})
        for p in policy.get(Powers).powers
    ]
    columns = [
        Column(key="title", label=_("职权"), always=True), Column(key="says", label=_("内容")),
        Column(key="basis", label=_("依据")), Column(key="times", label=_("使用次数"), numeric=True),
    ]  # fmt: skip
    return Table(caption=_("街道职权"), name="powers", rows=rows, columns=columns, choosable=False)


def _uses(used: Sequence[Used]) -> Table:
    rows = [
        Row(
            id=str(number), url=reverse("desk:matter", args=[one.matter.number]), label=one.matter.number,
            cells={
                "at": words.moment(one.at), "street": one.street.short_name or one.street.name,
                "power": one.power.title, "act": one.act, "matter": f"{one.matter.number} {one.matter.title}",
            },
        )
        for number, one in enumerate(used)
    ]  # fmt: skip
    columns = [
        Column(key="at", label=_("时间"), always=True), Column(key="street", label=_("街道")),
        Column(key="power", label=_("职权")), Column(key="act", label=_("做了什么")),
        Column(key="matter", label=_("事项"), always=True),
    ]  # fmt: skip
    empty = shapes.Empty(title=_("这段时间没有使用记录"), text=_("吹哨、评价单位、提出人事意见后，会在这里逐条列出。"))
    return Table(caption=_("使用记录"), name="uses", rows=rows, columns=columns, choosable=False, empty=empty)
