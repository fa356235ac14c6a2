"""Errors in one shape: problem details (RFC 9457), with ``errors`` by field, in the words people read."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from linli.kernel.errors import Invalid, UserError
from linli.surfaces.api.auth import NotSignedIn
from linli.surfaces.api.buckets import TooOften

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
STATUSES = (400, 401, 403, 404, 409, 413, 422, 429)


class Problem(Schema):
    """What went wrong and what to do (RFC 9457)."""

    type: str = Field(description="urn:linli:error:<code>")
    title: str = Field(description="写给人看的原因和办法")
    status: int
    code: str = Field(description="供程序判断的代码，不随文字改变")
    errors: dict[str, list[str]] = Field(default_factory=dict, description="按字段列出的问题")


PROBLEMS: dict[int, Any] = dict.fromkeys(STATUSES, Problem)
"""What every operation may answer besides its own; ninja takes it as part of ``response=``."""


def answer(
    status: int, code: str, title: str, errors: dict[str, list[str]] | None = None, **headers: str
) -> HttpResponse:
    """Return a problem as an HTTP answer."""
    body = {"type": f"urn:linli:error:{code}", "title": title, "status": status, "code": code, "errors": errors or {}}
    found = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    return found


def said(_request: HttpRequest, error: UserError) -> HttpResponse:
    """Answer what a user caused."""
    errors = error.errors if isinstance(error, Invalid) else {error.field: [str(error)]} if error.field else None
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW_Authenticate"] = "Bearer"
    if isinstance(error, TooOften):
        headers["Retry_After"] = str(error.retry_after)
    return answer(error.status, error.code, str(error.message), errors, **headers)


def malformed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters that do not hold, each at its name."""
    found: dict[str, list[str]] = {}
    for one in error.errors:
        name = str(one["loc"][-1]) if one.get("loc") else ""
        found.setdefault(name, []).append(_say(one))
    return answer(422, "invalid", next(iter(found.values()))[0] if found else _("请求的参数不对。"), found)


def _say(one: dict[str, Any]) -> str:
    kind, context = str(one.get("type", "")), one.get("ctx") or {}
    texts = {
        "missing": _("请填写此项。"),
        "string_pattern_mismatch": _("格式不对。"),
        "string_too_long": _("最多%(max)s个字。") % {"max": context.get("max_length", "")},
        "less_than_equal": _("不能大于%(max)s。") % {"max": context.get("le", "")},
        "greater_than_equal": _("不能小于%(min)s。") % {"min": context.get("ge", "")},
        "literal_error": _("只能是：%(expected)s。") % {"expected": context.get("expected", "")},
        "extra_forbidden": _("没有这个字段。"),
    }
    if kind.startswith("uuid"):
        return _("编号格式不对，应为 UUID。")
    if kind.startswith("date"):
        return _("日期格式不对，应如 2026-01-31。")
    return texts.get(kind, _("类型或格式不对。"))


def install(api: NinjaAPI) -> None:
    """Answer every error of ``api`` as a problem."""

    def refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == 400:
            return answer(400, "bad_request", _("请求的内容读不出来：应为 JSON。"))
        return answer(error.status_code, "refused", str(error))

    def nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return said(request, NotSignedIn())

    def nowhere(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(404, "not_found", _("没有找到，或不在您的岗位范围内。"))

    def ours(_request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("an API request failed", exc_info=error)
        return answer(500, "fault", _("系统出了问题，已记录。请稍后再试；您提交的内容没有写入。"))

    handlers: dict[type[Exception], Any] = {
        UserError: said,
        ValidationError: malformed,
        AuthenticationError: nobody,
        HttpError: refused,
        Http404: nowhere,
        Exception: ours,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
