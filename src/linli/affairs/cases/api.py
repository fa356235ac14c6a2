"""Cases in the API: facts of a case, a task and a settlement; figures; and what residents do without an account."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.params.functions import Header
from pydantic import Field

from linli.affairs.cases import rates, selectors, stats
from linli.affairs.cases.allowances import REPORTS, UPLOADS
from linli.affairs.cases.models import Case
from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE, SPOT, TASK
from linli.kernel import areas, clock, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.matters import perform, process_of
from linli.kernel.matters import selectors as matters
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import Any_, Reporter, Rule
from linli.kernel.people.services import sign_in
from linli.kernel.posts.actors import Actor, resident_actor
from linli.kernel.privacy import mask_name
from linli.surfaces.api import acting, auth, bodies, paging, reading, registry, shapes, views
from linli.surfaces.api.openapi import KEY, NUMBER, action_body, answers, data_name, reference
from linli.surfaces.api.problems import PROBLEMS
from linli.surfaces.parts.callers import network


class CaseFacts(Schema):
    """What a case tells: the problem, where, how far it is, and what came of it."""

    description: str
    place: str
    lon: float | None
    lat: float | None
    channel: str
    loop: str
    phase: int
    lead_unit: str
    external_system: str
    external_number: str
    external_due_at: datetime | None
    result: str
    outcome: str
    satisfied: str
    reviewed: bool
    reopened: int
    hops: int
    somebody_waits: bool = Field(description="有反映人在等")
    reporter: str = Field(description="反映人（已遮盖）；空为无权看或没有")


class TaskFacts(Schema):
    """What a unit's task tells."""

    unit: str
    role: str
    phase: int
    note: str
    result: str
    reply: str
    planned_on: date | None
    extended: int
    by_call: str


class SpotFacts(Schema):
    """What a settlement on the spot tells."""

    description: str
    place: str
    lon: float | None
    lat: float | None
    drawn: bool = Field(description="抽中复看")


def tell_case(actor: Actor, matter: Matter) -> CaseFacts:
    """Return a case's facts; the reporter masked, and only to who may know that there is one by name."""
    case: Case = matter.case
    shown = matter.reporter is not None and selectors.sees_reporter(actor, matter)
    same = ("place", "lon", "lat", "channel", "loop", "phase", "external_system", "external_number", "external_due_at",
            "result", "outcome", "satisfied", "reviewed", "reopened", "hops", "description")  # fmt: skip
    return CaseFacts(
        **{name: getattr(case, name) for name in same},
        lead_unit=case.lead_unit.name if case.lead_unit else "",
        somebody_waits=matter.reporter_id is not None or matter.resident_due_at is not None,
        reporter=mask_name(matter.reporter.name) if shown and matter.reporter else "",
    )


def tell_task(_actor: Actor, matter: Matter) -> TaskFacts:
    """Return a task's facts."""
    task = matter.task
    same = ("role", "phase", "note", "result", "reply", "planned_on", "extended", "by_call")
    return TaskFacts(unit=task.unit.name, **{name: getattr(task, name) for name in same})


def tell_spot(_actor: Actor, matter: Matter) -> SpotFacts:
    """Return a settlement's facts."""
    return SpotFacts(**{name: getattr(matter.spot, name) for name in ("description", "place", "lon", "lat", "drawn")})


registry.add_facts(CASE.kind, CaseFacts, tell_case)
registry.add_facts(TASK.kind, TaskFacts, tell_task)
registry.add_facts(SPOT.kind, SpotFacts, tell_spot)


# -- figures ----------------------------------------------------------------------------------------------------------

figures = Router(tags=["stats"], auth=auth.SIGNED_IN)


class CasesFigures(Schema):
    """How many cases: total = on_the_spot + filed, filed = open + closed."""

    total: int
    on_the_spot: int = Field(description="自处置，另计，不入三率")
    filed: int
    open: int
    overdue: int
    closed: int
    reopened: int
    duplicates: int


