"""The kernel's own policy documents."""

from linli.kernel.policy.shapes.appraisal import Appraisal, Index
from linli.kernel.policy.shapes.checks import approvers_have_a_post, pauses_have_a_chain
from linli.kernel.policy.shapes.duties import Duties, Duty, PostKind
from linli.kernel.policy.shapes.limits import WrittenLimit
from linli.kernel.policy.shapes.matters import (
    ApprovalChain,
    Approvals,
    ApprovalStep,
    ClockRules,
    ExtensionReason,
    PauseReason,
    SuspensionReason,
)
from linli.kernel.policy.shapes.outreach import QuietMessages
from linli.kernel.policy.shapes.retention import Keep, Retention
from linli.kernel.policy.shapes.units import PostTemplate, RepeatedUnit, Units, UnitTemplate

__all__ = [
    "Appraisal",
    "ApprovalChain",
    "ApprovalStep",
    "Approvals",
    "ClockRules",
    "Duties",
    "Duty",
    "ExtensionReason",
    "Index",
    "Keep",
    "PauseReason",
    "PostKind",
    "PostTemplate",
    "QuietMessages",
    "RepeatedUnit",
    "Retention",
    "SuspensionReason",
    "UnitTemplate",
    "Units",
    "WrittenLimit",
    "approvers_have_a_post",
    "pauses_have_a_chain",
]
