"""What whistles do when their declared actions are performed; importing this attaches the effects."""

from linli.affairs.whistles.services import (
    blowing,
    closing,
    dispatch,
    following,
    notes,
    remainders,
    reporting,
    scoring,
)

__all__ = [
    "blowing",
    "closing",
    "dispatch",
    "following",
    "notes",
    "remainders",
    "reporting",
    "scoring",
]
