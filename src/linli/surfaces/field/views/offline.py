"""The addresses that phones use: the shell, the service worker, the day's pack, keys, sending in, handing in."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import UserError
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.field.access import worker
from linli.surfaces.field.offline import keys, pack, precache, taking, words

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
MOST_PHOTOS = 12
LARGEST = 60 * 1024 * 1024
"""A hand-in file of forty items with four photos each of 300 KB, with room."""


def device(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open an address to a script acting for a post: what a page says by redirecting is said in JSON."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _json({"state": "signed_out", "said": _("登录已过期，请重新登录；没上传的都还在手机里。")}, 401)
        actor = session.actor(request)
        if not actor.is_post:
            return _json({"state": "no_post", "said": _("您现在没有岗位，请联系社区书记。")}, 403)
        return view(request, actor, *args, **kwargs)

    return answer


def _json(body: Mapping[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page that works without a network. Nothing on it is anybody's: it shows what the phone keeps."""
    return HttpResponse(_shell(request))


def _shell(request: HttpRequest) -> str:
    return render_to_string("field/offline.html", {"request": request, "words": words.words()})


@require_GET
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of what it keeps; its text changes when any of that changes."""
    release = {
        "version": precache.version(_shell(request)),
        "shell": reverse("field:offline"),
        "scope": reverse("field:today"),
        "files": precache.addresses(),
    }
    code = render_to_string("field/sw.js")
    text = f"const RELEASE = {json.dumps(release, ensure_ascii=False)};\n{code}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@require_GET
@device
def day(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The pack for today, with the keys that open the store it goes into."""
    return _json(pack.pack(actor) | _keys(request, actor))


@require_GET
@device
def lend_keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lend a signed-in phone the keys of its store; ``?id=`` names the master it was locked under."""
    return _json(_keys(request, actor))


def _keys(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    account = request.user.pk
    assert isinstance(account, uuid.UUID)  # noqa: S101 - device() let only accounts in
    asked = keys.unlocking(account, request.GET.get("id", "")[:16])
    current = keys.unlocking(account)
    assert current is not None  # noqa: S101 - the current master is in the ring
    get_token(request)  # a phone that only sends needs the cookie as well
    return {
        "who": str(actor.person_id),
        "post": str(actor.post_id),
        "unlock": current.as_json(),
        "asked": asked.as_json() if asked else None,
        "hand_in": keys.hand_in_key().as_json(),
    }


@require_POST
@device
def sync(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take in one item with its photos: ``_item`` (the envelope) and ``_photos`` (JSON), the form's fields, the files.

    Answers 200 for one that was taken in now or before; 409 with what others did; 422, 404, 403, 400 with the
    reason in words. Sending it again after an interruption is safe: photos and item are known by their ids.
    """
    item = None
    person = actor.person
    assert person is not None  # noqa: S101 - a session's actor has a person
    try:
        item = _item(request)
        return _json(taking.accepted(taking.take(person, item)))
    except UserError as error:
        return _json(taking.refused(error, person, item), error.status)


def _item(request: HttpRequest) -> taking.Item:
    envelope = _read(request.POST.get("_item", ""), dict)
    about = _read(request.POST.get("_photos", "[]"), list)
    if len(about) > MOST_PHOTOS:
        raise UserError(_("一条最多 %(n)d 张照片。") % {"n": MOST_PHOTOS})
    photos = []
    for one in about:
        file = request.FILES.get(f"photo-{one.get('id', '')}") if isinstance(one, dict) else None
        if file is None:
            raise UserError(_("照片没有传完整，这一条会再传一次。"), code="incomplete")
        photos.append(taking.photo(one, file))
    return taking.Item(**taking.envelope(envelope), data=request.POST, photos=tuple(photos))


def _read(text: str, kind: type) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, kind):
        raise UserError(_("这一条的信封不完整，没有收下。请在手机上重新填一遍。"), code="bad_item")
    return found


# -- handing in ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@worker()
def hand_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take in the encrypted file that a phone saved, at a desk, by the person whose phone it is."""
    results: list[dict[str, Any]] = []
    error = ""
    if request.method == "POST":
        try:
            results = _taken_from_file(request, actor)
        except UserError as refused:
            error = str(refused)
    counts = {state: sum(r["state"] == state for r in results) for state in ("accepted", "repeated")}
    context = {"results": results, "error": error, "counts": counts, "refused": len(results) - sum(counts.values())}
    return render(request, "field/hand_in.html", context, status=422 if error else 200)


def _taken_from_file(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    upload = request.FILES.get("file")
    if upload is None:
        raise UserError(_("请先选择手机存下的文件。"), field="file")
    if (upload.size or 0) > LARGEST:
        raise UserError(_("文件超过 60 MB。请在手机上分两次存。"), field="file")
    found = keys.opened(upload.read())
    if found.get("who") != str(actor.person_id):
        raise UserError(_("这是另一个人的手机存的文件。请他本人登录后再交。"), field="file")
    items = found.get("items")
    if not isinstance(items, list):
        raise UserError(_("文件里没有要交的内容。"), field="file")
    return [_taken_one(actor, one) for one in items]


def _taken_one(actor: Actor, one: Any) -> dict[str, Any]:
    assert actor.person is not None  # noqa: S101 - a session's actor has a person
    item = None
    label = ""
    try:
        item, label = _unpacked(one)
        return taking.accepted(taking.take(actor.person, item)) | {"label": label}
    except UserError as error:
        return taking.refused(error, actor.person, item) | {"label": label}


def _unpacked(one: Any) -> tuple[taking.Item, str]:
    """Return an item of a hand-in file: its envelope, its fields, its photos in base64."""
    try:
        data: MultiValueDict[str, Any] = MultiValueDict()
        for name, value in one["fields"]:
            data.appendlist(str(name), str(value))
        photos = tuple(
            taking.photo(about, SimpleUploadedFile("photo.jpg", base64.b64decode(about["content"])))
            for about in one["photos"]
        )
        label = str(one.get("label", ""))[:80]
        envelope = dict(one["item"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError(_("这一条在文件里不完整，没有收下。"), code="bad_item") from None
    return taking.Item(**taking.envelope(envelope), data=data, photos=photos), label
