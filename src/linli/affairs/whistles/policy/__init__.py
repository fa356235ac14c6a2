"""The shapes of the whistles' policy; the values are in ``profiles/<district>/whistles.*.yaml``."""

from linli.affairs.whistles.policy.checks import (
    duty_lists_name_units,
    types_name_duties_and_chains,
)
from linli.affairs.whistles.policy.lists import DutyLists, ListedItem, ListKind
from linli.affairs.whistles.policy.scorecard import Scorecard
from linli.affairs.whistles.policy.sets import (
    LEVELS,
    Extension,
    LevelName,
    StepLimits,
    WhistleSet,
    WhistleSets,
    WhistleType,
)

__all__ = [
    "LEVELS",
    "DutyLists",
    "Extension",
    "LevelName",
    "ListKind",
    "ListedItem",
    "Scorecard",
    "StepLimits",
    "WhistleSet",
    "WhistleSets",
    "WhistleType",
    "duty_lists_name_units",
    "types_name_duties_and_chains",
]
