"""What changes in volunteering; importing this attaches the effects of its processes."""

from linli.affairs.volunteering.services import (
    appealing,
    certificates,
    checking,
    confirming,
    feeds,
    grants,
    publishing,
    signing,
    teams,
    watching,
)

__all__ = [
    "appealing",
    "certificates",
    "checking",
    "confirming",
    "feeds",
    "grants",
    "publishing",
    "signing",
    "teams",
    "watching",
]
