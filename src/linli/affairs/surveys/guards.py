"""Why a step with a survey cannot be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.affairs.surveys import frame
from linli.affairs.surveys.policy import SurveyRules
from linli.kernel import policy
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def nobody_to_ask(matter: Matter) -> StrOrPromise | None:
    """Return why nobody is drawn: nobody with a number reported anything in those days."""
    if frame.callers(matter.survey, matter.area_code).exists():
        return None
    return _("这段时间没有留下号码的反映人，抽不出样本；请放宽日期重新拟定。")


def too_few(matter: Matter) -> StrOrPromise | None:
    """Return why nothing is counted: so few answered that no figure could be shown."""
    least = policy.pinned(matter.pins, SurveyRules).smallest_cell
    n = matter.survey.answers.count()
    return _("只有 %(n)d 份答卷，不足 %(least)d 份，不能汇总。") % {"n": n, "least": least} if n < least else None
