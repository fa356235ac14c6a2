"""The shapes of the honor market's policy; the values are in ``profiles/<district>/honor.*.yaml``."""

from linli.affairs.honor.policy.rules import Behaviour, HonorRules, Title

__all__ = ["Behaviour", "HonorRules", "Title"]
