"""Uploading and serving files. Thin: what may come in is decided by services, who may see by a gate."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import clock, jobs
from linli.kernel.errors import UserError
from linli.kernel.evidence import places, selectors, services
from linli.kernel.evidence.models import Attachment, Kind, State
from linli.kernel.evidence.sniffing import EXTENSIONS
from linli.kernel.posts import session

#: Whether this request may see a file that is not public; asked with ``request``, ``attachment``, ``size``.
may_see = jobs.gate("evidence.may_see", default=False)
#: Whether this request may upload; anybody may by default, since reporting needs no account.
may_upload = jobs.gate("evidence.may_upload", default=True)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file (``file``) and answer with its id: as JSON, or by going back to ``next`` with ``?file=``.

    Fields: ``file``; optional ``id`` (a client-made UUID: the same file is accepted once), ``kind``,
    ``captured_at`` (ISO 8601, China's time without an offset), ``lon``, ``lat``, ``watermark``, ``consent``.
    """
    try:
        attachment = _receive(request)
    except UserError as error:
        return _refused(request, error)
    back = _next(request)
    if back:
        joint = "&" if "?" in back else "?"
        return HttpResponseRedirect(f"{back}{joint}file={attachment.id}")
    return JsonResponse(
        {
            "id": str(attachment.id),
            "kind": attachment.kind,
            "state": attachment.state,
            "size": attachment.size,
            "url": reverse("evidence:full", args=[attachment.id]),
            "thumb": reverse("evidence:thumb", args=[attachment.id]),
        },
        status=201,
    )


@require_GET
def full(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Serve a file to whoever the gate lets see it; 404 to everybody else, and while it is processed."""
    return _guarded(request, attachment_id, "full")


@require_GET
def thumb(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Serve a photo's small picture, under the same rule."""
    return _guarded(request, attachment_id, "thumb")


@require_GET
def public(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """Serve the reviewed copy of a released photo to anybody."""
    attachment = selectors.by_id(attachment_id)
    if attachment is None or attachment.public_at is None:
        raise Http404
    # Short: a photo taken back from the public must be gone within minutes.
    return _serve(request, attachment, "public", "public, max-age=300")


def _receive(request: HttpRequest) -> Attachment:
    if not may_upload.ask(request=request):
        raise UserError(_("现在不能上传，请稍后再试。"), code="upload_refused")
    file = request.FILES.get("file")
    if file is None:
        raise UserError(_("请先选择照片或文件。"), field="file")
    given = request.POST
    try:
        identifier = uuid.UUID(given["id"]) if given.get("id") else None
        kind = Kind(given["kind"]) if given.get("kind") else None
        lon, lat = (float(given[name]) if given.get(name) else None for name in ("lon", "lat"))
        captured_at = _moment(given.get("captured_at", ""))
    except ValueError:
        raise UserError(_("上传的时间、地点或编号格式不对，请重新上传。")) from None
    if kind in {Kind.READING, Kind.WORD}:
        raise UserError(_("读数和陈述请直接填写，不用上传文件。"), field="kind")
    return services.receive(
        file,
        uploader=session.actor(request),
        captured_at=captured_at,
        lon=lon,
        lat=lat,
        id=identifier,
        kind=kind,
        watermark=given.get("watermark", ""),
        consent=given.get("consent", ""),
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.CHINA)


def _next(request: HttpRequest) -> str:
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else ""


def _refused(request: HttpRequest, error: UserError) -> HttpResponse:
    back = _next(request)
    if back:
        messages.error(request, str(error))
        return HttpResponseRedirect(back)
    problem = {
        "type": f"urn:linli:error:{error.code}",
        "title": str(error),
        "status": error.status,
        "code": error.code,
    }
    if error.field:
        problem["field"] = error.field
    return JsonResponse(
        problem,
        status=error.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _guarded(request: HttpRequest, attachment_id: uuid.UUID, size: places.Size) -> HttpResponse:
    attachment = selectors.by_id(attachment_id)
    if attachment is None or attachment.state != State.READY or not attachment.has_file:
        raise Http404
    if size == "thumb" and not attachment.is_image:
        raise Http404
    if not may_see.ask(request=request, attachment=attachment, size=size):
        raise Http404
    return _serve(request, attachment, size, "private, max-age=3600")


def _serve(request: HttpRequest, attachment: Attachment, size: places.Size, caching: str) -> HttpResponse:
    # Content never changes under one id and size, except the public copy when it is released anew.
    released = attachment.public_at.timestamp() if size == "public" and attachment.public_at else ""
    etag = f'"{attachment.id.hex}-{size}{released}"'
    answer = get_conditional_response(request, etag=etag) or _file(attachment, size)
    answer["ETag"] = etag
    answer["Cache-Control"] = caching
    answer["X-Content-Type-Options"] = "nosniff"
    # Whatever a file holds, it is no page of ours: no script, no form, no origin.
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _file(attachment: Attachment, size: places.Size) -> HttpResponse:
    try:
        file = places.finished(attachment.id, size).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(file, content_type=attachment.media_type)
    answer["Content-Disposition"] = _disposition(attachment)
    return cast("HttpResponse", answer)


def _disposition(attachment: Attachment) -> str:
    if attachment.is_image or attachment.kind == Kind.RECORDING:
        return "inline"
    name = attachment.name or f"{attachment.id}.{EXTENSIONS.get(attachment.media_type, 'bin')}"
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
