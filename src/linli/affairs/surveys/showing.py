"""Results in words, bars and tables: every share with its interval, every page with who was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.surveys.models import Answer, Survey
from linli.affairs.surveys.selectors import Progress
from linli.kernel import areas
from linli.surfaces.parts import charts


def percent(value: float) -> str:
    """Return a share as people read it."""
    return f"{value * 100:.1f}%"


def said(share: Mapping[str, Any], confidence: int) -> str:
    """Return a rate with its interval; 样本不足 where it is hidden."""
    if share["share"] is None:
        return _("样本不足，不公布")
    return _("%(share)s（%(n)d 人回答，%(confidence)d%% 置信区间 %(low)s–%(high)s）") % {
        "share": percent(share["share"]), "n": share["n"], "confidence": confidence,
        "low": percent(share["low"]), "high": percent(share["high"]),
    }  # fmt: skip


def frame_words(survey: Survey) -> str:
    """Return who could be drawn, and who could not: it stands on every page with a result."""
    if survey.frame == Survey.Frame.REGISTRY:
        return _(
            "调查对象从登记簿里在册、成年、留有电话的居民中随机抽取（抽样框 %(size)d 人，分布在全部 %(of)d 个社区（村）"
            "中的 %(places)d 个）。没有登记或没有留电话的居民不在其中。"
        ) % {"size": survey.frame_size, "of": survey.frame_of, "places": survey.frame_places}
    return _(
        "登记簿里本区域可抽的居民不够样本数，调查对象从 %(since)s 至 %(until)s 反映过问题并留下号码的居民中随机抽取"
        "（共 %(size)d 个号码）。没有反映过问题的居民不在其中，所以结果不能代表全体居民。"
    ) % {"since": survey.frame_since.isoformat(), "until": survey.frame_until.isoformat(), "size": survey.frame_size}


def response_words(progress: Progress) -> str:
    """Return how many of those drawn answered."""
    rate = percent(progress.answered / progress.drawn) if progress.drawn else _("无数据")
    return _(
        "抽取 %(drawn)d 人，%(answered)d 人作答（应答率 %(rate)s），%(refused)d 人不愿答，%(unreached)d 人联系不上。"
    ) % {
        "drawn": progress.drawn, "answered": progress.answered, "rate": rate, "refused": progress.refused,
        "unreached": progress.unreached,
    }  # fmt: skip


def shown(survey: Survey) -> dict[str, Any]:
    """Return the results as a template draws them."""
    results = survey.results
    confidence = results["confidence"]
    tree = areas.tree()
    names = {code: node.name for code in _streets(results) if (node := tree.get(code)) is not None}
    rates = []
    for rate in results["rates"]:
        rows = [
            (names.get(code, code), said(share, confidence))
            for code, share in rate["streets"]
            if share["share"] is not None
        ]
        hidden = len(rate["streets"]) - len(rows)
        told = said(rate["whole"], confidence)
        rates.append({"rate": rate["rate"], "text": rate["text"], "said": told, "rows": rows, "hidden": hidden})
    whole = [rate for rate in results["rates"] if rate["whole"]["share"] is not None]
    bars = charts.Bars(
        title=_("三项结果"), unit="%",
        rows=[
            charts.Bar(
                label=rate["rate"], value=round(rate["whole"]["share"] * 100, 1),
                text=percent(rate["whole"]["share"]),
            )
            for rate in whole
        ],
    )  # fmt: skip
    ways = dict(Answer.Way.choices)
    return {
        "rates": rates,
        "bars": bars if whole else None,
        "ways": "、".join(f"{ways.get(way, way)} {n}" for way, n in results["ways"].items()),
    }


def _streets(results: Mapping[str, Any]) -> set[str]:
    return {code for rate in results["rates"] for code, _share in rate["streets"]}
