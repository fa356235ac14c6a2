"""Background work: once a week the worker learns again from what has been closed."""

from __future__ import annotations

from linli.affairs.dispatching import services
from linli.kernel import jobs

WEEK = 7 * 24 * 3600


@jobs.periodic(WEEK, "dispatching.train")
def train() -> str:
    """Learn again; say why not when there is too little to learn from."""
    try:
        return str(services.train(services.apart).pk)
    except services.TooFew as error:
        return str(error.message)
