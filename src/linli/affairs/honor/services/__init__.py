"""What changes in the honor market; importing this attaches the effects of its processes."""

from linli.affairs.honor.services import (
    budgets,
    commending,
    credit,
    donating,
    drawing,
    earning,
    giving,
    history,
    lapsing,
    members,
    redeeming,
    stock,
    titles,
)

__all__ = [
    "budgets",
    "commending",
    "credit",
    "donating",
    "drawing",
    "earning",
    "giving",
    "history",
    "lapsing",
    "members",
    "redeeming",
    "stock",
    "titles",
]
