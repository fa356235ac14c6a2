"""What the steps of volunteering ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.models import Partner, Team
from linli.affairs.volunteering.policy import Sort, VolunteeringRules
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Level
from linli.kernel.errors import UserError
from linli.kernel.matters import ActionForm, UUIDListField
from linli.kernel.matters.forms import words
from linli.kernel.people import phones
from linli.kernel.posts.actors import lying_in
from linli.surfaces.parts.pickers import HereBeside, HereInput

LONGEST_DAYS = 366
MOMENT = {"type": "datetime-local", "step": 300}


def moment(label: Any) -> forms.DateTimeField:
    """Return a field for a day and an hour, as the clock on the wall says."""
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"))


class HereForm(ActionForm):
    """Where the phone is, if its owner lets it say so; what the trail does not keep."""

    lon = forms.FloatField(
        label=_("现在的位置"), required=False, min_value=-180, max_value=180, widget=HereInput(),
        help_text=_("只在这一刻取一次，用来证明在现场"),
    )  # fmt: skip
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=HereBeside())
    unrecorded: Sequence[str] = ("lon", "lat")

    @property
    def point(self) -> tuple[float, float] | None:
        """The place as (longitude, latitude), or ``None``."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return (lon, lat) if lon is not None and lat is not None else None

    def clean(self) -> dict[str, Any]:
        """Give ``point`` in the cleaned data: both coordinates or none."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["point"] = self.point
        return data

    def recorded(self) -> dict[str, Any]:
        """Keep no place in the trail."""
        kept = super().recorded()
        kept.pop("point", None)
        return kept


class PublishForm(ActionForm):
    """What is to be done, where, when, by how many."""

    title = forms.CharField(label=_("名称"), max_length=40, help_text=_("如：周六清洁楼道"))
    sort = forms.ChoiceField(label=_("类型"))
    theme = forms.ChoiceField(label=_("主题"), required=False)
    description = words(_("做什么、要带什么"), 500)
    area = forms.CharField(label=_("所在社区或小区（网格）"))
    place = forms.CharField(label=_("集合或服务地点"), max_length=120)
    lon = forms.FloatField(label=_("地点的位置"), required=False, min_value=-180, max_value=180, widget=HereInput(),
                           help_text=_("在现场发布时按一下，签到时能核对距离；不填就不核对"))  # fmt: skip
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=HereBeside())
    starts_at = moment(_("开始"))
    ends_at = moment(_("结束"))
    minutes = forms.IntegerField(
        label=_("一次计多少分钟"), min_value=0, max_value=24 * 60, required=False, initial=60,
        help_text=_("只有积分任务要填；活动按签到、签退计"),
    )  # fmt: skip
    capacity = forms.IntegerField(label=_("名额"), min_value=1, initial=20)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("由哪支团队承担"), required=False)
    partners = forms.ModelMultipleChoiceField(
        Partner.objects.none(), label=_("共建伙伴"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Offer kinds, themes, and the teams and partners of this post's areas."""
        rules = policy.get(VolunteeringRules)
        _choices(self, "sort", [(code, sort.title) for code, sort in rules.sorts.items()])
        _choices(self, "theme", [("", _("没有主题")), *rules.themes.items()])
        codes = {code[:12] for code in self.actor.area_codes}
        _rows(self, "team", Team.objects.filter(ended_on=None), codes)
        _rows(self, "partners", Partner.objects.filter(until=None), codes)

    def clean_area(self) -> areas.Node:
        """Return the place's community or grid, inside this post's areas."""
        node = areas.tree().get(self.cleaned_data["area"])
        if node is None or node.level in {Level.DISTRICT, Level.STREET}:
            raise forms.ValidationError(_("请选到社区、小区或网格。"))
        if not self.actor.covers(node.code):
            raise forms.ValidationError(_("这里不归您的岗位发布，请选您负责的社区或小区。"))
        return node

    def clean_phone(self) -> str:
        """Return the number without blanks."""
        return str(self.cleaned_data["phone"]).replace(" ", "")

    def clean(self) -> dict[str, Any]:
        """Refuse what has ended before it began, and more places than the rules allow."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rules, sort = policy.get(VolunteeringRules), self._sort(data)
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends:
            if ends <= starts:
                self.add_error("ends_at", _("结束应在开始之后。"))
            elif ends <= clock.now():
                self.add_error("ends_at", _("结束时间已经过去，请改成以后的时间。"))
            elif ends - clock.now() > timedelta(days=LONGEST_DAYS):
                self.add_error("ends_at", _("最远排到一年之内。"))
            elif sort and not sort.task and ends - starts > timedelta(hours=24):
                self.add_error("ends_at", _("一场活动不超过一天；多天的请每天发一场，或发成积分任务。"))
        if (data.get("capacity") or 0) > rules.largest:
            self.add_error("capacity", _("名额最多 %(most)d 个。") % {"most": rules.largest})
        if sort and sort.task and not data.get("minutes"):
            self.add_error("minutes", _("积分任务请填一次计多少分钟。"))
        return data

    def _sort(self, data: dict[str, Any]) -> Sort | None:
        return policy.get(VolunteeringRules).sorts.get(data.get("sort", ""))

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data with the area by its code."""
        kept = super().recorded()
        if "area" in self.cleaned_data:
            kept["area"] = self.cleaned_data["area"].code
        return kept


