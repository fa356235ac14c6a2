"""评选“文明市民”: with consent, in public for a while, decided above; kept in the book of honours."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.honor.models import Commendation, Recognition
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import COMMENDATION
from linli.kernel import areas, clock
from linli.kernel.errors import UserError
from linli.kernel.matters import Transition


@COMMENDATION.on("nominate")
def nominated(t: Transition) -> None:
    """A community proposes somebody who agreed; from today it is shown."""
    detail: Commendation = t.detail
    detail.member, detail.title, detail.deeds = t.data["card"], t.data["title"], t.data["deeds"]
    detail.consent = t.data["consent"]
    if not t.actor.covers(detail.member.area_code):
        raise UserError(_("只能推荐本辖区的成员。"), field="card")
    if t.actor.person_id == detail.member.person_id:
        raise UserError(_("不能推荐自己。"), field="card")
    node = areas.tree().by_code(detail.member.area_code)
    t.place(node)
    t.hold(area=areas.tree().root.id)
    t.matter.title = t.pinned(HonorRules).commendations[detail.title]
    t.matter.category = detail.title


@COMMENDATION.on("award")
def awarded(t: Transition) -> None:
    """The honour is theirs; named in public because they agreed to that."""
    detail: Commendation = t.detail
    t.write(
        Recognition(
            member=detail.member, book=Recognition.Book.HONOUR, code=detail.title, on=clock.today(),
            area_code=detail.member.area_code, public=detail.consent, subject_id=t.matter.pk,
            key=f"commend:{t.matter.pk}",
        )
    )  # fmt: skip
