"""Exporting residents: asked for with a purpose, agreed to when many, written with a watermark and the rows' keys."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from linli.affairs.registry.models import ExportRequest, Home, Residency, Resident, Tag
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.affairs.registry.search.index import FINDABLE
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock, policy, privacy
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import changes, perform
from linli.kernel.matters.models import Change
from linli.kernel.people.models import Contact, Membership
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy.models import AccessLog

SUBJECT, CHAIN = "registry.export", "registry_export"
HEAD = ("登记簿编号", "姓名", "联系电话", "网格", "现住址", "户号", "与户主关系", "标签")
"""Headings as the import reads them: who edits this list and imports it again updates exactly these rows."""
VALID_DAYS = 3


def people(area_id: UUID) -> QuerySet[Resident]:
    """Return the residents of an area, as they are listed."""
    tree = areas.tree()
    ids = [node.id for node in tree.under(tree.by_id(area_id).code)]
    found = Resident.objects.filter(area__in=ids, state__in=FINDABLE).select_related("person")
    return found.order_by("area", "person__pinyin", "pk")


@transaction.atomic
def ask(*, actor: Actor, area_id: UUID, why: str) -> ExportRequest:
    """Ask for the list of an area; granted at once up to policy's size, else when a second person agrees.

    Raises :class:`UserError` on ``why`` without a purpose, or when nobody lives there.
    """
    node = guards.within(actor, area_id, guards.IMPORTER)
    if len(why.strip()) < 4:
        raise UserError(_("请写明导出做什么用（至少4个字）。"), field="why")
    count = people(area_id).count()
    if not count:
        raise UserError(_("这里还没有登记居民。"), field="area")
    now = clock.now()
    free = count <= policy.get(RegistryRules).export_free
    request = ExportRequest.objects.create(
        area_id=area_id, why=why.strip()[:100], count=count, by_post=actor.post, by_person=actor.person, asked_at=now,
        state=ExportRequest.State.GRANTED if free else ExportRequest.State.ASKED, granted_at=now if free else None,
    )  # fmt: skip
    if not free:
        title = _("导出%(place)s居民 %(n)d 人") % {"place": node.name, "n": count}
        data = {
            "title": title, "subject": SUBJECT, "subject_id": str(request.pk), "reason": request.why,
            "proposal": json.dumps({"count": count}),
        }  # fmt: skip
        perform(process=changes.CHANGE, action="propose", actor=actor, data=data)
    return request


def where(change: Change) -> Node:
    """Return where an export is decided: with the street of its area."""
    return areas.tree().by_id(ExportRequest.objects.get(pk=change.subject_id).area_id)


def grant(actor: Actor, change: Change) -> None:
    """Let an export be taken, for three days."""
    del actor
    ExportRequest.objects.filter(pk=change.subject_id, state=ExportRequest.State.ASKED).update(
        state=ExportRequest.State.GRANTED, granted_at=clock.now()
    )


def refuse(actor: Actor, change: Change, reason: str) -> None:
    """Note that an export was not agreed to."""
    del actor, reason
    ExportRequest.objects.filter(pk=change.subject_id, state=ExportRequest.State.ASKED).update(
        state=ExportRequest.State.REFUSED
    )


def take(*, actor: Actor, request: ExportRequest) -> bytes:
    """Return the list as a workbook; everybody in it can read that it left the house.

    Raises :class:`NotHere` for another post's, :class:`NotNow` before it is granted or after three days.
    """
    guards.must(actor, guards.IMPORTER)
    if request.by_post_id != actor.post_id:
        raise NotHere
    if request.state != ExportRequest.State.GRANTED or request.granted_at is None:
        raise NotNow(_("这次导出还没有批准。"))
    if clock.now() > request.granted_at + timedelta(days=VALID_DAYS):
        raise NotNow(_("批准已过%(n)d天，请重新申请。") % {"n": VALID_DAYS})
    with transaction.atomic():
        found = list(people(request.area_id))
        tree = areas.tree()
        AccessLog.objects.bulk_create(
            [
                privacy.access_row(
                    actor=actor, person=row.pk, field_group="registry.export", purpose=request.why[:60],
                    reason=request.why, subject_id=request.pk, area_code=tree.by_id(row.area_id).code,
                )
                for row in found
            ],
            batch_size=1000,
        )  # fmt: skip
        ExportRequest.objects.filter(pk=request.pk).update(taken=F("taken") + 1)
        return _workbook(actor, request, _rows(found))


def _rows(found: list[Resident]) -> list[list[str]]:
    ids = [row.pk for row in found]
    tree, dictionary = areas.tree(), policy.get(TagDictionary)
    contacts = Contact.objects.filter(person__in=ids, ended_at=None, kind=Contact.Kind.PHONE).order_by("-shared")
    numbers = {c.person_id: c.value for c in contacts}
    living = Residency.objects.filter(resident__in=ids, kind=Residency.Kind.LIVES, valid_to=None)
    addresses = dict(living.values_list("resident_id", "house__label"))
    members = {m.person_id: m for m in Membership.objects.filter(person__in=ids, valid_to=None)}
    homes = Home.objects.filter(household__in=[m.household_id for m in members.values()], valid_to=None)
    numbered = dict(homes.values_list("household_id", "number"))
    tags: dict[UUID, list[str]] = defaultdict(list)
    open_ones = Tag.objects.filter(resident__in=ids, ended_on=None, expires_on__gt=clock.today()).order_by("code")
    for key, code in open_ones.values_list("resident_id", "code"):
        tags[key].append(dictionary.title(code))
    rows = []
    for row in found:
        member = members.get(row.pk)
        rows.append([
            str(row.pk), row.person.name, numbers.get(row.pk, ""), tree.by_id(row.area_id).code,
            addresses.get(row.pk, ""), numbered.get(member.household_id, "") if member else "",
            str(member.get_relation_display()) if member else "", "、".join(tags[row.pk]),
        ])  # fmt: skip
    return rows


def _workbook(actor: Actor, request: ExportRequest, rows: list[list[str]]) -> bytes:
    stream = io.BytesIO()
    import xlsxwriter  # when a file is asked for: the web process at rest does without

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("居民"))
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    mark = watermark(actor, request)
    sheet.write_string(0, 0, mark)
    for at, heading in enumerate(HEAD):
        sheet.write_string(1, at, heading, bold)
        sheet.set_column(at, at, 36 if at in {0, 4} else 16, text)
    for line, row in enumerate(rows, start=2):
        for at, value in enumerate(row):
            sheet.write_string(line, at, value, text)
    sheet.set_header(f"&C&10&K999999{mark.replace('&', '')[:200]}")
    sheet.freeze_panes(2, 2)
    book.close()
    return stream.getvalue()


def watermark(actor: Actor, request: ExportRequest) -> str:
    """Return the line that says who took the list, when and what for."""
    words: dict[str, Any] = {
        "who": actor.label, "at": clock.local(clock.now()).strftime("%Y-%m-%d %H:%M"), "why": request.why,
        "key": str(request.pk)[-8:],
    }  # fmt: skip
    return _("%(who)s · %(at)s 导出 · 仅用于：%(why)s · 不得转发 · %(key)s") % words


def mine(actor: Actor) -> QuerySet[ExportRequest]:
    """Return the exports of the actor's post, newest first."""
    return ExportRequest.objects.filter(by_post=actor.post_id).select_related("area").order_by("-asked_at")
