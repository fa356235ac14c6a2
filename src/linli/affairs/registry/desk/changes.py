"""What a change of the registry shows on its matter page: whose, which field, by which evidence."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from linli.affairs.registry.models import PendingChange
from linli.affairs.registry.services.changing import SUBJECT
from linli.kernel import privacy
from linli.kernel.matters.models import Change
from linli.kernel.people.models import Household
from linli.surfaces.desk import panels, registry
from linli.surfaces.parts import shapes


def section(change: Change) -> registry.Section:
    """Return the section that shows a proposed change; a new number is masked but for its ends."""
    found = PendingChange.objects.select_related("resident__person").get(pk=UUID(change.subject_id))
    rows = [
        (_("居民"), found.resident.person.name), (_("项目"), found.get_field_display()), (_("新值"), _word(found)),
        (_("看过的凭据"), found.evidence), (_("状态"), found.get_state_display()),
    ]  # fmt: skip
    return registry.Section(title=_("改了什么"), icon="id-card", shapes=[shapes.Facts(rows)])


def _word(found: PendingChange) -> str:
    if found.field == PendingChange.Field.ID_NUMBER:
        return privacy.mask_id(found.value)
    if found.field == PendingChange.Field.HEAD:
        home = Household.objects.filter(pk=found.value).first()
        return _("%(address)s 这一户的户主") % {"address": home.address if home else ""}
    if found.field == PendingChange.Field.JOINED:
        home = Household.objects.filter(pk=found.value).first()
        return _("整户并入 %(address)s 这一户") % {"address": home.address if home else ""}
    return found.value


panels.shows_change(SUBJECT, section)
