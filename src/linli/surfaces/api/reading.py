"""What is read and never changed here: who calls, areas, policy in force, declared processes; and uploads."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import Field

from linli.kernel import areas, clock, evidence
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.evidence import views as evidence_views
from linli.kernel.matters import Process
from linli.kernel.matters.declare import PROCESSES
from linli.kernel.matters.rules import duties_of
from linli.kernel.policy import files as policy_files
from linli.kernel.policy import selectors as policies
from linli.surfaces.api import acting, auth, bodies, shapes
from linli.surfaces.api.problems import PROBLEMS

router = Router()
MOST_AREAS = 500

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
LevelName = Literal["district", "street", "community", "grid", "micro"]


@router.get("/me", auth=auth.SIGNED_IN, response={200: shapes.Me, **PROBLEMS}, tags=["me"], summary="我是谁")
def me(request: HttpRequest) -> dict[str, Any]:
    """调用者的岗位、单位、负责区域和职责。"""
    actor = auth.actor_of(request)
    return {
        "kind": actor.kind.value,
        "label": actor.label,
        "post": {"id": actor.post.pk, "name": actor.post.title} if actor.post else None,
        "post_kind": actor.post.kind if actor.post else "",
        "unit": {"id": actor.unit.pk, "name": actor.unit.name} if actor.unit else None,
        "area_codes": list(actor.area_codes),
        "duties": sorted(duties_of(actor)),
        "may_write": actor.may_write,
        "on": clock.today(),
    }


@router.get("/areas", auth=None, response={200: shapes.AreaList, **PROBLEMS}, tags=["areas"], summary="区域")
def list_areas(
    request: HttpRequest,
    parent: shapes.AreaCode | None = None,
    level: LevelName | None = None,
    q: shapes.Word | None = None,
    on: date | None = None,
) -> dict[str, Any]:
    """某日的区域：默认区县的下一级；parent 给下一级，level 给该层全部，q 按名称、拼音、编码找。最多 500 个。"""
    tree = areas.tree(on)
    if q:
        found = tree.search(q, limit=50, level=level)
    elif level:
        found = tree.of_level(level, within=parent or "")
    else:
        found = tree.children(tree.by_code(parent) if parent else tree.root)
    return {"items": [_area(tree, node) for node in found[:MOST_AREAS]]}


@router.get(
    "/areas/locate", auth=None, response={200: shapes.AreaFull, **PROBLEMS}, tags=["areas"], summary="这个点在哪里"
)
def locate(request: HttpRequest, lon: Lon, lat: Lat, on: date | None = None) -> dict[str, Any]:
    """经纬度（度）所在的最小区域；不在区县内答 404。"""
    tree = areas.tree(on)
    node = tree.locate(lon, lat)
    if node is None:
        raise NotHere
    return _area_full(tree, node)


@router.get("/areas/{code}", auth=None, response={200: shapes.AreaFull, **PROBLEMS}, tags=["areas"], summary="一个区域")
def one_area(request: HttpRequest, code: shapes.AreaCode, on: date | None = None) -> dict[str, Any]:
    """某日的一个区域，连同它的上级和用词（村民委员会、居民委员会）。"""
    tree = areas.tree(on)
    return _area_full(tree, tree.by_code(code))


def _area(tree: areas.Tree, node: areas.Node) -> dict[str, Any]:
    above = tree.parent(node)
    return {
        "id": node.id, "code": node.code, "name": node.name, "level": str(node.level.value),
        "kind": str(node.kind.value), "parent": above.code if above else None, "lon": node.lon, "lat": node.lat,
        "sketch": node.sketch,
    }  # fmt: skip


def _area_full(tree: areas.Tree, node: areas.Node) -> dict[str, Any]:
    path = [step.code for step in tree.path(node)]
    words = {name: str(word) for name, word in areas.words(node).items()}
    return _area(tree, node) | {"path": path, "label": tree.label(node), "words": words}


@router.get(
    "/policy", auth=auth.SIGNED_IN, response={200: shapes.PolicyList, **PROBLEMS}, tags=["policy"], summary="政策文件"
)
def list_policy(request: HttpRequest, on: date | None = None) -> dict[str, Any]:
    """某日生效的政策文件；改动在工作台起草、批准。"""
    found = policies.overview(on)
    return {"items": [_policy(entry) for entry in found]}


@router.get(
    "/policy/{name}",
    auth=auth.SIGNED_IN,
    response={200: shapes.PolicyFull, **PROBLEMS},
    tags=["policy"],
    summary="一份政策文件",
)
def one_policy(request: HttpRequest, name: shapes.Code) -> dict[str, Any]:
    """今天生效的一份政策文件，连同内容。"""
    entry = next((e for e in policies.overview() if e.name == name), None)
    if entry is None:
        raise NotHere
    return _policy(entry) | {"body": policy_files.body_of(policies.current(name))}


def _policy(entry: policies.Entry) -> dict[str, Any]:
    return {"name": entry.name, "title": entry.title, "number": entry.number, "gaps": list(entry.gaps)}


@router.get(
    "/processes",
    auth=auth.SIGNED_IN,
    response={200: shapes.ProcessList, **PROBLEMS},
    tags=["processes"],
    summary="办事流程",
)
def list_processes(request: HttpRequest) -> dict[str, Any]:
    """全部流程的声明：环节、动作、时限、表单。"""
    return {"items": [_process(process) for process in PROCESSES.values()]}


def _process(process: Process) -> dict[str, Any]:
    return {
        "kind": process.kind,
        "prefix": process.prefix,
        "title": str(process.title),
        "source": process.source,
        "stages": [
            {"key": s.key, "title": str(s.title), "plain": str(s.plain), "closed": s.closed}
            for s in process.stages.values()
        ],
        "clocks": {key: str(c.title) for key, c in process.clocks.items()},
        "actions": [
            {
                "name": a.name,
                "title": str(a.title),
                "opening": a.is_opening,
                "from_stages": None if a.sources is None else [s.key for s in a.sources if s.key],
                "to_stage": a.target.key if a.target else None,
                "duties": sorted(a.by.duties()) if a.by else [],
                "trigger": "by" if a.by else "after" if a.after else "on",
                "approval": a.needs.name if a.needs else None,
                "starts": [c.key for c in a.starts],
                "stops": [c.key for c in a.stops],
                "form": bodies.schema_of(a.form) if acting.by_somebody(a) else None,
            }
            for a in process.actions
        ],
    }


@router.post(
    "/files", auth=auth.SIGNED_IN, response={201: shapes.Uploaded, **PROBLEMS}, tags=["files"], summary="上传照片或文件"
)
def upload(
    request: HttpRequest,
    file: File[UploadedFile],
    id: Form[uuid.UUID | None] = None,  # noqa: A002 - the field's name in the form, as at /files/
    captured_at: Form[datetime | None] = None,
    lon: Form[Lon | None] = None,
    lat: Form[Lat | None] = None,
) -> tuple[int, dict[str, Any]]:
    """收下一个文件并隔离，后台处理好才可见；id 由客户端生成，同一个 id 只收一次。"""
    return 201, received(request, auth.actor_of(request), file, id, captured_at, lon, lat)


def received(
    _request: HttpRequest,
    actor: Any,
    file: UploadedFile,
    identifier: uuid.UUID | None,
    captured_at: datetime | None,
    lon: float | None,
    lat: float | None,
) -> dict[str, Any]:
    """Take an upload in for ``actor`` and return it as the API shows it."""
    row = evidence.receive(file, uploader=actor, id=identifier, captured_at=_moment(captured_at), lon=lon, lat=lat)
    return {"id": row.pk, "kind": row.kind, "state": row.state, "size": row.size}


def _moment(given: datetime | None) -> datetime | None:
    """Return a device's time by the clock of China; without an offset it is meant so already."""
    if given is None or not given.tzinfo:
        return given and given.replace(tzinfo=clock.CHINA)
    try:
        return clock.local(given)
    except OverflowError as error:
        raise Invalid({"captured_at": [_("拍摄时间不对。")]}) from error


@router.get("/files/{id}", auth=auth.SIGNED_IN, url_name="file", include_in_schema=False)
def one_file(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - as above
    """Serve a file to whoever may see it; the schema describes it as bytes (see ``openapi.FILE``)."""
    return evidence_views.full(request, id)
