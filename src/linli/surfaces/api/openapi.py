"""The API itself, and its OpenAPI 3.1 document: true for every action of every declared process."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.text import capfirst
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation

from linli.kernel.matters import Action, Process
from linli.kernel.matters.declare import PROCESSES
from linli.surfaces.api import acting, bodies, problems, registry, shapes

DESCRIPTION = """\
区县基层治理平台的接口。**岗位**办事：令牌由 `linli token` 或系统管理岗签发，绑定一个岗位，权限与该岗位在工作台的相同；
看不到的一律答 404。\n
- 时间一律 ISO 8601 带时区，日期为北京日期。列表按 `cursor` 翻页。\n
- 会改动的请求可带 `Idempotency-Key`：同一个键重发，答复第一次的结果，不办两次。\n
- 出错一律 `application/problem+json`（RFC 9457），`errors` 按字段列出，文字可直接给人看。\n
- GET 带 `ETag`；`If-None-Match` 相同则答 304。
"""


class Linli(NinjaAPI):
    """Ninja's API with ETags on what is read, and a schema completed from the declared processes."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """Return the answer; a GET whose content the caller has already is 304."""
        response = super().create_response(request, data, **options)
        if request.method != "GET" or response.status_code != 200:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return get_conditional_response(request, etag=etag, response=response) or response

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return a name that generated clients can live with: ``one_matter``, ``cases_report``."""
        room = operation.view_func.__module__.split(".")[-2]
        name = str(operation.view_func.__name__)
        return name if room == "api" else f"{room}_{name}"

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document, with actions, files and problems as they are really answered."""
        schema = super().get_openapi_schema(**options)
        prefix = next(path for path in schema["paths"] if path.endswith("/matters")).removesuffix("/matters")
        write_actions(schema, prefix)
        for write in registry.documents:
            write(schema)
        for path in schema["paths"].values():
            for operation in path.values():
                _tell_problems(operation)
                _tell_key(operation)
        return schema


def _tell_problems(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            response["content"] = {problems.MEDIA_TYPE: content["application/json"]}


def _tell_key(operation: dict[str, Any]) -> None:
    if operation.pop("x-idempotent", False):
        operation.setdefault("parameters", []).append(KEY)


KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": acting.LONGEST_KEY, "pattern": "^[!-~]+$"},
    "description": "同一个键重发，答复第一次的结果。",
}

NUMBER: dict[str, Any] = {
    "in": "path",
    "name": "number",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9A-Za-z-]{3,32}$"},
}

SIGNED_IN: list[dict[str, list[str]]] = [{"Token": []}, {"Session": []}]


def reference(name: str) -> dict[str, str]:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def answers(success: str, status: int = 200) -> dict[int, Any]:
    """Return the answers of an operation: its own, and the problems."""
    return {status: {"description": "OK", "content": {"application/json": {"schema": reference(success)}}}} | {
        code: {"description": "Problem", "content": {problems.MEDIA_TYPE: {"schema": reference("Problem")}}}
        for code in problems.STATUSES
    }


def data_name(process: Process, action: Action) -> str:
    """Return the component's name of an action's data: ``CaseDispatchData``."""
    return "".join(capfirst(part) for part in f"{process.kind}_{action.name}_data".split("_"))


def write_actions(schema: dict[str, Any], prefix: str) -> None:
    """Write one operation for each action that somebody may do, and what may begin a matter."""
    components: dict[str, Any] = schema["components"]["schemas"]
    components["Done"] = shapes.Done.model_json_schema(ref_template=REF_TEMPLATE)
    openings: list[dict[str, Any]] = []
    by_name: dict[str, list[tuple[Process, Action]]] = {}
    for process in PROCESSES.values():
        for action in process.actions:
            if not acting.by_somebody(action):
                continue
            components[data_name(process, action)] = bodies.schema_of(action.form)
            if action.is_opening:
                openings.append(_opening(process, action))
            else:
                by_name.setdefault(action.name, []).append((process, action))
    begin = schema["paths"][f"{prefix}/matters"]["post"]
    begin["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"oneOf": openings}}}}
    begin["x-idempotent"] = True
    for name, doers in by_name.items():
        schema["paths"][f"{prefix}/matters/{{number}}/actions/{name}"] = {"post": _action(name, doers)}
    schema["paths"][f"{prefix}/files/{{id}}"] = {"get": FILE}


def _opening(process: Process, action: Action) -> dict[str, Any]:
    data = reference(data_name(process, action))
    return {
        "title": f"{process.title}·{action.title}",
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "action", "data"],
        "properties": {"kind": {"const": process.kind}, "action": {"const": action.name}, "data": data},
    }


def _action(name: str, doers: list[tuple[Process, Action]]) -> dict[str, Any]:
    """Return the operation of an action; several processes may have one of that name."""
    bodies_of = [action_body(data_name(process, action), bool(action.form)) for process, action in doers]
    return {
        "operationId": f"act_{name}",
        "summary": "、".join(dict.fromkeys(str(action.title) for _process, action in doers)),
        "description": "\n".join(_say(process, action) for process, action in doers),
        "tags": ["actions"],
        "parameters": [NUMBER],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": bodies_of[0] if len(bodies_of) == 1 else {"anyOf": bodies_of}}},
        },
        "responses": answers("Done"),
        "security": SIGNED_IN,
        "x-idempotent": True,
    }


def action_body(data: str, needed: bool) -> dict[str, Any]:
    """Return the body of an action: its data, and the version that the caller saw."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["data"] if needed else [],
        "properties": {"data": reference(data), "version": {"type": ["integer", "null"]}},
    }


def _say(process: Process, action: Action) -> str:
    sources = "任何未结环节" if action.sources is None else "、".join(str(s.title) for s in action.sources)
    target = f"到“{action.target.title}”" if action.target else "环节不变"
    duties = "、".join(sorted(action.by.duties())) if action.by else ""
    return f"- {process.title}：由“{sources}”{target}" + (f"；职责 {duties}" if duties else "")


FILE: dict[str, Any] = {
    "operationId": "one_file",
    "summary": "取照片或文件",
    "tags": ["files"],
    "parameters": [
        {"in": "path", "name": "id", "required": True, "schema": {"type": "string", "format": "uuid"}},
    ],
    "responses": {
        200: {"description": "OK", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    }
    | {
        code: {"description": "Problem", "content": {problems.MEDIA_TYPE: {"schema": reference("Problem")}}}
        for code in problems.STATUSES
    },
    "security": SIGNED_IN,
}