def _choices(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
    field.choices = list(rows)


def _rows(form: forms.Form, name: str, rows: Any, codes: set[str]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
    field.queryset = rows.filter(lying_in(codes)).order_by("name")
    field.label_from_instance = lambda row: row.name  # type: ignore[method-assign,assignment] # Django's own way


class ChangeForm(ActionForm):
    """What may change while people sign up: more places, another spot, another number to call."""

    capacity = forms.IntegerField(label=_("名额"), min_value=1)
    place = forms.CharField(label=_("地点"), max_length=120)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)

    def prepare(self) -> None:
        """Start from what is there."""
        if self.matter is not None:
            row = self.matter.volunteer_activity
            self.initial = {"capacity": row.capacity, "place": row.place, "phone": row.phone, **self.initial}

    def clean_capacity(self) -> int:
        """Refuse fewer places than are taken, and more than the rules allow."""
        wanted: int = self.cleaned_data["capacity"]
        taken = self.matter.volunteer_activity.taken if self.matter is not None else 0
        most = policy.get(VolunteeringRules).largest
        if wanted < taken:
            raise forms.ValidationError(_("已经有 %(n)d 人报上，名额不能更少。") % {"n": taken})
        if wanted > most:
            raise forms.ValidationError(_("名额最多 %(most)d 个。") % {"most": most})
        return wanted


class CallOffForm(ActionForm):
    """Why nothing will come of it; everybody who signed up reads this."""

    reason = words(_("取消原因（报名的人会看到）"), 200)


class SignUpForm(ActionForm):
    """Taking part: whether points are wanted, and whether waiting is all right."""

    join = forms.BooleanField(label=_("同时加入荣誉超市，记积分"), required=False)
    wait = forms.BooleanField(label=_("满了就候补"), required=False)


class EnterForm(ActionForm):
    """Somebody without a phone signs up at the counter: by card, or by name and number."""

    card = forms.CharField(
        label=_("荣誉超市卡号"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    name = forms.CharField(label=_("姓名（没有卡时填）"), max_length=25, required=False)
    phone = forms.CharField(label=_("手机号（没有卡时填）"), max_length=20, required=False)
    unrecorded = ("card", "name", "phone")

    def clean(self) -> dict[str, Any]:
        """Ask for a card, or a name with a number."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["card"] = (data.get("card") or "").replace(" ", "")
        if not data["card"] and not (data.get("name") and data.get("phone")):
            raise forms.ValidationError(_("请填卡号；没有卡的，填姓名和手机号。"))
        if data.get("phone"):
            try:
                data["phone"] = phones.normalise(data["phone"])
            except UserError as error:
                self.add_error("phone", str(error.message))
        return data


class CheckForm(HereForm):
    """Checking in or out: the code at the place, and where the phone is."""

    code = forms.CharField(
        label=_("现场的 6 位数字"), max_length=300, required=False, help_text=_("在现场海报的二维码下面；扫码的不用填"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ["code", "lon", "lat"]
    unrecorded: Sequence[str] = ("code", "lon", "lat")


class ProveForm(HereForm):
    """What was done, shown by a photo taken there."""

    photos = UUIDListField(label=_("照片"), error_messages={"required": _("请拍一张照片。")})
    said = words(_("做了什么"), 300, required=False, rows=2)
    field_order = ["photos", "lon", "lat", "said"]
    unrecorded: Sequence[str] = ("said", "lon", "lat")


class SheetForm(ActionForm):
    """A line of a signed paper sheet, and the photo of the sheet."""

    minutes = forms.IntegerField(label=_("签到表上的时长（分钟）"), min_value=1, max_value=24 * 60)
    photos = UUIDListField(label=_("签到表的照片"), required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class ConfirmForm(ActionForm):
    """What counts: as long as proven, or less with a reason."""

    minutes = forms.IntegerField(label=_("计多少分钟"), min_value=0, max_value=24 * 60, required=False)
    note = forms.CharField(label=_("少计的理由，或一句评价"), max_length=200, required=False)

    def prepare(self) -> None:
        """Start from what was proven."""
        if self.matter is not None:
            self.initial = {"minutes": self.matter.volunteer_signup.claimed, **self.initial}

    def clean(self) -> dict[str, Any]:
        """Never more than was proven; less needs a reason."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.matter is None:
            return data
        claimed = self.matter.volunteer_signup.claimed
        if data.get("minutes") is None:
            data["minutes"] = claimed
        if data["minutes"] > claimed:
            self.add_error("minutes", _("不能超过证明的 %(n)d 分钟。") % {"n": claimed})
        elif data["minutes"] < claimed and not data.get("note", "").strip():
            self.add_error("note", _("少计请写明理由，本人看得到。"))
        return data


class AppealForm(ActionForm):
    """What is wrong, in one's own words."""

    reason = words(_("哪里不对"), 300)
    unrecorded = ("reason",)


class CorrectForm(ActionForm):
    """What counts after the appeal."""

    minutes = forms.IntegerField(label=_("计多少分钟"), min_value=0, max_value=24 * 60)
    reason = words(_("理由"), 200, rows=2)

    def prepare(self) -> None:
        """Start from what was proven."""
        if self.matter is not None:
            self.initial = {"minutes": self.matter.volunteer_signup.claimed, **self.initial}
