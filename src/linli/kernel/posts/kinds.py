"""The few kinds of post that the kernel itself must know; every other kind is a word of the profile."""

from __future__ import annotations

from typing import Final

#: Sees trails, access logs and unusual look-ups; changes nothing (三权分立, GB/T 22239 level 3).
AUDITOR: Final = "auditor"
#: Keeps accounts, posts and policy drafts.
SYSTEM_ADMIN: Final = "system_admin"
#: Grants and withdraws; approves what the system administrator proposes.
SECURITY_ADMIN: Final = "security_admin"
#: The face of the platform for a resident: one for each grid.
GRID_WORKER: Final = "grid_worker"

#: Posts of these kinds read and never write.
READ_ONLY: Final = frozenset({AUDITOR})

#: No person holds two of these at one time.
SEPARATED: Final = frozenset({AUDITOR, SYSTEM_ADMIN, SECURITY_ADMIN})

#: Who appoints to each of them, so that none of the three can make or unmake itself or its watcher alone.
APPOINTED_BY: Final = {SYSTEM_ADMIN: SECURITY_ADMIN, AUDITOR: SECURITY_ADMIN, SECURITY_ADMIN: SYSTEM_ADMIN}
