"""Which fonts a paper is set in: the official ones where the machine has them, the carried ones where not.

方正小标宋, 仿宋_GB2312, 楷体_GB2312 and 黑体 are licensed to each office and are not ours to carry. A district puts
its own into the folder ``fonts`` of its data folder, or installs them; until then Noto Serif SC and Noto Sans SC
(OFL), which a dependency carries, stand in, and :func:`missing` says for which.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn as carried
import typst
from django.conf import settings

#: The official name first, then the names under which the same face is installed elsewhere, last what is carried.
ROLES: dict[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif SC"),
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "Noto Serif SC"),
    "heading": ("黑体", "SimHei", "STHeiti", "Noto Sans SC"),
    "second": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "Noto Serif SC"),
    "number": ("宋体", "SimSun", "STSong", "Noto Serif SC"),
}

#: What Word is told to take where the official face is not installed (w:altName).
ALTERNATIVES = {
    "方正小标宋简体": "华文中宋",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}


def official(role: str) -> str:
    """Return the official name of a role's font; what Word files name."""
    return ROLES[role][0]


def folders() -> list[str]:
    """Return the folders of fonts: the carried ones, and the district's own if it has any."""
    own = Path(settings.HOME) / "fonts"
    return [str(Path(carried.__file__).parent), *([str(own)] if own.is_dir() else [])]


@cache
def installed() -> frozenset[str]:
    """Return the families that the typesetter can use; asked once for each process."""
    return frozenset(typst.Fonts(font_paths=folders()).families())


def used() -> dict[str, list[str]]:
    """Return for each role the families that are there, best first."""
    there = installed()
    return {role: [name for name in names if name in there] for role, names in ROLES.items()}


def missing() -> list[str]:
    """Return the official fonts that another one stands in for."""
    stand_ins = {names[-1] for names in ROLES.values()}
    return [official(role) for role, families in used().items() if not families or families[0] in stand_ins]
