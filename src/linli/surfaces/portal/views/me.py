"""My page: signing in by a code, my matters, who looked at my data, my data and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import outreach, people, privacy
from linli.kernel.errors import UserError
from linli.kernel.matters.models import Matter
from linli.kernel.people import selectors as people_selectors
from linli.kernel.people.models import Person
from linli.kernel.people.services import rename
from linli.kernel.people.services.sign_in import request_code, verify_code
from linli.kernel.posts import session
from linli.kernel.posts.actors import resident_actor
from linli.kernel.privacy.selectors import consents_of
from linli.surfaces.parts.callers import network
from linli.surfaces.portal import tracking
from linli.surfaces.portal.views.home import own_matters, summary

View = Callable[[HttpRequest, Person], HttpResponse]


def signed_in(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Open the page to a resident who has proved a number; everybody else is asked for one, and brought back."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        found = session.person_id(request)
        person = Person.objects.filter(pk=found).first() if found else None
        if person is None:
            return HttpResponseRedirect(f"{reverse('portal:enter')}?next={request.path}")
        response = view(request, people.canonical(person))
        response["Cache-Control"] = "private, no-store"
        return response

    return page


@require_GET
@signed_in
def me(request: HttpRequest, person: Person) -> HttpResponse:
    """My matters with their next date, my messages, and the ways to my data."""
    mine = own_matters(person.pk)
    context = {
        "person": person,
        "open": [summary(m) for m in mine if m.is_open],
        "ended": [summary(m) for m in mine if not m.is_open],
        "notices": outreach.notices(person_id=person.pk, limit=5),
    }
    return render(request, "portal/me.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in by a code sent to the phone: ask for the number, then for the code; with a matter's number, go there."""
    step = request.POST.get("step", "")
    typed = {name: request.POST.get(name, "").strip() for name in ("phone", "number", "code")}
    target = request.POST.get("next") or request.GET.get("next", "")
    context: dict[str, object] = {**typed, "next": target, "step": "ask"}
    if request.method == "GET":
        return render(request, "portal/enter.html", {**context, "finding": request.path == reverse("portal:find")})
    context["finding"] = bool(typed["number"]) or request.path == reverse("portal:find")
    try:
        if step == "code":
            person = verify_code(phone=typed["phone"], code=typed["code"])
            return _enter(request, person, typed["number"], target)
        request_code(phone=typed["phone"], network=network(request))
    except UserError as error:
        context |= {"step": step or "ask", "error": str(error), "field": error.field or "phone"}
        return render(request, "portal/enter.html", context, status=error.status)
    return render(request, "portal/enter.html", {**context, "step": "code"})


def _enter(request: HttpRequest, person: Person, number: str, target: str) -> HttpResponse:
    session.enter_as_person(request, person)
    if number:
        found = Matter.objects.filter(number=number.upper(), reporter__in=people_selectors.same_human(person)).first()
        if found is not None:
            return HttpResponseRedirect(tracking.path_of(found))
        messages.warning(request, _("用这个手机号没有找到编号 %(number)s；您报过的事都在下面。") % {"number": number})
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("portal:me")
    return HttpResponseRedirect(target)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End this device's session."""
    request.session.flush()
    messages.success(request, _("已退出，这台手机上不再显示您的事项。"))
    return HttpResponseRedirect(reverse("portal:home"))


@require_GET
@signed_in
def looks(request: HttpRequest, person: Person) -> HttpResponse:
    """Who looked at my data: unit, post, what for, when."""
    return render(request, "portal/looks.html", {"person": person, "looks": privacy.log_for(person)})


@require_http_methods(["GET", "POST"])
@signed_in
def data(request: HttpRequest, person: Person) -> HttpResponse:
    """What is kept about me; my name to put right, my consents to withdraw."""
    error = ""
    if request.method == "POST":
        try:
            return _change(request, person)
        except UserError as refused:
            error = str(refused)
    numbers = [c.value for c in people_selectors.contacts_of(person)]
    context = {
        "person": person,
        "numbers": [privacy.mask_phone(number) for number in numbers],
        "consents": consents_of(person),
        "matters": len(own_matters(person.pk)),
        "error": error,
        "typed": request.POST.get("name", person.name),
    }
    return render(request, "portal/data.html", context, status=422 if error else 200)


def _change(request: HttpRequest, person: Person) -> HttpResponse:
    actor = resident_actor(person)
    if "consent" in request.POST:
        consent = next((c for c in consents_of(person) if str(c.pk) == request.POST["consent"]), None)
        if consent is not None:
            privacy.withdraw_consent(actor=actor, consent=consent)
            messages.success(request, _("已撤回这项同意。"))
    else:
        rename(actor=actor, person=person, name=request.POST.get("name", ""))
        messages.success(request, _("称呼已改好。"))
    return HttpResponseRedirect(reverse("portal:data"))


@require_GET
def own(request: HttpRequest, number: str) -> HttpResponse:
    """Lead a signed-in resident to the page of a matter of their own; anybody else to finding it by phone."""
    found: UUID | None = session.person_id(request)
    if found is not None:
        matter = Matter.objects.filter(number=number, reporter__in=people_selectors.same_human(found)).first()
        if matter is not None:
            return HttpResponseRedirect(tracking.path_of(matter))
    return HttpResponseRedirect(reverse("portal:find"))
