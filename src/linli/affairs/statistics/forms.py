"""The forms of the procedures around figures."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import CategoryField, CategoryForm, words
from linli.affairs.statistics.models import Draw, MonthTopic
from linli.kernel import areas, clock
from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit

WAYS = [("on_site", _("到现场看")), ("phone", _("电话问")), ("papers", _("看材料"))]
LONGEST = timedelta(days=366)


class ReasonForm(ActionForm):
    """Why."""

    reason = words(_("理由"), 300)


class MonthForm(ActionForm):
    """Which month; one that is over."""

    month = forms.DateField(label=_("月份（当月任意一天）"))

    def clean_month(self) -> date:
        """Return the first of the month; refuse one that is not over."""
        first: date = self.cleaned_data["month"].replace(day=1)
        if (first + timedelta(days=32)).replace(day=1) > clock.today():
            raise forms.ValidationError(gettext_now("这个月还没有过完，下个月再公布。"))
        return first


class DrawForm(ActionForm):
    """Which case was drawn, for which unit."""

    draw = forms.ModelChoiceField(Draw.objects.all())
    subject = forms.ModelChoiceField(Matter.objects.all())
    unit = forms.ModelChoiceField(Unit.objects.all())


class LookForm(ActionForm):
    """How it was looked at and what was found."""

    way = forms.ChoiceField(label=_("怎样复查"), choices=WAYS)
    found = words(_("看到的情况"), 500)


class RisingForm(CategoryForm):
    """Which sub-category rose where, above which line."""

    category = CategoryField()
    area = forms.CharField()
    week = forms.DateField()
    count = forms.IntegerField(min_value=1)
    mean = forms.DecimalField(min_value=0, decimal_places=2)
    sigma = forms.DecimalField(min_value=0, decimal_places=2)
    line = forms.DecimalField(min_value=0, decimal_places=2)
    weeks = forms.IntegerField(min_value=4)


class AcceptForm(ActionForm):
    """What is going to be done before anybody asks, until when."""

    plan = words(_("打算怎么办"), 500)
    planned_on = forms.DateField(label=_("什么时候办完"))

    def clean_planned_on(self) -> date:
        """Refuse a day that is over or a year away."""
        return not_past(self.cleaned_data["planned_on"])


class ResultForm(ActionForm):
    """What came of it."""

    result = words(_("情况和结果"), 500)


class TopicForm(ActionForm):
    """The topic of a month: which, why, whose, how, until when."""

    month = forms.DateField(label=_("月份（当月任意一天）"))
    title = forms.CharField(label=_("题目"), max_length=80)
    why = words(_("为什么选它（数字、来由）"), 300)
    plan = words(_("方案"), 500)
    unit = forms.ModelChoiceField(Unit.objects.filter(active=True).order_by("name"), label=_("牵头单位"))
    planned_on = forms.DateField(label=_("什么时候出结果"))

    def clean_month(self) -> date:
        """Return the first of the month; refuse a second topic for one."""
        first: date = self.cleaned_data["month"].replace(day=1)
        if MonthTopic.objects.filter(month=first).exists():
            raise forms.ValidationError(gettext_now("这个月已经选了题，一个月只办一题。"))
        return first

    def clean_planned_on(self) -> date:
        """Refuse a day that is over or a year away."""
        return not_past(self.cleaned_data["planned_on"])


def not_past(day: date) -> date:
    """Return ``day``; refuse one that is over, and one more than a year away."""
    today = clock.today()
    if day < today:
        raise forms.ValidationError(gettext_now("日期已经过去，请填今天或以后。"))
    if day - today > LONGEST:
        raise forms.ValidationError(gettext_now("日期在一年以后，请填一年以内的日期。"))
    return day


def node_of(code: str) -> areas.Node:
    """Return the area that a form names; a user error when there is none."""
    return areas.tree().by_code(code)
