"""What is done inside the database of a site under test: ``python -m tests.resilience.inside WHAT``.

``post``: posts to the ledger under ever new keys, each said on standard output once the database has acknowledged
it, until somebody writes a line to standard input; a lost database is waited for. ``cut``: ends every
connection of the web role. ``book``: what was kept, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

from linli.cli import ground


def post() -> None:
    """Post until told to stop. A key that was not acknowledged is posted again, as a client would."""
    from django.db import Error, connection

    from linli.kernel import ids
    from linli.kernel.ledger import AccountRef, Entry, Kind, move
    from linli.kernel.ledger import post as entered
    from linli.kernel.posts.actors import system_actor

    told = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), told.set()), daemon=True).start()
    source = AccountRef(Kind("faults.source", bounded=False), ids.named("faults", "source"))
    mine = AccountRef(Kind("faults.holder"), ids.named("faults", "holder"))
    while not told.is_set():
        key = f"faults:{ids.uuid7()}"
        while not told.is_set():
            try:
                entered(actor=system_actor(), entry=Entry(key, "earn", move(source, mine, 1)))
            except Error:
                connection.close()
                time.sleep(0.1)
                continue
            sys.stdout.write(f"{key}\n")
            sys.stdout.flush()
            break
        time.sleep(0.02)


def cut() -> None:
    """End every connection of the web processes to the database, in the middle of whatever they are at."""
    import psycopg

    from linli.config import embedded

    with psycopg.connect(embedded.url("admin"), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'linli_web'")


def book() -> dict[str, Any]:
    """Return what is in the books: numbers of cases, ledger keys, messages by state, and what waits."""
    from linli.kernel.ledger.models import Transfer
    from linli.kernel.matters.models import Matter, Submission
    from linli.kernel.outreach.models import Outbox

    return {
        "cases": sorted(Matter.objects.filter(kind="case").values_list("number", flat=True)),
        "submissions": Submission.objects.filter(key__startswith="faults").count(),
        "entries": sorted(Transfer.objects.filter(key__startswith="faults:").values_list("key", flat=True)),
        "messages": {str(pk): state for pk, state in Outbox.objects.values_list("pk", "state")},
    }


def main() -> None:
    """Do what the command line asks for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    with ground.database():
        if sys.argv[1] == "cut":
            cut()
            return
        ground.django("owner")
        if sys.argv[1] == "post":
            post()
        else:
            sys.stdout.write(json.dumps(book()))


if __name__ == "__main__":
    main()
