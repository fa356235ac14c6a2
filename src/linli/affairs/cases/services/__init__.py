"""What cases do when their declared actions are performed; importing this attaches the effects.

Other affairs begin and move cases by ``matters.perform`` with the processes of :mod:`linli.affairs.cases.process`.
"""

from linli.affairs.cases.services import (
    closing,
    counting,
    handling,
    intake,
    merging,
    notes,
    recalling,
    routing,
    spot,
)
from linli.affairs.cases.services.merging import parents_concluded

__all__ = [
    "closing",
    "counting",
    "handling",
    "intake",
    "merging",
    "notes",
    "parents_concluded",
    "recalling",
    "routing",
    "spot",
]
