"""The field names of policy documents in the words of those who read them; codes stay beside the text editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.policy.compare import Line

WORDS: dict[str, Any] = {
    "again_days": _("复发期（天）"),
    "alerts": _("警示"),
    "appeal_days": _("申诉期（天）"),
    "approval": _("审批"),
    "area": _("区域"),
    "assistants": _("协办"),
    "at_least": _("至少"),
    "at_most": _("至多"),
    "attempts": _("次数"),
    "auto_sign": _("到时视同签收"),
    "basically": _("基本满意折算"),
    "basis": _("依据"),
    "call_back": _("回访时限"),
    "called_again": _("再回访比例"),
    "categories": _("小类"),
    "category": _("类别"),
    "chains": _("审批链"),
    "channels": _("渠道"),
    "closing": _("结案条件"),
    "code": _("代码"),
    "codes": _("各版代码"),
    "contact": _("联系反映人时限"),
    "count": _("数量"),
    "day": _("天"),
    "days": _("天数"),
    "desk": _("可代登记"),
    "digest_at": _("清单时间"),
    "dispatch": _("派遣时限"),
    "duplicate_days": _("判重天数"),
    "duplicate_metres": _("判重距离（米）"),
    "duties": _("职责"),
    "duty": _("职责"),
    "duty_phone": _("值班电话"),
    "effective": _("算有效回访"),
    "end": _("止"),
    "excludes": _("可剔除"),
    "extension_reasons": _("延期事由"),
    "fallback": _("兜底单位"),
    "fewest": _("办结满几件才训练"),
    "file": _("立案时限"),
    "filing": _("立案条件"),
    "gaps": _("没有出处的地方"),
    "groups": _("分组"),
    "has_accounts": _("有账号"),
    "high": _("加急"),
    "indices": _("指标"),
    "instead": _("改走"),
    "interrupts": _("可打断"),
    "keep": _("按案件保留"),
    "keywords": _("关键词"),
    "kind": _("种类"),
    "kinds": _("种类"),
    "label": _("标签"),
    "lead": _("牵头"),
    "level": _("层级"),
    "limit": _("时限"),
    "limits": _("时限"),
    "lines": _("目录条目"),
    "loops": _("循环"),
    "major": _("大类"),
    "majors": _("大类"),
    "metric": _("取数"),
    "months": _("月份"),
    "name": _("名称"),
    "names": _("名称"),
    "normal": _("一般"),
    "notice_days": _("公示期（天）"),
    "number": _("号码"),
    "object": _("异议时限"),
    "offered": _("居民可选"),
    "on_the_spot": _("可即查即改"),
    "order": _("次序"),
    "outcomes": _("结论"),
    "paid": _("在编带薪"),
    "parent": _("上级"),
    "partly": _("部分解决折算"),
    "pause_reasons": _("暂停事由"),
    "per_matter": _("每件至多"),
    "phase_set": _("阶段组"),
    "phase_sets": _("阶段组"),
    "phases": _("阶段"),
    "phones": _("电话"),
    "place": _("地点"),
    "post_kinds": _("岗位类型"),
    "posts": _("岗位"),
    "priority": _("紧急程度"),
    "proof": _("佐证"),
    "quiet": _("免打扰"),
    "raise_by": _("谁可上报"),
    "raise_to": _("报到"),
    "reasons": _("事由"),
    "reopen": _("可重开期"),
    "repeated": _("重复"),
    "resident": _("对反映人的期限"),
    "residents": _("居民"),
    "restricted": _("限制知悉"),
    "review": _("复核时限"),
    "routing": _("派给谁"),
    "rule": _("裁定时限"),
    "says": _("说明"),
    "send_down_by": _("谁可下派"),
    "send_down_to": _("派到"),
    "share": _("比例"),
    "short_name": _("简称"),
    "sign": _("签收时限"),
    "since": _("自"),
    "solved": _("算解决"),
    "source": _("来源"),
    "source_code": _("来源代码"),
    "sources": _("来源"),
    "staff": _("工作人员"),
    "start": _("起"),
    "station": _("站所"),
    "steps": _("步骤"),
    "suggest_from": _("建议的把握门槛"),
    "suspension_reasons": _("挂账事由"),
    "tables": _("代码表"),
    "tell": _("告知"),
    "threshold": _("阈值"),
    "times": _("次数"),
    "title": _("名称"),
    "unit": _("单位"),
    "units": _("单位"),
    "urgent": _("应急"),
    "verify": _("核查时限"),
    "verify_first": _("先核实再立案"),
    "video": _("视频标签"),
    "warn_percent": _("提醒百分比"),
    "weight": _("权重"),
    "weights": _("权重"),
    "when": _("时间"),
    "windows": _("时段"),
    "within": _("期限内"),
    "words": _("用词"),
}
VALUES = {"True": _("是"), "False": _("否"), "yes": _("是"), "no": _("否"), "partly": _("部分")}


def readable(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return a document's lines for a page: fields in words, what a heading says already left out."""
    shown: list[dict[str, Any]] = []
    heading = ""
    for line in lines:
        if line.field in {"title", "name"} and line.value == heading:
            continue
        if line.field == "gaps":
            continue
        heading = line.value
        shown.append(
            {
                "depth": line.depth,
                "field": WORDS.get(line.field, line.field),
                "value": VALUES.get(line.value, line.value.removesuffix(":00") if _is_time(line.value) else line.value),
                "sample": line.sample,
                "source": line.source,
            }
        )
    return shown


def _is_time(text: str) -> bool:
    parts = text.split(":")
    return len(parts) == 3 and all(len(part) == 2 and part.isdecimal() for part in parts)
