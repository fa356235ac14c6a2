"""What a proposed change of policy shows on its matter page: the lines that differ from what is in force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.matters.models import Change
from linli.kernel.matters.policies import SUBJECT
from linli.kernel.policy import selectors
from linli.kernel.policy.models import PolicyVersion
from linli.surfaces.desk import panels, registry


def section(change: Change) -> registry.Section:
    """Return the section that shows what a policy draft changes, as long as it is undecided."""
    version = PolicyVersion.objects.filter(pk=UUID(change.subject_id)).first()
    context: dict[str, Any] = {"version": version, "changes": []}
    if version is not None and version.state == PolicyVersion.State.DRAFT:
        context["changes"] = selectors.changes(version)
    return registry.Section(title=_("改了什么"), icon="scale", template="desk/policy_changes.html", context=context)


panels.shows_change(SUBJECT, section)
