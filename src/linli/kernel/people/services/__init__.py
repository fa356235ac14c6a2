"""Everything that changes what we know of people. ``actor`` first, one transaction each."""

from __future__ import annotations

from linli.kernel.people.services.contacts import (
    Taken,
    add_phone,
    check_identity,
    end_contact,
    ensure_by_phone,
    withdraw_identity,
)
from linli.kernel.people.services.groups import (
    add_organisation,
    found_household,
    join_household,
    leave_household,
)
from linli.kernel.people.services.merging import merge, unmerge
from linli.kernel.people.services.persons import create, record_death, rename, undo_death
from linli.kernel.people.services.sign_in import (
    Message,
    TooMany,
    WrongCode,
    message_of,
    request_code,
    verify_code,
)

__all__ = [
    "Message",
    "Taken",
    "TooMany",
    "WrongCode",
    "add_organisation",
    "add_phone",
    "check_identity",
    "create",
    "end_contact",
    "ensure_by_phone",
    "found_household",
    "join_household",
    "leave_household",
    "merge",
    "message_of",
    "record_death",
    "rename",
    "request_code",
    "undo_death",
    "unmerge",
    "verify_code",
    "withdraw_identity",
]
