"""Policy on the desk: what is in force, since when, who approved it; edited as text, in force after approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock, policy
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters.forms import DayInput
from linli.kernel.matters.models import Change
from linli.kernel.policy import selectors, services
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import kept, policywords
from linli.surfaces.desk.access import has_duty, staff

EDITOR, APPROVER = "policy_editor", "policy_approver"


class TextForm(forms.Form):
    """A document as text, from which day, and why."""

    text = forms.CharField(
        label=gettext_lazy("内容"), strip=False, widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false"})
    )
    valid_from = forms.DateField(label=gettext_lazy("自哪天起"), widget=DayInput())
    note = forms.CharField(label=gettext_lazy("为什么改"), max_length=200)


def _known(name: str) -> None:
    if name not in policy.names():
        raise NotHere


@require_GET
@staff()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List every document in force, and the drafts that wait for a decision."""
    drafts = [(draft, _decides(draft)) for draft in selectors.drafts()]
    shipped = has_duty(actor, APPROVER)
    return render(
        request, "desk/policies.html", {"documents": selectors.overview(), "drafts": drafts, "approves": shipped}
    )


def _decides(draft: PolicyVersion) -> str:
    """Return the number of the change that decides a draft; nothing for one that came from a file."""
    found = Change.objects.filter(subject_id=str(draft.pk)).select_related("matter").first()
    return found.matter.number if found else ""


@require_GET
@staff()
def show(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Show one document as lines to read, and its versions."""
    _known(name)
    found = selectors.current(name)
    context = {
        "name": name,
        "title": policy.shape_of(name).policy_title,
        "lines": policywords.readable(selectors.outline(name)),
        "gaps": found.gaps,
        "versions": selectors.versions(name).select_related("proposed_by_post__unit", "approved_by_post__unit"),
        "edits": has_duty(actor, EDITOR) and actor.may_write,
    }
    return render(request, "desk/policy.html", context)


@require_http_methods(["GET", "POST"])
@staff(EDITOR)
def edit(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Edit a document as text; problems are named by line, and a sound draft goes to approval."""
    _known(name)
    problems: list[Any] = []
    status = 200
    if request.method == "POST":
        form = TextForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                version = services.propose_text(actor=actor, name=name, **form.cleaned_data)
            except services.BadPolicy as error:
                problems = error.problems
            except Invalid as error:
                problems = [f"{place}：{text}" for place, texts in error.errors.items() for text in texts]
            else:
                messages.success(
                    request,
                    _("第 %(n)d 版草案已提交审批 %(change)s；批准前仍按现行版本办。")
                    % {"n": version.number, "change": _decides(version)},
                )
                return HttpResponseRedirect(reverse("desk:policy", args=[name]))
    else:
        restored = kept.take(request)
        first = {"text": selectors.text(name), "valid_from": clock.today().isoformat()}
        form = TextForm(initial={**first, **{key: restored.get(key) for key in restored or {}}})  # type: ignore[union-attr] # empty when None
    context = {"name": name, "title": policy.shape_of(name).policy_title, "form": form, "problems": problems}
    return render(request, "desk/policy_edit.html", context, status=status)


@require_POST
@staff(APPROVER)
def decide(request: HttpRequest, actor: Actor, name: str, number: int) -> HttpResponse:
    """Put a draft in force, or turn it down, that came from a file and has no change of its own."""
    version = PolicyVersion.objects.filter(name=name, number=number).first()
    if version is None or _decides(version):
        raise NotHere
    if request.POST.get("do") == "reject":
        note = request.POST.get("note", "").strip()
        if not note:
            raise UserError(_("请写明不批准的理由。"))
        services.reject(actor=actor, version=version, note=note)
        messages.success(request, _("已退回草案。"))
    else:
        held = services.put_in_force(actor=actor, version=version)
        messages.success(request, _("自 %(day)s 起生效。") % {"day": _day(held.valid_from)})
    return HttpResponseRedirect(reverse("desk:policies"))


def _day(value: date) -> str:
    return value.isoformat()
