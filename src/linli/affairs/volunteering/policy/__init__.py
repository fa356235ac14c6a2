"""The shapes of volunteering's policy; the values are in ``profiles/<district>/volunteering.*.yaml``."""

from linli.affairs.volunteering.policy.rules import Sort, VolunteeringRules

__all__ = ["Sort", "VolunteeringRules"]
