"""A child that must not outlive its parent, however the parent dies."""

from __future__ import annotations

import os
import signal
import threading
import time

ASKED = "LINLI_FOLLOW_PARENT"


def follow_parent_if_asked(grace: float = 10.0) -> None:
    """End this process when its parent is gone, if the parent asked for that in the environment.

    A killed parent cannot end its children itself. Works on any POSIX system: an orphan gets another parent.
    ``grace``: seconds from SIGTERM to the end, whatever is still going on.
    """
    if os.environ.get(ASKED):
        arguments = (os.getppid(), grace)
        threading.Thread(target=_watch, args=arguments, daemon=True, name="lifeline").start()


def _watch(parent: int, grace: float) -> None:
    while os.getppid() == parent:
        time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)
