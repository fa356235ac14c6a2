"""What a change of policy looks like to who decides it; the deciding itself is the kernel's (``matters.policies``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.matters.models import Change
from linli.kernel.policy import selectors
from linli.kernel.policy.models import PolicyVersion
from linli.surfaces.desk import panels, registry

SUBJECT = "policy"


def _section(change: Change) -> registry.Section:
    version = PolicyVersion.objects.filter(pk=UUID(change.subject_id)).first()
    context: dict[str, Any] = {"version": version, "changes": []}
    if version is not None and version.state == PolicyVersion.State.DRAFT:
        context["changes"] = selectors.changes(version)
    return registry.Section(title=_("改了什么"), icon="scale", template="desk/policy_changes.html", context=context)


panels.shows_change(SUBJECT, _section)
