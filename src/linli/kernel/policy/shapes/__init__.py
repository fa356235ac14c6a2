"""The kernel's own policy documents."""

from linli.kernel.policy.shapes.duties import Duties, Duty, PostKind

__all__ = ["Duties", "Duty", "PostKind"]
