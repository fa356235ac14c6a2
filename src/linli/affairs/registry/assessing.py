"""The draft of the impact assessment that PIPL 55 and 56 ask for (k), written from the policy in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.affairs.registry.models import Vault
from linli.affairs.registry.policy import FormSpecs, RegistryRules, TagDictionary
from linli.affairs.registry.services.keepsafe import DUTIES
from linli.kernel import areas, clock, policy, privacy
from linli.kernel.policy.door import duty_title, post_title, posts_with
from linli.kernel.privacy.services import title_of

GROUPS = ("identity", "residence", "contact", "asked", "vault")


@dataclass(frozen=True)
class Part:
    """A section of the assessment: its title, what it says, and a table with its headings."""

    title: str
    text: str = ""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def draft() -> list[Part]:
    """Return the sections; people review, sign and keep it for three years (k)."""
    rules, tags, forms = policy.get(RegistryRules), policy.get(TagDictionary), policy.get(FormSpecs)
    return [
        Part(
            _("一、处理者和范围"),
            _(
                "%(place)s登记簿；截至 %(day)s 的政策。本稿由系统按政策打印，"
                "须由个人信息保护负责人审定、签字并至少保存三年（k）。"
            )
            % {"place": areas.tree().root.name, "day": clock.today()},
        ),
        Part(
            _("二、处理目的"), _("每次查找和打开登记卡都要选其中一项，写进查看记录，本人可查。"),
            (_("目的"), _("职责"), _("岗位")),
            [(p.title, _listed(p.duties), _posts(p.duties)) for p in rules.purposes.values()],
        ),
        Part(
            _("三、处理哪些信息、凭什么、多久核实"),
            _("不收民族、宗教、政治面貌、收入等没有业务需要的栏目；由部门掌握的直接取数。"),
            (_("事实"), _("类别"), _("依据"), _("核实周期（天）"), _("掌握部门")),
            [(f.title, _group(f.group), f.basis, str(f.fresh_days), f.owner) for f in rules.facts.values()],
        ),
        Part(
            _("四、标签"), _("字典审定：%(by)s。没有自由填写的标签，不设重点人员一类名单。") % {"by": tags.reviewed},
            (_("标签"), _("依据"), _("用途"), _("最长天数"), _("须本人同意")),
            [(t.title, t.basis, t.purpose, str(t.days), _("是") if t.consent else _("否")) for t in tags.tags],
        ),
        Part(
            _("五、敏感个人信息：专柜"),
            _("健康、收入须单独同意；未满14周岁者的证件号只存在专柜；每次打开写明理由并留痕。"),
            (_("专柜"), _("职责"), _("岗位")),
            [(str(Vault.Group(g).label), duty_title(d), _posts([d])) for g, d in DUTIES.items()],
        ),
        Part(
            _("六、向部门提供"),
            _("表是登记簿的视图，已有的不再问；超过 %(n)d 人的须第二人批准；文件带水印，涉及的人都能看到。")
            % {"n": rules.export_free},
            (_("表"), _("部门"), _("依据")), [(f.title, f.bureau, f.basis) for f in forms.forms],
        ),
        Part(
            _("七、保存期限"), _("到期自动删除并留证明；恢复备份时重做。"),
            (_("规则"), _("内容"), _("天数"), _("依据")),
            [
                (r.name, title_of(r.field_group), str(r.kept_days() or _("按要求")), str(r.basis))
                for r in privacy.rules()
                if r.name.startswith(("registry.", "people.", "privacy."))
            ],
        ),
        Part(
            _("八、对个人权益的影响和措施"), "", (_("风险"), _("措施")),
            [
                (_("越权查看"), _("按岗位区域和职责限制；默认遮掩；理由、留痕；异常交审计")),
                (_("泄露"), _("证件号、电话、专柜加密存储，以密钥摘要检索；手机只带当天的名单")),
                (_("过度采集"), _("一数一源；没有业务需要的栏目不设；一表通先看账单")),
                (_("错误和歧视"), _("事实有来源、核实方式和到期日；本人可以更正；不评分、不排名、不预测个人")),
                (_("从汇总数反推个人"), _("少于 %(n)d 人的格子不显示，并隐去可反推的另一格") % {"n": rules.small_cell}),
            ],
        ),
        Part(
            _("九、缺口"), _("下列各项没有出处或尚未核对原文，审定时逐项确认。"), (_("缺口"),),
            [(gap,) for document in (rules, tags, forms) for gap in document.gaps],
        ),
    ]  # fmt: skip


def _listed(duties: Sequence[str]) -> str:
    return "、".join(duty_title(duty) for duty in duties)


def _posts(duties: Sequence[str]) -> str:
    kinds = sorted({kind for duty in duties for kind in posts_with(duty)})
    return "、".join(post_title(kind) for kind in kinds)


def _group(group: str) -> str:
    return {
        "identity": _("身份"), "residence": _("居住"), "contact": _("联系"), "asked": _("补问"), "vault": _("专柜"),
    }[group]  # fmt: skip


def as_markdown() -> str:
    """Return the draft as Markdown, for the command line."""
    lines = [f"# {_('个人信息保护影响评估（草稿）')}"]
    for part in draft():
        lines += ["", f"## {part.title}", "", part.text]
        if part.rows:
            lines += ["", f"| {' | '.join(part.head)} |", f"|{'---|' * len(part.head)}"]
            lines += [f"| {' | '.join(row)} |" for row in part.rows]
    return "\n".join(lines)
