"""The shapes of the whistles' policy; the values are in ``profiles/<district>/whistles.*.yaml``."""

from linli.affairs.whistles.policy.checks import types_name_duties_and_chains
from linli.affairs.whistles.policy.powers import Power, Powers
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
    "Extension",
    "LevelName",
    "Power",
    "Powers",
    "Scorecard",
    "StepLimits",
    "WhistleSet",
    "WhistleSets",
    "WhistleType",
    "types_name_duties_and_chains",
]
