"""What is done inside the database of a site under test: ``python -m tests.resilience.inside WHAT``.

``post``: posts to the ledger under ever new keys, each said on standard output once the database has acknowledged
it, until somebody writes a line to standard input; a lost database is waited for. ``cut``: ends every
connection of the web role. ``book``: what was kept, as JSON. ``tamper``: changes the books as somebody with the
owner's rights could, one way after the other, and says as JSON what ``linli doctor --verify`` finds of each.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

from linli.cli import ground
from linli.config import embedded


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


TAMPER = {
    "a spoiled row": ["UPDATE matters_trailentry SET at = at - interval '1 day' WHERE matter_id = %(pk)s AND seq = 1"],
    "a spoiled payload": ["UPDATE matters_trailpayload SET payload = '{}' WHERE matter_id = %(pk)s"],
    "a removed tail, its matter put back to where the rest ends": [
        "DELETE FROM matters_trailentry WHERE matter_id = %(pk)s AND seq > 1",
        """UPDATE matters_matter m SET version = 1, sealed_seq = 1, trail_head = e.digest
             FROM matters_trailentry e WHERE m.id = %(pk)s AND e.matter_id = m.id AND e.seq = 1""",
    ],
    "a removed matter with its trail": [
        "DELETE FROM matters_trailentry WHERE matter_id = %(pk)s", "DELETE FROM matters_matter WHERE id = %(pk)s",
    ],
}  # fmt: skip


def tamper() -> dict[str, list[str]]:
    """Return what is found, by what was done; everything is undone again."""
    from django.db import connection, transaction

    from linli.kernel.matters import perform, sealing
    from linli.kernel.matters.models import Matter
    from linli.kernel.storage import doctor
    from tests.support.world import World

    victim = Matter.objects.filter(kind="case", stage="collected").order_by("number").first()
    if victim is None:
        raise LookupError("nothing was reported")
    perform(matter=victim, action="file", actor=World().actor("community_secretary"), data={"category": "E0102"})
    sealing.seal()
    found = {}
    for what, statements in TAMPER.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            for statement in statements:
                cursor.execute(statement, {"pk": victim.pk})
            results = doctor.examine(deep=True)
            found[what] = [
                one.text
                for result in results
                for one in result.findings
                if one.state == "bad" and str(victim.pk) in one.text
            ]
            transaction.set_rollback(True)
    return found


def main() -> None:
    """Do what the command line asks for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    with ground.database():
        if sys.argv[1] == "cut":
            cut()
            return
        if sys.argv[1] == "tamper":  # who switches triggers off is the database's administrator
            os.environ["DATABASE_URL"] = embedded.url("admin")
        ground.django("owner")
        if sys.argv[1] == "post":
            post()
        elif sys.argv[1] == "tamper":
            sys.stdout.write(json.dumps(tamper()))
        else:
            sys.stdout.write(json.dumps(book()))


if __name__ == "__main__":
    main()
