"""兑荣誉: points turned into a title, which stays in the book of honours and is shown only by consent."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Member, Recognition
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import members
from linli.kernel import clock, ledger, policy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import Entry, move
from linli.kernel.posts.actors import Actor


@transaction.atomic
def take(*, actor: Actor, member: Member, code: str, public: bool = False) -> Recognition:
    """Turn points into the title ``code``, once; ``public`` is the member's consent to be named.

    Raises :class:`NotHere` unless the member acts, :class:`NotNow` when there is too little or it is theirs already.
    """
    if not members.is_own(actor, member):
        raise NotHere
    title = policy.get(HonorRules).titles.get(code)
    if title is None:
        raise UserError(_("没有这个称号。"))
    Member.objects.select_for_update().get(pk=member.pk)
    key = f"title:{member.pk}:{code}"
    if Recognition.objects.filter(key=key).exists():
        raise NotNow(_("您已经有“%(title)s”这个称号了。") % {"title": title.title})
    made = Recognition.objects.create(
        member=member, book=Recognition.Book.HONOUR, code=code, on=clock.today(), area_code=member.area_code,
        public=public, key=key,
    )  # fmt: skip
    legs = move(accounts.of_member(member), accounts.beside(accounts.SPENT, member), title.points)
    try:
        ledger.post(actor=actor, entry=Entry(key, "title", legs, subject_id=made.pk))
    except ledger.Overdrawn as error:
        text = _("“%(title)s”要 %(points)d 分，您可用 %(left)d 分。")
        raise NotNow(text % {"title": title.title, "points": title.points, "left": error.available}) from error
    return made
