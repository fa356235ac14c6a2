"""随手拍: photo, place, what; three plain pages, on a phone, without an account and without script."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.affairs.cases import choices
from linli.affairs.cases.allowances import REPORTS, UPLOADS
from linli.affairs.cases.forms import ReportForm
from linli.affairs.cases.icons import icon_of
from linli.affairs.cases.policy import Alert, Categories, Category, Guidance, Phone
from linli.affairs.cases.portal import draft as drafts
from linli.affairs.cases.portal.draft import Draft
from linli.affairs.cases.process import CASE
from linli.kernel import areas, evidence, policy
from linli.kernel.errors import Invalid, UserError
from linli.kernel.matters import perform
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor, resident_actor
from linli.surfaces.parts.forms import CardRadio, PhotoInput
from linli.surfaces.portal import places

GUESSES = 3
LONGEST_GUESS = 1000


@require_http_methods(["GET", "POST"])
def photo(request: HttpRequest) -> HttpResponse:
    """Step one: a photo, or none."""
    draft = drafts.read(request)
    error = ""
    if request.method == "POST":
        try:
            received = [_receive(request, upload) for upload in request.FILES.getlist("photos")]
        except UserError as refused:
            error = str(refused)
        else:
            kept = request.POST.getlist("photos_ids")
            draft.photos = drafts.only_ids([*kept, *received])
            return _next(draft, reverse("portal:report-place"))
    widget = PhotoInput(upload_url=reverse("evidence:upload"), most=drafts.MOST_PHOTOS, attrs={"id": "photos"})
    context = {"draft": draft, "input": widget.render("photos", None, {"id": "photos"}), "error": error, "step": 1}
    return render(request, "cases/portal/photo.html", context, status=422 if error else 200)


def _receive(request: HttpRequest, upload: Any) -> str:
    reporter = _reporter(request)
    if reporter.person is None:
        UPLOADS.take(request)
    return str(evidence.receive(upload, uploader=reporter).pk)


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Step two: where; by the phone's position, or by pressing street, community and perhaps grid."""
    draft = drafts.read(request)
    if request.method == "GET":
        return _place_page(request, draft, request.GET.get("in", ""))
    draft.place = request.POST.get("place", "").strip()[:120]
    if "here" in request.POST:
        return _take_point(request, draft)
    code = request.POST.get("area") or request.POST.get("in", "")
    if ("area" in request.POST and places.label(code)) or places.is_final(code):
        draft.area, draft.lon, draft.lat = code, None, None
        return _next(draft, reverse("portal:report-what"))
    return _next(draft, f"{reverse('portal:report-place')}?{urlencode({'in': code})}#areas")


def _take_point(request: HttpRequest, draft: Draft) -> HttpResponse:
    point = _point(request)
    node = areas.tree().locate(*point) if point else None
    if point is None or node is None:
        error = _("没有认出您现在的位置，请从下面的名单里选。")
        return _place_page(request, draft, "", error)
    draft.lon, draft.lat = point
    draft.area = node.code
    return _next(draft, reverse("portal:report-what"))


def _point(request: HttpRequest) -> tuple[float, float] | None:
    with contextlib.suppress(KeyError, ValueError):
        return round(float(request.POST["lon"]), 6), round(float(request.POST["lat"]), 6)
    return None


def _place_page(request: HttpRequest, draft: Draft, code: str, error: str = "") -> HttpResponse:
    last = places.remembered(request)
    context = {"draft": draft, "picking": places.picking(code), "last": last, "error": error, "step": 2}
    return render(request, "cases/portal/place.html", context, status=422 if error else 200)


@require_POST
def where(request: HttpRequest) -> HttpResponse:
    """Say in words where a point lies, for the page's script; nothing is kept."""
    point = _point(request)
    node = areas.tree().locate(*point) if point else None
    return JsonResponse({"code": node.code, "label": areas.tree().label(node)} if node else {"code": "", "label": ""})


@require_POST
def guess(request: HttpRequest) -> HttpResponse:
    """Say which categories the words point to, and whom to call first; for the page's script, nothing is kept."""
    text = request.POST.get("text", "")[:LONGEST_GUESS]
    guidance = policy.get(Guidance)
    found = [c for c in policy.get(Categories).guess(text, GUESSES * 2) if c.offered and not c.restricted][:GUESSES]
    alerts = [_alert(guidance, guidance.alerts[code]) for code in guidance.alerts_in(text)]
    told = [
        {"title": a["title"], "tell": a["tell"], "phones": [[p.number, p.title] for p in a["phones"]]} for a in alerts
    ]
    return JsonResponse({"categories": [[c.code, c.name] for c in found], "alerts": told})


