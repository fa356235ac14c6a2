"""Naming somebody or a house in a form by a few words, within the post's reach; each use is in the log of look-ups."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Entry, House, OrganisationRecord, Resident
from linli.affairs.registry.search import box
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.errors import UserError
from linli.kernel.posts.actors import Actor

LISTED = 5


def resident(actor: Actor, text: str, purpose: str, field: str = "who") -> Resident:
    """Return the one resident that ``text`` names: number, phone or name.

    Raises :class:`UserError` on ``field`` for nobody, and for several with their addresses.
    """
    hits = _found(actor, text, Entry.Kind.RESIDENT, field)
    people = [hit.id for hit in hits.rows]
    selectors.note_lookup(actor, purpose, hits.by, hits.total, people)
    if not people:
        raise UserError(_("您的区域里没有找到这个人；请先登记，或换手机号、证件号再找。"), field=field)
    if hits.total > 1:
        lines = selectors.told(actor, hits.rows)
        listed = "；".join(f"{lines[key].name} {lines[key].address}" for key in people if key in lines)
        raise UserError(_("有几位：%(list)s。请改填手机号或证件号。") % {"list": listed}, field=field)
    return selectors.access_resident(actor, people[0])


def body(actor: Actor, text: str, field: str = "who") -> OrganisationRecord:
    """Return the one organisation that ``text`` names. Raises :class:`UserError` on ``field``."""
    hits = _found(actor, text, Entry.Kind.ORGANISATION, field)
    if not hits.rows:
        raise UserError(_("您的区域里没有找到这个组织；请先登记。"), field=field)
    if hits.total > 1:
        listed = "；".join(hit.label for hit in hits.rows)
        raise UserError(_("有几个：%(list)s。请写全名称或统一社会信用代码。") % {"list": listed}, field=field)
    return selectors.access_organisation(actor, hits.rows[0].id)


def _found(actor: Actor, text: str, kind: str, field: str) -> box.Hits:
    try:
        return box.find(actor, text, kind=kind, listed=LISTED)
    except UserError as error:
        raise UserError(error.message, field=field) from error


def house(actor: Actor, text: str, near: UUID, field: str = "address") -> House:
    """Return the house at an address of the community that ``near`` lies in.

    Raises :class:`UserError` on ``field`` where none or several fit.
    """
    tree = areas.tree()
    node = tree.by_id(near)
    community = tree.at_level(node, Level.COMMUNITY) or node
    found = services.find_house(text, community.id)
    if found is None:
        raise UserError(_("这个社区里还没有登记这个地址；请先“登记房屋”。"), field=field)
    return selectors.access_house(actor, found.pk)


def options(actor: Actor, ids: Iterable[UUID]) -> list[tuple[str, str]]:
    """Return residents as choices of a form: name, age and address."""
    lines = selectors.lines(actor, ids)
    return [(str(key), _told(line)) for key, line in lines.items()]


def _told(line: selectors.Line) -> str:
    age = _("%(age)d 岁") % {"age": line.age} if line.age is not None else ""
    return " ".join(filter(None, [line.name, age, line.address]))
