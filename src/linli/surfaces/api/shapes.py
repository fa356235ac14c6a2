"""What the API answers with."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{3,32}$", description="事项编号，如 C-20261121-00042")]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,40}$")]
AreaCode = Annotated[str, Field(pattern=r"^[0-9]{2,24}$", description="区域编码，连同其下各级")]
Word = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,60}$")]
Cursor = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,120}$", description="上一页给出的 next")]
Limit = Annotated[int, Field(ge=1, le=200, description="一页几条")]


class Named(Schema):
    """Something with an id and a name."""

    id: uuid.UUID
    name: str


class Holder(Schema):
    """Where a matter lies now: with an area's posts, a unit, or one post."""

    kind: Literal["area", "unit", "post"]
    id: uuid.UUID
    name: str


class MatterBrief(Schema):
    """A matter as a line of a list."""

    id: uuid.UUID
    number: str
    kind: str
    title: str
    stage: str
    stage_title: str
    is_open: bool
    category: str
    source: str
    priority: int = Field(description="0 一般，1 较急，2 紧急")
    restricted: bool
    area_code: str
    area: str
    held: Holder | None
    awaits: str = Field(description="等待哪项职责；空为不等")
    expected: str = Field(description="等待哪个动作；空为不等")
    opened_at: datetime
    due_at: datetime | None
    resident_due_at: datetime | None
    closed_at: datetime | None
    overdue: bool = Field(description="本事项的时限曾超过")
    urged: int
    reworks: int
    version: int = Field(description="办理时带上它：别人先办了就不会误办")


class MatterPage(Schema):
    """A page of matters."""

    items: list[MatterBrief]
    next: str | None = Field(description="下一页的 cursor；null 为最后一页")


class TrailLine(Schema):
    """What was done, by which post, when. ``said`` is empty for residents and once retention has erased it."""

    seq: int
    at: datetime
    effective_at: datetime
    action: str
    title: str
    who: str
    from_stage: str
    to_stage: str
    said: dict[str, Any]


class ClockLine(Schema):
    """A clock: a unit's, or the resident's, which never pauses."""

    key: str
    title: str
    resident: bool
    state: Literal["running", "paused", "stopped"]
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    stopped_at: datetime | None
    pause_reason: str
    percent: int
    overdue: bool


class OfferLine(Schema):
    """What the caller may do here: now, or why not now."""

    action: str
    title: str
    expected: bool
    now: bool
    reason: str = Field(description="为什么现在不能办")
    approval: bool = Field(description="要经审批")
    form: dict[str, Any] = Field(description="data 的 JSON Schema，选项按本事项给出")


class AttachmentLine(Schema):
    """A photo, file or other proof."""

    id: uuid.UUID
    kind: str
    role: str
    state: str
    statement: str
    received_at: datetime
    url: str = Field(description="空为没有文件")


class Uploaded(Schema):
    """A file that was taken in; put its id into ``photos`` of an action."""

    id: uuid.UUID
    kind: str
    state: str
    size: int


class Done(Schema):
    """What came of an action."""

    number: str
    kind: str
    stage: str
    is_open: bool
    version: int
    approval: str | None = Field(description="要经审批时，审批事项的编号；本事项不动")
    repeated: bool = Field(description="同一个 Idempotency-Key 已办过，这是那一次的结果")


class Begun(Done):
    """A matter that was begun."""

    url: str
    secret: str = Field(description="查询密钥：只给上报人")


class AreaLine(Schema):
    """An area as it is on the asked day."""

    id: uuid.UUID
    code: str
    name: str
    level: str
    kind: str
    parent: str | None = Field(description="上级的编码")
    lon: float | None
    lat: float | None
    sketch: bool = Field(description="边界为示意")


class AreaFull(AreaLine):
    """An area, what it lies in, and its words (村民委员会 or 居民委员会)."""

    path: list[str] = Field(description="自区县起的编码")
    label: str
    words: dict[str, str]


class AreaList(Schema):
    """Areas, by code."""

    items: list[AreaLine]


class PolicyLine(Schema):
    """A policy document in force; number 0 is what the product ships with."""

    name: str
    title: str
    number: int
    gaps: list[str] = Field(description="尚无出处、以示例代替的内容")


class PolicyList(Schema):
    """The documents in force."""

    items: list[PolicyLine]


class PolicyFull(PolicyLine):
    """A document with its contents."""

    body: dict[str, Any]


class StageLine(Schema):
    """A stage of a process, and what a resident reads while a matter is there."""

    key: str
    title: str
    plain: str
    closed: bool


class ActionLine(Schema):
    """An action of a process: from where to where, by whom, with which clocks."""

    name: str
    title: str
    opening: bool
    from_stages: list[str] | None = Field(description="null 为任何未结环节")
    to_stage: str | None
    duties: list[str]
    trigger: str = Field(description="by 由岗位，after 由时限，on 由子事项")
    approval: str | None
    starts: list[str]
    stops: list[str]
    form: dict[str, Any] | None


class ProcessLine(Schema):
    """A declared process."""

    kind: str
    prefix: str
    title: str
    source: str
    stages: list[StageLine]
    actions: list[ActionLine]
    clocks: dict[str, str]


class ProcessList(Schema):
    """The declared processes."""

    items: list[ProcessLine]


class Me(Schema):
    """Who calls."""

    kind: Literal["post", "resident", "link", "system"]
    label: str
    post: Named | None
    post_kind: str
    unit: Named | None
    area_codes: list[str]
    duties: list[str]
    may_write: bool
    on: date