@require_http_methods(["GET", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """Step three: what it is; emergency numbers first where the words call for them; then it is sent, once."""
    draft = drafts.read(request)
    if request.method == "GET":
        if not draft.placed:
            return HttpResponseRedirect(reverse("portal:report-place"))
        response = _what_page(request, draft, {})
        draft.keep(response)
        return response
    return _send(request, draft)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    typed = request.POST.dict()
    data = {**draft.data(), **{name: typed.get(name) for name in ("description", "name", "phone", "about_unit")}}
    data["category"] = typed.get("category_other") or typed.get("category")
    data["name_shared"] = "on" if typed.get("name_shared") else None
    data["place"] = typed.get("place", draft.place)
    first = _calls_first(data.get("description") or "", seen="seen" in typed)
    if first:
        return _what_page(request, draft, data, alerts=first, status=422)
    reporter = _reporter(request)
    try:
        if reporter.person is None:
            REPORTS.take(request)
        outcome = perform(process=CASE, action="report", actor=reporter, data=data, key=_key(typed.get("key"), draft))
    except Invalid:
        return _what_page(request, draft, data, status=422)
    except UserError as error:
        return _what_page(request, draft, data, error=str(error), status=error.status)
    if outcome.repeated:
        messages.info(request, _("这一件先前已经收到，没有重复登记；要报另一件，请回首页再点“随手拍”。"))
    response = HttpResponseRedirect(reverse("portal:sent", args=[outcome.matter.number, outcome.secret]))
    drafts.forget(response)
    if code := draft.area[:12]:
        places.remember(response, code)
    return response


def _key(given: str | None, draft: Draft) -> str:
    """Return the key under which this sending counts once: the page's own, else the draft's."""
    return f"r:{(given or draft.key)[:60]}"


def _reporter(request: HttpRequest) -> Actor:
    """Return who reports: a resident, also where somebody's session acts through a post."""
    if session.person_id(request) is None:
        return resident_actor()
    return resident_actor(session.actor(request).person)


def _calls_first(text: str, *, seen: bool) -> list[dict[str, Any]]:
    """Return what must be shown before sending: numbers to call, once; nothing for what is not kept at all."""
    guidance = policy.get(Guidance)
    found = [guidance.alerts[code] for code in guidance.alerts_in(text)]
    if seen or any(not alert.keep for alert in found):
        return []
    return [_alert(guidance, alert) for alert in found]


def _alert(guidance: Guidance, alert: Alert) -> dict[str, Any]:
    phones: list[Phone] = [guidance.phones[code] for code in alert.phones]
    return {"title": alert.title, "tell": alert.tell, "phones": phones}


def _what_page(
    request: HttpRequest,
    draft: Draft,
    data: dict[str, Any],
    *,
    alerts: list[dict[str, Any]] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    guidance = policy.get(Guidance)
    text = data.get("description") or ""
    lawful = [
        _alert(guidance, guidance.alerts[code]) for code in guidance.alerts_in(text) if not guidance.alerts[code].keep
    ]
    quick, chosen = choices.often(8), data.get("category") or ""
    known = policy.get(Categories).by_code.get(chosen)
    if known is not None and known not in quick:
        quick = [known, *quick[:-1]]
    context = {
        "draft": draft,
        "form": _form(request, data, quick, bound=bool(data) and not alerts),
        "alerts": alerts,
        "lawful": lawful,
        "error": error,
        "groups": _groups(),
        "where": places.label(draft.area),
        "signed_in": session.person_id(request) is not None,
        "step": 3,
    }
    return render(request, "cases/portal/what.html", context, status=status)


def _form(request: HttpRequest, data: dict[str, Any], quick: list[Category], *, bound: bool) -> ReportForm:
    actor = _reporter(request)
    # No category is ticked until the words or the reporter say one.
    form = ReportForm(_flat(data) if bound else None, actor=actor, matter=None, initial={"category": "", **data})
    if bound:
        form.is_valid()
    form.fields["description"].label = _("说一句，是什么事")
    form.fields["category"].label = _("是哪一类，不选也行")
    table = [(c.code, c.name) for c in quick]
    form.fields["category"].widget = CardRadio(
        choices=[*table, ("", _("说不清，请工作人员分"))],
        icons={**{c.code: icon_of(c) for c in quick}, "": "circle-help"},
    )
    return form


def _flat(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _groups() -> list[tuple[str, list[Category]]]:
    """Return all categories that residents may choose, by major class."""
    table = policy.get(Categories)
    groups: dict[str, list[Category]] = {}
    for category in table.categories:
        if category.offered and not category.restricted:
            groups.setdefault(table.majors_by_code[category.major].name, []).append(category)
    return list(groups.items())


def _next(draft: Draft, address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    draft.keep(response)
    return response
