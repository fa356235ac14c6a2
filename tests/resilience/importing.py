"""One step of an import in a process of its own, to be killed: ``python -m tests.resilience.importing apply FILE``.

Prints JSON: the batch with its state, and how many rows of each kind the registry has.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main(step: str, file: str) -> None:
    """Read ``file`` into staging, or apply, or undo its batch, and say what there is."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings"
    from linli.cli import ground

    with ground.database():
        ground.django("owner")
        from linli.affairs.registry.importing import running, services
        from linli.affairs.registry.models import ImportBatch
        from linli.kernel.posts.actors import system_actor

        batch = ImportBatch.objects.filter(file=file).first()
        if step == "read":
            batch = services.read(actor=system_actor(), batch=services.begin(actor=system_actor(), path=Path(file)))
        elif step == "apply" and batch is not None:
            ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.APPLYING)
            running.work(batch.pk)
        elif step == "undo" and batch is not None:
            services.undo(actor=system_actor(), batch=batch)
        sys.stdout.write(json.dumps(said(file)) + "\n")


def said(file: str) -> dict[str, object]:
    """Return the batch's state and the rows of every table that an import writes."""
    from linli.affairs.registry import models
    from linli.kernel.people.models import Contact, Household, Membership, Person

    tables = (Person, Contact, Household, Membership, models.Address, models.Building, models.House, models.Resident,
              models.Residency, models.Home, models.Fact, models.Tag, models.Entry, models.ImportRow)  # fmt: skip
    batch = models.ImportBatch.objects.get(file=file)
    return {"state": batch.state, "problems": batch.problems} | {m.__name__: m.objects.count() for m in tables}


if __name__ == "__main__":
    main(*sys.argv[1:3])
