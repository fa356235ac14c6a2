"""``appraisal.indices``: what may be appraised. What counts presence instead of outcome is refused here.

No index may count log-ins, online time, photos, steps, visits made or residents registered (no formalism at
the fingertips; B36, B38 name appraisal by an app, which is exactly where it slips in).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator, model_validator

from linli.kernel.policy.documents import Code, Document, Item, Text, document

FORBIDDEN: Mapping[str, re.Pattern[str]] = {
    "登录次数": re.compile(r"log.?ins?|sign.?ins?|登录|签到|打卡|check.?ins?", re.IGNORECASE),
    "在线时长": re.compile(
        r"online|screen.?time|duration.?in.?app|在线|时长|活跃度|active.?(days|users)", re.IGNORECASE
    ),
    "照片数量": re.compile(r"photos?|pictures?|images?|照片|图片|拍照|截图|上传数", re.IGNORECASE),
    "步数轨迹": re.compile(r"steps?|mileage|tracks?|gps|步数|轨迹|里程|巡查时间", re.IGNORECASE),
    "走访次数": re.compile(r"visits?|走访|入户|遍访|敲门", re.IGNORECASE),
    "登记人数": re.compile(
        r"registered|registrations?|residents.?added|登记数|登记人|登记量|录入|注册|关注数|下载|转发|点赞",
        re.IGNORECASE,
    ),
}
"""What an index may not be, with the words it is recognised by in its code, title and formula."""

METRICS = Literal[
    "first_pass_quality",
    "recheck_agreement",
    "residents_solved",
    "residents_satisfied",
    "reopened_share",
    "on_time_share",
    "on_time_contact_share",
    "sustained_objections_share",
    "false_closings_share",
    "whistle_answer_score",
]
"""Outcomes that can be appraised; each is computed from events, none from presence."""


def forbidden(text: str) -> str | None:
    """Return what forbidden index ``text`` describes, or ``None`` when it describes none."""
    return next((title for title, words in FORBIDDEN.items() if words.search(text)), None)


class Index(Item):
    """An index: which outcome it reads, with what weight."""

    title: Text
    metric: METRICS
    weight: Decimal = Field(gt=0, le=100)
    says: str = ""

    @field_validator("metric", mode="before")
    @classmethod
    def no_presence(cls, value: object) -> object:
        """Refuse a metric that counts presence, and say why."""
        found = forbidden(str(value))
        if found:
            raise ValueError(f"“{found}”不得作为考核指标（不搞指尖上的形式主义）；请改用结果类指标")
        return value

    @model_validator(mode="after")
    def no_presence_in_words(self) -> Index:
        """Refuse an index whose title or explanation speaks of presence."""
        found = forbidden(self.title) or forbidden(self.says)
        if found:
            raise ValueError(f"“{found}”不得作为考核指标（不搞指尖上的形式主义）；请改用结果类指标")
        return self


@document("appraisal.indices", title="考核指标")
class Appraisal(Document):
    """Indices by code; their weights add up to 100. Appraisal has notice and appeal."""

    indices: Mapping[Code, Index]
    notice_days: int = Field(ge=1)
    appeal_days: int = Field(ge=1)

    @field_validator("indices", mode="before")
    @classmethod
    def no_presence_in_codes(cls, value: object) -> object:
        """Refuse a code that names presence."""
        for code in value if isinstance(value, dict) else ():
            found = forbidden(str(code))
            if found:
                raise ValueError(f"“{found}”不得作为考核指标（{code}）；请改用结果类指标")
        return value

    @model_validator(mode="after")
    def weights_are_whole(self) -> Appraisal:
        """Refuse weights that do not add up to 100."""
        total = sum((index.weight for index in self.indices.values()), Decimal(0))
        if self.indices and total != 100:
            raise ValueError(f"考核指标权重合计应为 100，现为 {total}")
        return self
