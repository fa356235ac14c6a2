"""Why a step with a survey cannot be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.registry import selectors as registry
from linli.affairs.surveys import frame
from linli.affairs.surveys.policy import SurveyRules
from linli.kernel import areas, policy
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


NOBODY = gettext_lazy(
    "登记簿里没有本区域留有号码的成年居民，这段时间也没有留下号码的反映人，抽不出样本；请放宽日期重新拟定。"
)


def nobody_to_ask(matter: Matter) -> StrOrPromise | None:
    """Return why nobody is drawn: the registry holds nobody here, and nobody with a number reported anything."""
    area = areas.tree().by_id(matter.area_id)
    if registry.drawable(area).exists() or frame.callers(matter.survey, matter.area_code).exists():
        return None
    return NOBODY


def too_few(matter: Matter) -> StrOrPromise | None:
    """Return why nothing is counted: so few answered that no figure could be shown."""
    least = policy.pinned(matter.pins, SurveyRules).smallest_cell
    n = matter.survey.answers.count()
    return _("只有 %(n)d 份答卷，不足 %(least)d 份，不能汇总。") % {"n": n, "least": least} if n < least else None
