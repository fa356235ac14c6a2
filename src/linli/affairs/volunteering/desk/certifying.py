"""Certificates at the counter, for whoever has no phone: found by name, number or card, made, printed, handed over."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.models import Certificate
from linli.affairs.volunteering.paper import paper_of
from linli.affairs.volunteering.services import certificates as certifying
from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.matters.forms import DayInput
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff

SHOWN = 10


class CounterForm(forms.Form):
    """From when to when, and who asked: what the holder will read in the log of who looked."""

    since = forms.DateField(label=gettext_lazy("从哪天"), widget=DayInput())
    until = forms.DateField(label=gettext_lazy("到哪天"), widget=DayInput())
    asked = forms.CharField(
        label=gettext_lazy("谁来办的"), max_length=100, min_length=4,
        help_text=gettext_lazy("如：本人到窗口；女儿李女士带委托书代办。本人在“谁看过我的信息”里看得到"),
    )  # fmt: skip
    names = forms.BooleanField(
        label=gettext_lazy("本人同意核验页显示全名"), required=False, help_text=gettext_lazy("不勾选，扫码只显示姓")
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        today = clock.today()
        start = {"since": today.replace(month=1, day=1), "until": today, "asked": _("本人到窗口")}
        super().__init__(data, initial=start, **options)


@require_http_methods(["GET", "POST"])
@staff("activity_clerk")
def counter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find whoever served here, make their certificate, and have it to print."""
    asked, status = request.GET.get("q", "").strip(), 200
    person = _chosen(actor, request.POST.get("person") or request.GET.get("person", ""))
    form = CounterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = _issued(actor, person, form)
        if made is not None:
            messages.success(request, _("证明 %(number)s 开好了，请打印交给本人。") % {"number": made.number})
            return HttpResponseRedirect(f"{reverse('volunteering:certificates')}?made={made.code}")
        status = 422
    found: list[Any] = list(selectors.served_here(actor, asked)[: SHOWN + 1]) if asked and person is None else []
    context = {
        "q": asked,
        "found": [(one, hours.in_words(one.minutes)) for one in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "person": person,
        "hours": hours.in_words(selectors.minutes_of(person.pk)) if person else "",
        "checked": person is not None and person.assurance >= Assurance.CHECKED,
        "form": form,
        "rows": [
            {"row": row, "hours": certifying.hours_of(row), "new": row.code == request.GET.get("made")}
            for row in _made_here(actor).order_by("-issued_at")[:SHOWN]
        ],
    }
    return render(request, "volunteering/desk/certificates.html", context, status=status)


def _chosen(actor: Actor, given: str) -> Person | None:
    """Return the person chosen, if any. Raises :class:`NotHere` for whoever has not served in this post's areas."""
    if not given:
        return None
    try:
        found = selectors.served_here(actor).filter(pk=uuid.UUID(given)).first()
    except ValueError as error:
        raise NotHere from error
    if found is None:
        raise NotHere
    return found


def _issued(actor: Actor, person: Person | None, form: CounterForm) -> Certificate | None:
    """Make the certificate, or say at the form's fields why not."""
    if person is None:
        raise NotHere
    made: list[Certificate] = []
    if not form.is_valid():
        return None
    acting.carried_out(form, lambda: made.append(certifying.issue(actor=actor, person=person, **form.cleaned_data)))
    return made[0] if made else None


def _made_here(actor: Actor) -> Any:
    """Return the certificates that this post made: what it may print again."""
    return Certificate.objects.filter(issued_by=actor.post_id).select_related("person")


@require_GET
@staff("activity_clerk")
def certificate(_request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """A certificate that this post made, to print: a PDF that opens beside the page."""
    row = _made_here(actor).filter(code=code).first()
    if row is None:
        raise NotHere
    response = HttpResponse(papers.to_pdf(paper_of(row)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
