"""Planning a survey, and the page on which callers work through the sample."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.affairs.surveys import selectors, services
from linli.affairs.surveys.forms import AnswerForm
from linli.affairs.surveys.models import Asked, Survey
from linli.affairs.surveys.process import SURVEY
from linli.kernel import people, privacy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.selectors import access_matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.opening import opening

REASON = "抽样调查，按名单联系"


@require_http_methods(["GET", "POST"])
@staff("survey_keeper")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the plan of a survey, or make it."""
    return opening(request, actor, SURVEY, "plan", "surveys/desk/new.html")


@require_http_methods(["GET", "POST"])
@staff(services.CALLER)
def ask(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show whom to contact next with the form, or enter what came of it."""
    survey = selectors.of(access_matter(actor, number))
    if request.method == "POST":
        return _entered(request, actor, survey)
    return _page(request, survey, selectors.next_one(survey, _number(request.GET.get("n", ""))))


@require_POST
@staff(services.CALLER)
def look(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the number of one who is to be contacted; the look is logged, and they can see it."""
    survey = selectors.of(access_matter(actor, number))
    wanted = _number(request.POST.get("n", ""))
    asked = selectors.next_one(survey, wanted)
    if asked is None or asked.number != wanted or asked.person is None:
        raise NotHere
    phone = privacy.reveal(
        actor, asked.person, "phone", REASON, purpose=survey.title, subject_id=survey.pk, area_code=asked.area_code
    )
    return _page(request, survey, asked, phone=phone)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _entered(request: HttpRequest, actor: Actor, survey: Survey) -> HttpResponse:
    number = _number(request.POST.get("n", ""))
    if number is None:
        raise NotHere
    done = request.POST.get("do", "answer")
    form = AnswerForm(survey.questions, request.POST)
    try:
        if done in {"refused", "unreached"}:
            services.not_answered(actor=actor, survey=survey, number=number, refused=done == "refused")
        elif form.is_valid():
            services.answer(actor=actor, survey=survey, number=number, form=form)
        else:
            return _page(request, survey, selectors.next_one(survey, number), form=form, status=422)
    except NotHere:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("surveys:ask", args=[survey.matter.number]))
    messages.success(request, _("样本 %(n)d 已登记。") % {"n": number})
    return HttpResponseRedirect(reverse("surveys:ask", args=[survey.matter.number]))


def _page(
    request: HttpRequest,
    survey: Survey,
    asked: Asked | None,
    *,
    form: AnswerForm | None = None,
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    contact = people.contact(asked.person) if asked and asked.person else None
    context: dict[str, Any] = {
        "survey": survey,
        "matter": survey.matter,
        "asked": asked,
        "masked": privacy.mask_phone(contact.value) if contact else "",
        "phone": phone,
        "form": form or AnswerForm(survey.questions),
        "progress": selectors.progress(survey),
    }
    return render(request, "surveys/desk/ask.html", context, status=status)
