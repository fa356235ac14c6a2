"""Taking cases in on somebody's behalf, and guessing from what was pasted."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy

from linli.affairs.cases import messages
from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE
from linli.kernel import areas, policy
from linli.surfaces.desk import registry


def guess(text: str) -> dict[str, Any]:
    """Return what a pasted message seems to say: its category, its place in the tree, a phone number in it."""
    found: dict[str, Any] = {"description": text.strip()[:1000]}
    category = next(iter(policy.get(Categories).guess(text, 1)), None)
    if category is not None:
        found["category"] = category.code
    named = [n for n in areas.tree() if len(n.name) > 2 and (n.name in text or _short(n.name) in text)]
    if named:
        found["area"] = max(named, key=lambda n: len(n.code)).code
    phone = re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)
    if phone:
        found["caller_phone"] = phone.group()
    place = re.search(r"[一-鿿]{2,8}(?:路|街|巷|大道|小区|村)(?:\d+号)?[^，。；,;\s]{0,8}", text)
    if place:
        found["place"] = place.group()
    return found


def _short(name: str) -> str:
    for ending in ("社区居民委员会", "村民委员会", "居民委员会", "社区", "街道", "村"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending) + ("社区" if "社区" in ending or "居民" in ending else "")
    return name


registry.add_intake(
    registry.Intake(
        key="case",
        kind=CASE.kind,
        action="register",
        answer_action="reply",
        title=gettext_lazy("居民诉求"),
        guess=guess,
        tracking=messages.tracking_path,
        initial={"channel": "phone"},
        groups=[
            (gettext_lazy("谁反映的"), ["channel", "caller_phone", "caller"], False),
            (gettext_lazy("什么事、在哪里"), ["description", "category", "area", "place", "photos"], False),
            (gettext_lazy("代别人反映"), ["relation", "consent", "answer_to"], True),
            (gettext_lazy("保护反映人"), ["name_shared", "about_unit"], True),
        ],
    )
)
