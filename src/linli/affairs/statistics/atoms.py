"""What can be counted: every metric of the tallies that the definition of an index may speak of, in words.

A definition is policy; what it counts is here, because each is written by code when something happens. A metric that
is not listed cannot be chosen, so nothing that counts presence (log-ins, photos, visits) ever becomes an index.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

from linli.affairs.cases import facts

LEFT: Final = facts.LEFT

_CASES = {
    "case.came": _("进来的案件"),
    "case.came.open": _("其中现在未结"),
    "case.came.closed": _("其中现在已结"),
    "case.came.overdue": _("其中曾超时"),
    "case.came.reopened": _("其中重开过"),
    "case.came.duplicate": _("其中与他件重复"),
    "case.came.filed": _("其中立案"),
    "case.patrol": _("巡查上报的案件"),
    "spot.opened": _("当场处置（即查即改）"),
    "spot.confirm": _("即查即改抽查属实"),
    "spot.doubt": _("即查即改抽查不实"),
    "case.due": _("应结案"),
    "case.due.closed": _("应结案中已结案"),
    "case.due.on_time": _("应结案中按期结案"),
    "case.due.deferred": _("应结案中缓办（挂账）"),
    "case.urgent.due": _("紧急问题应结案"),
    "case.urgent.due.closed": _("紧急问题已结案"),
    "case.urgent.due.on_time": _("紧急问题按期结案"),
    "case.urgent.due.deferred": _("紧急问题缓办（挂账）"),
    "case.dispatched": _("派遣的案件"),
    "case.dispatched.signed": _("按时签收"),
    "case.dispatched.signed_24h": _("二十四小时内签收"),
    "case.dispatched.handled": _("已处置"),
    "case.dispatched.handled_7d": _("七日内处置"),
    "case.dispatched.extended": _("延过期"),
    "case.dispatched.suspended": _("现在挂账"),
    "case.dispatched.hops": _("流转次数合计"),
    "case.concluded": _("办结的案件"),
    "case.concluded.reworked": _("其中返工过"),
    "case.exclude": _("批准剔除"),
    "case.response.due": _("应响应"),
    "case.response.met": _("按时签收并联系"),
    "case.verdict.solved": _("回访：解决"),
    "case.verdict.partly": _("回访：部分解决"),
    "case.verdict.not_solved": _("回访：未解决"),
    "case.verdict.explained": _("回访：说明性办结"),
    "case.verdict.not_confirmed": _("未能回访确认"),
    "case.rated.satisfied": _("评价：满意"),
    "case.rated.basically": _("评价：基本满意"),
    "case.rated.unsatisfied": _("评价：不满意"),
    "task.opened": _("派给单位的任务"),
    "task.objected": _("对案件任务提出异议"),
}

_WHISTLES = {
    **{f"whistle.blown.{level}": _("吹哨") for level in ("compound", "community", "street", "district")},
    "whistle.verify": _("核实通过的哨件"),
    "whistle.first_pass": _("一次核实通过"),
    "whistle.incomplete": _("退回补正"),
    "whistle.not_a_whistle": _("不属吹哨"),
    "whistle.rated.good": _("群众评价满意"),
    "whistle.rated.fair": _("群众评价基本满意"),
    "whistle.rated.poor": _("群众评价不满意"),
    "share.scored": _("已评价的部门报到"),
    "share.score": _("得分合计（十分之一分）"),
    "share.sign": _("按时签收"),
    "share.arrive": _("按时到场"),
    "share.close": _("按时办结"),
    "share.first_pass": _("一次核实通过的报到"),
    "share.false_closing": _("查实虚假办结"),
    "share.street.good": _("街道评价满意"),
    "share.street.fair": _("街道评价基本满意"),
    "share.street.poor": _("街道评价不满意"),
    "report_in.called": _("派给单位的报到"),
    "report_in.objected": _("对吹哨报到提出异议"),
    "objection.opened": _("派单异议"),
    "objection.wrong_dispatch": _("异议成立（派错）"),
    "objection.groundless": _("异议不成立（推诿）"),
}

_CHECKS = {
    "recheck.done": _("办结件抽查"),
    "recheck.false": _("抽查认定虚假办结"),
    "rising.opened": _("提出的未诉先办"),
    "rising.accept": _("采纳的未诉先办"),
    "finding.opened": _("督查发现问题"),
    "finding.mended": _("督查问题已整改"),
    "advice.opened": _("督查提出建议"),
    "advice.answered.adopted": _("采纳的督查建议"),
}

ATOMS: Final[Mapping[str, object]] = MappingProxyType({**_CASES, **_WHISTLES, **_CHECKS})
"""``{metric: in words}``."""

ADJUSTED: Final = frozenset(
    name.removesuffix(LEFT)
    for name in facts.METRICS
    if name.endswith(LEFT) and name.startswith(("case.response", "case.verdict", "case.rated"))
)
"""The metrics of which is counted apart what left the adjusted figures by an approved exclusion."""

REACHED: Final = tuple(f"case.verdict.{outcome}" for outcome in facts.EFFECTIVE)
ASKED: Final = (*REACHED, "case.verdict.not_confirmed")
"""Effective call-backs, and all of them: the share that stands beside every rate."""
