"""What a reviewer decides about one photo: which cells of a grid over it are covered before the public sees it.

A grid of boxes to tick works with a thumb, a keyboard and without script alike; what is ticked becomes the few
rectangles that :func:`linli.kernel.evidence.release` fills.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

COLUMNS, ROWS = 12, 9
CELLS = [(f"{row}-{column}", f"{row}-{column}") for row in range(ROWS) for column in range(COLUMNS)]


class CoverForm(forms.Form):
    """The cells to cover, and that somebody has looked."""

    cells = forms.MultipleChoiceField(choices=CELLS, required=False)
    seen = forms.BooleanField(label=_("我已看过：没有姓名、电话、门牌号、车牌和人脸，有的都遮住了"))

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """Return what was ticked as boxes (left, top, width, height, as shares of the picture)."""
        return list(boxes_of(self.cleaned_data["cells"]))


class WithdrawForm(forms.Form):
    """Why a photo is taken back from the public."""

    reason = forms.CharField(label=_("为什么撤回"), max_length=200)


def boxes_of(cells: Collection[str]) -> Iterator[tuple[float, float, float, float]]:
    """Yield one box for each run of ticked cells beside one another, row by row."""
    ticked = sorted(tuple(map(int, cell.split("-"))) for cell in set(cells))
    for row, group in groupby(ticked, key=lambda cell: cell[0]):
        columns = [column for _row, column in group]
        for _start, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
            beside = [column for _at, column in run]
            yield beside[0] / COLUMNS, row / ROWS, len(beside) / COLUMNS, 1 / ROWS
