"""What was earned at one's own place, and what a confirmer can do about a mistake: refuse, take back, deduct."""

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

from linli.affairs.honor import selectors
from linli.affairs.honor.forms import CardField
from linli.affairs.honor.models import Article, Member
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import covenants, noticing
from linli.kernel import clock, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import Outcome
from linli.kernel.matters.forms import DayInput, words
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.access import staff

PAGE = 40


class BackForm(forms.Form):
    """Why an earning is taken back."""

    reason = words(gettext_lazy("撤回的理由，本人看得到"), 120)


class DeductForm(forms.Form):
    """Whose points, by which article of the covenant, and what happened."""

    card = CardField()
    article = forms.ModelChoiceField(Article.objects.none(), label=gettext_lazy("公约条款"))
    points = forms.IntegerField(label=gettext_lazy("扣几分"), min_value=1, max_value=1000)
    reason = words(gettext_lazy("事实和理由，本人看得到"), 300)

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["article"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Article.objects.filter(covenant__in=selectors.covenants_of(actor)).select_related("covenant")


@require_GET
@staff("points_confirmer")
def earnings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was earned at this place lately, of one card or of all; each can be taken back with a reason."""
    card = request.GET.get("card", "").replace(" ", "")
    member = Member.objects.filter(card=card).first() if card else None
    rows = list(selectors.earned_in(actor, member)[:PAGE]) if member or not card else []
    rules = policy.get(HonorRules).behaviours
    context = {
        "card": card,
        "unknown": bool(card) and member is None,
        "rows": [(row, rules[row.rule].title if row.rule in rules else row.rule) for row in rows],
        "back": selectors.taken_back([row.key for row in rows]),
    }
    return render(request, "honor/desk/earnings.html", context)


@require_http_methods(["GET", "POST"])
@staff("points_confirmer")
def take_back(request: HttpRequest, actor: Actor, earning_id: uuid.UUID) -> HttpResponse:
    """Take one earning back: with a reason, told to its owner, who can appeal."""
    done = selectors.earned_in(actor).filter(pk=earning_id).first()
    if done is None:
        raise NotHere
    form, status = BackForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                outcome = noticing.take_back(actor=actor, done=done, reason=form.cleaned_data["reason"])
            except NotHere:
                raise
            except UserError as error:
                form.add_error("reason", str(error))
            else:
                return _said(request, outcome)
    rule = policy.get(HonorRules).behaviours.get(done.rule)
    title = _("撤回：%(what)s %(points)d 分（%(day)s）") % {
        "what": rule.title if rule else done.rule, "points": done.points, "day": done.day,
    }  # fmt: skip
    hint = _("写明理由，系统告知本人，本人可以申诉，由另一位工作人员复核。用掉的不追。")
    return _page(request, form, title, hint, status)


@require_http_methods(["GET", "POST"])
@staff("covenant_keeper")
def deduct(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Announce a deduction by an article of the covenant; there is nothing to fill in where no covenant allows one."""
    form, status = DeductForm(request.POST or None, actor=actor), 200
    if not selectors.deductible(actor):
        return render(request, "honor/desk/no_deductions.html", {})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                outcome = noticing.deduct(
                    actor=actor, member=given["card"], article=given["article"], points=given["points"],
                    reason=given["reason"], key=f"{actor.post_id}:{request.POST.get('key', '')[:36]}",
                )  # fmt: skip
            except NotHere:
                form.add_error("card", _("这位成员不在您的社区。"))
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                return _said(request, outcome)
    hint = _("只有居民公约写明的才能扣。先告知，申诉期内本人可以申诉；期满或复核维持后才扣，不扣到负数。")
    return _page(request, form, _("按公约扣分"), hint, status)


def _said(request: HttpRequest, outcome: Outcome | None) -> HttpResponse:
    if outcome is None:
        messages.info(request, _("这一笔以前已经撤回。"))
    else:
        messages.success(request, _("已告知本人（%(number)s），可以申诉。") % {"number": outcome.matter.number})
    return HttpResponseRedirect(reverse("honor:earnings"))


def _page(request: HttpRequest, form: forms.Form, title: str, hint: str, status: int) -> HttpResponse:
    context = {
        "form": form, "title": title, "hint": hint, "name": "", "key": request.POST.get("key") or acting.new_key(),
    }  # fmt: skip
    return render(request, "honor/desk/new.html", context, status=status)


class CovenantForm(forms.Form):
    """A covenant as it was adopted. One article a line: the words, then the most points it may cost."""

    area = forms.ChoiceField(label=gettext_lazy("社区（村）"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=60, initial=gettext_lazy("居民公约"))
    text = words(gettext_lazy("全文"), 5000, rows=8)
    adopted_on = forms.DateField(label=gettext_lazy("通过日期"), widget=DayInput())
    adopted_by = forms.CharField(
        label=gettext_lazy("怎样通过的"),
        max_length=120,
        help_text=gettext_lazy("如：居民代表会议，应到 60 人，同意 52 人"),
    )
    since = forms.DateField(label=gettext_lazy("施行日期"), widget=DayInput())
    articles = words(gettext_lazy("可以扣积分的条款（没有就不填，一律不扣）"), 2000, required=False, rows=4)

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(node.code, node.name) for node in selectors.communities_of(actor)]
        self.fields["articles"].help_text = _("一行一条，末尾写最多扣几分，如：楼道堆放杂物，劝说后仍不清 5")

    def clean_articles(self) -> list[tuple[str, int]]:
        """Return the lines as words and points. Raises ``ValidationError`` naming the line that has none."""
        found = []
        for number, line in enumerate(filter(None, map(str.strip, self.cleaned_data["articles"].splitlines())), 1):
            said, _space, points = line.rpartition(" ")
            if not said.strip() or not points.isdecimal() or not 0 < int(points) <= 1000 or len(said) > 120:
                raise forms.ValidationError(_("第 %(n)d 行：内容（120 字内）、空格、最多扣几分。") % {"n": number})
            found.append((said.strip(), int(points)))
        return found


@require_http_methods(["GET", "POST"])
@staff("covenant_keeper")
def covenant(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Note a covenant that residents adopted; the ones in force stand beside."""
    form, status = CovenantForm(request.POST or None, actor=actor, initial={"since": clock.today()}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            node = selectors.community_of(given.pop("area"))
            try:
                covenants.adopt(actor=actor, community=node, **given)
            except NotHere:
                raise
            except UserError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("已登记，%(day)s起施行，居民在网上看得到。") % {"day": given["since"]})
                return HttpResponseRedirect(reverse("honor:covenant"))
    context = {
        "form": form, "title": _("居民公约"), "hint": _("居民会议通过的才登记；登记后不改，改了再登一份。"), "name": "",
        "current": selectors.covenants_of(actor), "key": request.POST.get("key") or acting.new_key(),
    }  # fmt: skip
    return render(request, "honor/desk/covenant.html", context, status=status)
