"""A child that must not outlive its parent, however the parent dies."""

from __future__ import annotations

import os
import signal
import threading
import time

ASKED = "LINLI_FOLLOW_PARENT"
GRACE_SECONDS = 10.0


def follow_parent_if_asked() -> None:
    """End this process when its parent is gone, if the parent asked for that in the environment.

    A killed parent cannot end its children itself. Works on any POSIX system: an orphan gets another parent.
    """
    if os.environ.get(ASKED):
        parent = os.getppid()
        threading.Thread(target=_watch, args=(parent,), daemon=True, name="lifeline").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