class RateFigures(Schema):
    """One rate between 0 and 1, raw and adjusted; null where there is nothing to divide by."""

    raw: float | None
    adjusted: float | None
    denominator: int
    exclusions: int


class RatesFigures(Schema):
    """The three rates, with the share of effective call-backs."""

    response: RateFigures
    solved: RateFigures
    satisfied: RateFigures
    effective_call_backs: float | None


@figures.get("/cases", response={200: CasesFigures, **PROBLEMS}, summary="案件数")
def case_figures(
    request: HttpRequest, area: shapes.AreaCode | None = None, since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """这些日子里进来的案件，现在的情况；与 linli stats cases 同一口径。"""
    return dataclasses.asdict(stats.cases(**_span(area, since, until)))


@figures.get("/rates", response={200: RatesFigures, **PROBLEMS}, summary="三率")
def rate_figures(
    request: HttpRequest, area: shapes.AreaCode | None = None, since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """响应率、解决率、满意率，原始与剔除后并列；与 linli stats rates 同一口径。"""
    return dataclasses.asdict(rates.rates(**_span(area, since, until)))


def _span(area: str | None, since: date | None, until: date | None) -> dict[str, Any]:
    if area:
        areas.tree().by_code(area)
    if since and until and until < since:
        raise Invalid({"until": [_("结束日期早于开始日期。")]})
    return {"area": area or "", "since": since, "until": until}


# -- helps for other forms --------------------------------------------------------------------------------------------

helps = Router(tags=["cases"], auth=auth.SIGNED_IN)


class CategoryLine(Schema):
    """A category of the district's table."""

    code: str
    name: str
    major: str


class CategoryList(Schema):
    """Categories, most likely first when guessed."""

    items: list[CategoryLine]


class Likeness(Schema):
    """An open case that may be the same thing."""

    number: str
    title: str
    metres: int | None


class LikenessList(Schema):
    """What may be the same thing; a person decides."""

    items: list[Likeness]


@helps.get("/guess", response={200: CategoryList, **PROBLEMS}, summary="按描述猜类别")
def guess(request: HttpRequest, text: Annotated[str, Field(min_length=1, max_length=1000)]) -> dict[str, Any]:
    """描述里的词最可能属于哪些类别。"""
    return _categories(policy.get(Categories).guess(text))


@helps.get("/{number}/duplicates", response={200: LikenessList, **PROBLEMS}, summary="可能是同一件事")
def duplicates(request: HttpRequest, number: shapes.Number) -> dict[str, Any]:
    """同类、相近、未结的案件，近的在前；只列调用岗位看得到的。"""
    actor = auth.actor_of(request)
    matter = matters.access_matter(actor, number)
    if matter.kind != CASE.kind:
        raise NotHere
    found = [(m, away) for m, away in selectors.possible_duplicates(matter) if matters.sees(actor, m)]
    return {"items": [{"number": m.number, "title": m.title, "metres": away} for m, away in found]}


def _categories(found: Any) -> dict[str, Any]:
    majors = policy.get(Categories).majors_by_code
    return {"items": [{"code": c.code, "name": c.name, "major": majors[c.major].name} for c in found]}


# -- residents --------------------------------------------------------------------------------------------------------

public = Router(tags=["public"], auth=None)


class Reported(Schema):
    """A report that was taken in. Keep the secret: it opens the report together with its number."""

    number: str
    secret: str
    url: str
    repeated: bool


class ReportStory(Schema):
    """A report as its reporter sees it."""

    number: str
    title: str
    stage: str
    says: str = Field(description="现在到哪一步，用大白话说")
    is_open: bool
    opened_at: datetime
    resident_due_at: datetime | None
    result: str
    outcome: str
    version: int
    can: list[shapes.OfferLine]


class PublicCase(Schema):
    """A case whose text somebody looked at before it became public: no names, no house numbers."""

    id: uuid.UUID
    title: str
    text: str
    category: str
    street: str
    stage: str
    says: str
    is_open: bool
    opened_on: date


class PublicCases(Schema):
    """A page of public cases."""

    items: list[PublicCase]
    next: str | None


class PhoneIn(Schema):
    """A phone to which a code is sent."""

    phone: Annotated[str, Field(max_length=20)]


class Sent(Schema):
    """A code is on its way, if the phone can get one."""

    sent: bool


Secret = Header(None, alias="X-Report-Secret", max_length=40)
Phone = Header(None, alias="X-Phone", max_length=20)
SmsCode = Header(None, alias="X-Phone-Code", max_length=10)


@public.post("/reports", response={201: Reported, **PROBLEMS}, url_name="report", summary="上报问题")
def report(request: HttpRequest) -> tuple[int, Reported]:
    """不用账号上报一个问题；Idempotency-Key 必须是新生成的 UUID，重发时用同一个。"""
    whose = acting.uuid_key(request)
    REPORTS.take(request)
    data = bodies.conform(bodies.schema_of(CASE.action("report").form), bodies.read(request))
    actor = auth.resident_of(request)
    outcome = perform(process=CASE, action="report", actor=actor, data=data, key=acting.key_of(request, whose))
    number = outcome.matter.number
    return 201, Reported(
        number=number, secret=outcome.secret, url=reverse("portal:track", args=[number, outcome.secret]),
        repeated=outcome.repeated,
    )  # fmt: skip


@public.get("/reports/{number}", response={200: ReportStory, **PROBLEMS}, url_name="story", summary="查询上报")
def story(
    request: HttpRequest,
    number: shapes.Number,
    secret: str | None = Secret,
    phone: str | None = Phone,
    code: str | None = SmsCode,
) -> ReportStory:
    """凭查询密钥，或上报时的手机号和短信验证码（一码一次）查询。"""
    actor, matter = _reporter(request, number, secret, phone, code)
    return _story(actor, matter)


@public.post("/reports/{number}/actions/{action}", url_name="answer", include_in_schema=False)
def answer(
    request: HttpRequest, number: shapes.Number, action: shapes.Code, secret: str | None = Secret
) -> shapes.Done:
    """评价、要求复核、重开、催办、撤回自己的上报。"""
    REPORTS.take(request)
    actor, matter = _reporter(request, number, secret, None, None)
    return views.done(acting.act(request, actor, matter, action, f"report {matter.pk}"))


@public.post("/codes", response={202: Sent, **PROBLEMS}, summary="发送手机验证码")
def send_code(request: HttpRequest, body: PhoneIn) -> tuple[int, Sent]:
    """给手机发一个五分钟内有效的验证码。"""
    sign_in.request_code(phone=body.phone, network=network(request))
    return 202, Sent(sent=True)


@public.post("/files", response={201: shapes.Uploaded, **PROBLEMS}, summary="上传照片")
def upload(
    request: HttpRequest,
    file: File[UploadedFile],
    id: Form[uuid.UUID | None] = None,  # noqa: A002 - the field's name in the form, as at /files/
    captured_at: Form[datetime | None] = None,
    lon: Form[reading.Lon | None] = None,
    lat: Form[reading.Lat | None] = None,
) -> tuple[int, dict[str, Any]]:
    """上报前先传照片，把得到的 id 放进 photos。"""
    UPLOADS.take(request)
    return 201, reading.received(request, auth.resident_of(request), file, id, captured_at, lon, lat)


@public.get("/categories", response={200: CategoryList, **PROBLEMS}, summary="可选的类别")
def categories(request: HttpRequest) -> dict[str, Any]:
    """上报时可选的类别；不选也可以。"""
    return _categories(c for c in policy.get(Categories).categories if c.offered)


@public.get("/cases", response={200: PublicCases, **PROBLEMS}, summary="公开的案件")
def cases(
    request: HttpRequest,
    category: shapes.Code | None = None,
    area: shapes.AreaCode | None = None,
    open: bool | None = None,  # noqa: A002 - the word people use in a query
    cursor: uuid.UUID | None = None,
    limit: shapes.Limit = 50,
) -> dict[str, Any]:
    """经人看过、同意公开的案件，新的在前；地点只到街道。"""
    given = {"matter__category": category, "matter__area_code__startswith": area, "matter__is_open": open}
    rows = Case.objects.filter(
        released_at__isnull=False, matter__restricted=False, **{k: v for k, v in given.items() if v is not None}
    ).select_related("matter")
    page, following = paging.newest_first(rows, cursor, limit)
    return {"items": [_public(case) for case in page], "next": following}


def _public(case: Case) -> PublicCase:
    matter, tree = case.matter, areas.tree()
    node = tree.find_id(matter.area_id)
    street = tree.at_level(node, Level.STREET) if node else None
    stage = CASE.stage(matter.stage)
    return PublicCase(
        id=matter.pk, title=case.public_title, text=case.public_text, category=matter.category,
        street=street.name if street else "", stage=matter.stage, says=str(stage.plain), is_open=matter.is_open,
        opened_on=clock.local(matter.opened_at).date(),
    )  # fmt: skip


def _reporter(
    request: HttpRequest, number: str, secret: str | None, phone: str | None, code: str | None
) -> tuple[Actor, Matter]:
    """Return the reporter and the report that secret, code or session open. Raises :class:`NotHere`."""
    if secret:
        matter = matters.access_by_secret(number, secret)
        found = resident_actor(secret_for=matter.pk)
    elif phone and code:
        person = sign_in.verify_code(phone=phone, code=code)
        found = resident_actor(person)
    else:
        found = auth.resident_of(request)
    matter = matters.access_matter(found, number)
    if matter.kind != CASE.kind:
        raise NotHere
    return found, matter


def _story(actor: Actor, matter: Matter) -> ReportStory:
    case: Case = matter.case
    stage = process_of(matter.kind).stage(matter.stage)
    whole = views.full(actor, matter)
    return ReportStory(
        number=matter.number, title=matter.title, stage=matter.stage, says=str(stage.plain), is_open=matter.is_open,
        opened_at=matter.opened_at, resident_due_at=matter.resident_due_at, result=case.result, outcome=case.outcome,
        version=matter.version, can=whole["offers"],
    )  # fmt: skip


def _for_reporters(rule: Rule | None) -> bool:
    """Return whether a rule admits the reporter by itself."""
    return isinstance(rule, Reporter) or (isinstance(rule, Any_) and any(_for_reporters(part) for part in rule.parts))


def _write_paths(schema: dict[str, Any]) -> None:
    """Write what the reporter may do, one operation each, and the body of a report."""
    base = next(path for path in schema["paths"] if path.endswith("/public/reports"))
    body = reference(data_name(CASE, CASE.action("report")))
    posting = schema["paths"][base]["post"]
    posting["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    key = KEY | {"required": True, "schema": {"type": "string", "format": "uuid"}}
    posting.setdefault("parameters", []).append(key)
    secret = {
        "in": "header",
        "name": "X-Report-Secret",
        "required": True,
        "schema": {"type": "string", "maxLength": 40},
    }
    for action in CASE.actions:
        if action.is_opening or not _for_reporters(action.by):
            continue
        content = {"schema": action_body(data_name(CASE, action), bool(action.form))}
        schema["paths"][f"{base}/{{number}}/actions/{action.name}"] = {
            "post": {
                "operationId": f"reporter_{action.name}",
                "summary": str(action.title),
                "tags": ["public"],
                "parameters": [NUMBER, secret],
                "requestBody": {"required": True, "content": {"application/json": content}},
                "responses": answers("Done"),
                "x-idempotent": True,
            }
        }


registry.add_router("/stats", figures)
registry.add_router("/cases", helps)
registry.add_router("/public", public)
registry.add_paths(_write_paths)
