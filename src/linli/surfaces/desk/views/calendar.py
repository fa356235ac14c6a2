"""The work calendar: which days count as worked, and the hours of a day; a change recomputes running limits."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.kernel import clock, worktime
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters.forms import DayInput
from linli.kernel.posts.actors import Actor
from linli.kernel.worktime.models import CalendarDay, CalendarEdit
from linli.kernel.worktime.sources import DayKind
from linli.surfaces.desk.access import has_duty, staff
from linli.surfaces.desk.acting import add_error

DUTY = "calendar_keeper"
CLASSES = {DayKind.HOLIDAY: "off", DayKind.RESTDAY: "rest"}
SOURCES = {
    "edited": gettext_lazy("已按国务院安排核对"),
    "library": gettext_lazy("按已公布的安排"),
    "weekends": gettext_lazy("还没有公布，先只按周末算"),
}


class DayForm(forms.Form):
    """What one day is."""

    day = forms.DateField(label=gettext_lazy("日期"), widget=DayInput())
    kind = forms.ChoiceField(label=gettext_lazy("改成"), choices=DayKind.choices)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=40, required=False)
    note = forms.CharField(
        label=gettext_lazy("依据"), max_length=150, help_text=gettext_lazy("如：国办发明电〔2026〕7号")
    )


class HoursForm(forms.Form):
    """The hours of a day, from a day on."""

    valid_from = forms.DateField(label=gettext_lazy("自"), widget=DayInput())
    morning = forms.CharField(label=gettext_lazy("上午"), initial="08:30-12:00")
    afternoon = forms.CharField(label=gettext_lazy("下午"), initial="14:00-17:30")
    note = forms.CharField(label=gettext_lazy("依据"), max_length=150)

    def spans(self) -> list[list[str]]:
        """Return the hours as pairs of times."""
        texts = (self.cleaned_data["morning"], self.cleaned_data["afternoon"])
        return [[part.strip() for part in text.replace("–", "-").replace("—", "-").split("-")] for text in texts]


class YearForm(forms.Form):
    """A whole year from a table of days."""

    rows = forms.CharField(
        label=gettext_lazy("按表粘贴"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("第一行：日期,类别,名称；类别写上班、放假或休息"),
    )
    note = forms.CharField(label=gettext_lazy("依据"), max_length=150)


@require_http_methods(["GET", "POST"])
@staff()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a year's calendar; its keeper may change a day, the hours, or paste a year."""
    year = _year(request)
    edits = has_duty(actor, DUTY) and actor.may_write
    which = request.POST.get("do", "")
    made: dict[str, forms.Form] = {
        "day": DayForm(request.POST if which == "day" else None, initial={"day": clock.today()}),
        "hours": HoursForm(request.POST if which == "hours" else None, initial={"valid_from": clock.today()}),
        "year": YearForm(request.POST if which == "year" else None),
    }
    if request.method == "POST":
        if not edits or which not in made:
            raise NotHere
        if made[which].is_valid() and _change(actor, which, made[which], year):
            messages.success(request, _("日历已改，正在计时的事项会按新日历重算期限，并留痕。"))
            return HttpResponseRedirect(f"{reverse('desk:calendar')}?year={year}")
    named = dict(CalendarDay.objects.filter(date__year=year).values_list("date", "name"))
    context = {
        "year": year,
        "week": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "months": [_month(year, month, named) for month in range(1, 13)],
        "coverage": SOURCES[worktime.coverage(year, year)[year]],
        "forms": made if edits else None,
        "history": CalendarEdit.objects.order_by("-at")[:20],
    }
    return render(request, "desk/calendar.html", context, status=422 if request.method == "POST" else 200)


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year") or request.POST.get("for_year") or ""
    return int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else clock.today().year


def _change(actor: Actor, which: str, form: forms.Form, year: int) -> bool:
    data = form.cleaned_data
    note = f"{actor.label}：{data['note']}"[:200]
    try:
        if which == "day":
            worktime.set_day(note, data["day"], data["kind"], data["name"])
        elif isinstance(form, HoursForm):
            worktime.set_hours(note, data["valid_from"], form.spans())
        else:
            worktime.import_year(note, year, data["rows"])
    except Invalid as error:
        add_error(form, "rows", [text for texts in error.errors.values() for text in texts])
        return False
    except UserError as error:
        add_error(form, error.field or "__all__", [str(error.message)])
        return False
    return True


def _month(year: int, month: int, named: dict[date, str]) -> dict[str, Any]:
    """Return a month as weeks of (day, class, words); days of other months are ``None``."""
    dates = months.Calendar().monthdatescalendar(year, month)
    weeks = [[_cell(day, named) if day.month == month else None for day in week] for week in dates]
    return {"number": month, "weeks": weeks}


def _cell(day: date, named: dict[date, str]) -> dict[str, Any]:
    kind = worktime.kind(day)
    extra = kind == DayKind.WORKDAY and day.weekday() >= 5
    look = CLASSES.get(kind, "work" if extra else "")
    if day == clock.today():
        look = f"{look} today".strip()
    word = named.get(day) or (_("调休上班") if extra else str(kind.label) if kind != DayKind.WORKDAY else "")
    return {"day": day.day, "look": look, "word": word}
