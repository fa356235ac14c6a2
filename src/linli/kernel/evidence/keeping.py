"""What this room keeps, for how long unless policy says otherwise, and how it goes."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, privacy
from linli.kernel.evidence import services
from linli.kernel.evidence.models import Attachment, State

PLACE_DAYS = 730


def register() -> None:
    """Register the rules; the pieces of proof themselves stay with their subject until policy gives days."""
    privacy.retain(
        "evidence.place",
        Attachment,
        "capture_place",
        PLACE_DAYS,
        _("核查与申诉期满，拍摄地点和上传人不再需要"),
        since="received_at",
        where=Q(traces_erased_at=None),
        erase=lambda rows: rows.update(place="", uploader_person_id=None, traces_erased_at=clock.now()),
    )
    privacy.retain(
        "evidence.content",
        Attachment,
        "evidence",
        None,
        _("随事项保存，期限由政策规定"),
        since="received_at",
        where=~Q(state=State.ERASED),
        erase=services.erase,
    )
