"""The auditor's lists: what was looked at, left out, paused, merged, changed in policy and erased, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import policy
from linli.kernel.matters import process_of
from linli.kernel.matters.approvals import APPROVAL
from linli.kernel.matters.models import Matter, Relation
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.policy.shapes import Approvals
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import AccountAct
from linli.kernel.privacy import selectors as privacy
from linli.kernel.privacy.models import AccessLog, ErasureRecord
from linli.kernel.privacy.services import title_of
from linli.surfaces.desk import registry
from linli.surfaces.parts import words
from linli.surfaces.parts.tables import Column

SHOWN = 200
PAUSES = ("extension", "extension_again", "suspension", "pause")
EXPLAINED = ("explained", "not_filed")

Line = list[Any]


@dataclass(frozen=True)
class AuditList:
    """One list: what it is called, its headings, and its rows since a moment, newest first."""

    key: str
    title: Any
    icon: str
    columns: Sequence[tuple[str, Any]]
    lines: Callable[[Actor, datetime, int], list[Line]]
    none: Any

    @property
    def headings(self) -> list[Column]:
        """The headings as columns of a table or file."""
        return [Column(key=key, label=label) for key, label in self.columns]


def _looks(_actor: Actor, since: datetime, limit: int) -> list[Line]:
    found = AccessLog.objects.filter(at__gte=since).select_related("viewer").order_by("-id")[:limit]
    return [
        [look.at, look.shown_as, look.viewer.name if look.viewer else "", title_of(look.field_group), look.purpose,
         look.reason, _("是") if look.outside else ""]
        for look in found
    ]  # fmt: skip


def _approvals(*names: str) -> Callable[[Actor, datetime, int], list[Line]]:
    def lines(actor: Actor, since: datetime, limit: int) -> list[Line]:
        asked = Matter.objects.filter(kind=APPROVAL.kind, approval__name__in=names, opened_at__gte=since)
        found = asked.select_related("approval__proposer_post__unit", "parent").order_by("-opened_at")[:limit]
        chains = policy.get(Approvals)
        return [_approval(actor, matter, chains) for matter in found]

    return lines


def _approval(actor: Actor, matter: Matter, chains: Approvals) -> Line:
    asked, post = matter.approval, matter.approval.proposer_post
    return [
        asked.requested_at,
        matter.parent.number if matter.parent else "",
        chains.chain(asked.name).title,
        str(process_of(matter.kind).stage(matter.stage).title),
        f"{post.unit.name} {post.title}" if post else "",
        said(actor, matter.parent or matter, asked.data),
    ]


def said(actor: Actor, about: Matter, data: dict[str, Any]) -> str:
    """Return what was asked for, in words: the codes as policy names them, the rest as it was typed."""
    parts = []
    for name, values in data.items():
        if name in {"csrfmiddlewaretoken", "version", "key"}:
            continue
        for value in values if isinstance(values, list) else [values]:
            if value not in (None, ""):
                word = registry.word_for(actor, about, name, value)
                parts.append(str(value) if word is None else word)
    return "；".join(part for part in parts if part)


def _merges(_actor: Actor, since: datetime, limit: int) -> list[Line]:
    found = Relation.objects.filter(made_at__gte=since).select_related("child", "parent").order_by("-made_at")[:limit]
    return [
        [one.made_at, one.child.number, one.get_kind_display(), one.parent.number,
         words.full_moment(one.undone_at) if one.undone_at else ""]
        for one in found
    ]  # fmt: skip


def _policies(_actor: Actor, since: datetime, limit: int) -> list[Line]:
    found = PolicyVersion.objects.filter(proposed_at__gte=since).select_related(
        "proposed_by_post__unit", "approved_by_post__unit"
    )
    return [
        [one.proposed_at, _policy_title(one.name), str(one.number), one.get_state_display(),
         one.proposed_by_post.title if one.proposed_by_post else one.author,
         one.approved_by_post.title if one.approved_by_post else ""]
        for one in found.order_by("-proposed_at")[:limit]
    ]  # fmt: skip


def _policy_title(name: str) -> str:
    try:
        return policy.shape_of(name).policy_title
    except KeyError:
        return name


def _erasures(_actor: Actor, since: datetime, limit: int) -> list[Line]:
    found = privacy.erasures().filter(at__gte=since).order_by("-id")[:limit]
    return [[one.at, title_of(one.field_group), _table(one), str(one.count), one.basis] for one in found]


def _table(one: ErasureRecord) -> str:
    from django.apps import apps

    models = {model._meta.db_table: model._meta.verbose_name for model in apps.get_models()}
    return str(models.get(one.table, one.table))


def _accounts(_actor: Actor, since: datetime, limit: int) -> list[Line]:
    found = AccountAct.objects.filter(at__gte=since).select_related("account", "person", "post__unit", "by")
    return [
        [act.at, act.get_kind_display(), act.account.username, act.person.name if act.person else "",
         f"{act.post.unit.name} {act.post.title}" if act.post else _("命令行"),
         act.by.name if act.by else "", act.reason]
        for act in found.order_by("-at")[:limit]
    ]  # fmt: skip


ASKED = (
    ("at", gettext_lazy("申请时间")),
    ("number", gettext_lazy("事项")),
    ("kind", gettext_lazy("申请什么")),
    ("state", gettext_lazy("结果")),
    ("who", gettext_lazy("谁申请")),
    ("said", gettext_lazy("事由和内容")),
)

LISTS: dict[str, AuditList] = {
    one.key: one
    for one in (
        AuditList(
            "looks", gettext_lazy("查看完整信息"), "list",
            (("at", gettext_lazy("时间")), ("post", gettext_lazy("岗位")), ("who", gettext_lazy("谁")),
             ("what", gettext_lazy("看了什么")), ("purpose", gettext_lazy("用途")), ("reason", gettext_lazy("理由")),
             ("outside", gettext_lazy("区域外"))),
            _looks, gettext_lazy("这段时间没有人查看过完整信息。"),
        ),
        AuditList("exclusions", gettext_lazy("剔除"), "ban", ASKED, _approvals("exclusion"),
                  gettext_lazy("没有申请剔除的。")),
        AuditList("explained", gettext_lazy("说明性办结与不予立案"), "ban", ASKED, _approvals(*EXPLAINED),
                  gettext_lazy("没有申请说明性办结或不予立案的。")),
        AuditList("pauses", gettext_lazy("延期、挂账与暂停"), "clock", ASKED, _approvals(*PAUSES),
                  gettext_lazy("没有申请延期、挂账或暂停的。")),
        AuditList(
            "merges", gettext_lazy("并案与关联"), "files",
            (("at", gettext_lazy("时间")), ("child", gettext_lazy("哪一件")), ("kind", gettext_lazy("关系")),
             ("parent", gettext_lazy("并到")), ("undone", gettext_lazy("何时拆开"))),
            _merges, gettext_lazy("没有并案。"),
        ),
        AuditList(
            "policies", gettext_lazy("政策改动"), "scale",
            (("at", gettext_lazy("提请时间")), ("name", gettext_lazy("文件")), ("number", gettext_lazy("第几版")),
             ("state", gettext_lazy("状态")), ("by", gettext_lazy("谁提请")), ("agreed", gettext_lazy("谁批准"))),
            _policies, gettext_lazy("没有改动。"),
        ),
        AuditList(
            "accounts", gettext_lazy("账号和密码"), "key-round",
            (("at", gettext_lazy("时间")), ("kind", gettext_lazy("做了什么")), ("account", gettext_lazy("账号")),
             ("whose", gettext_lazy("谁的")), ("post", gettext_lazy("岗位")), ("who", gettext_lazy("谁")),
             ("reason", gettext_lazy("理由"))),
            _accounts, gettext_lazy("这段时间没有开户、重设密码或解除两步验证。"),
        ),
        AuditList(
            "erasures", gettext_lazy("到期删除"), "trash-2",
            (("at", gettext_lazy("时间")), ("what", gettext_lazy("内容")), ("where", gettext_lazy("哪里")),
             ("count", gettext_lazy("条数")), ("basis", gettext_lazy("依据"))),
            _erasures, gettext_lazy("还没有到期删除的内容。"),
        ),
    )
}  # fmt: skip


def shown(actor: Actor, since: datetime) -> Iterator[tuple[AuditList, list[Line]]]:
    """Yield every list with its newest rows."""
    for one in LISTS.values():
        yield one, one.lines(actor, since, SHOWN)
