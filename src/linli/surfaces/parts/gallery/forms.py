"""One form with every kind of field."""

from __future__ import annotations

from django import forms

from linli.kernel.matters.forms import DayInput
from linli.surfaces.parts.forms import CardCheckboxes, CardRadio, PhotoInput, PhotosField
from linli.surfaces.parts.pickers import (
    AreaOption,
    AreaSelect,
    PlaceInput,
    UnitOption,
    UnitSelect,
    UnitsSelect,
)


def areas() -> list[AreaOption]:
    """Return a small tree of four levels."""
    return [
        AreaOption(value="5", label="蒙自市", level="市", pinyin="mengzi", pickable=False),
        AreaOption(value="51", label="文澜街道", depth=1, level="街道", pinyin="wenlan wl"),
        AreaOption(value="511", label="银河社区", depth=2, level="社区", pinyin="yinhe yh"),
        AreaOption(value="5111", label="银河社区 网格03", depth=3, level="网格", pinyin="yinhe"),
        AreaOption(value="512", label="朝阳社区", depth=2, level="社区", pinyin="chaoyang cy"),
        AreaOption(value="52", label="观澜街道", depth=1, level="街道", pinyin="guanlan gl"),
    ]


def units() -> list[UnitOption]:
    """Return units of two kinds."""
    return [
        UnitOption(value="1", label="住房和城乡建设局", group="市直部门", hint="在办 12 件", pinyin="zhujianju zjj"),
        UnitOption(value="2", label="水务局", group="市直部门", hint="在办 3 件", pinyin="shuiwuju swj"),
        UnitOption(value="3", label="燃气公司", group="企业", hint="24 小时值班", pinyin="ranqi rq"),
    ]


class SampleForm(forms.Form):
    """Every kind of field once."""

    title = forms.CharField(label="什么事", max_length=60, help_text="一句话说清楚，比如“路灯不亮”。")
    text = forms.CharField(label="说说情况", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="哪一类",
        choices=[("road", "道路"), ("light", "路灯"), ("water", "供水"), ("other", "说不清")],
        widget=CardRadio(
            hints={"road": "坑洼、井盖、占道", "other": "交给调度员来分"},
            icons={"road": "route", "light": "lightbulb", "water": "droplets", "other": "circle-help"},
        ),
    )
    wishes = forms.MultipleChoiceField(
        label="怎么告诉您结果",
        required=False,
        choices=[("phone", "打电话"), ("sms", "发短信")],
        widget=CardCheckboxes(icons={"phone": "phone", "sms": "message-square"}),
    )
    plain = forms.ChoiceField(
        label="办得怎么样",
        choices=[("y", "解决了"), ("p", "部分解决"), ("n", "没解决")],
        widget=forms.RadioSelect,
    )
    level = forms.ChoiceField(label="紧急程度", choices=[("0", "一般"), ("1", "紧急"), ("2", "应急")])
    day = forms.DateField(label="计划完成日", widget=DayInput(), required=False)
    area = forms.CharField(label="所在区域", widget=AreaSelect(areas=areas))
    lead = forms.CharField(label="主办单位", widget=UnitSelect(units=units))
    helpers = forms.CharField(label="协办单位", widget=UnitsSelect(units=units), required=False)
    place = forms.CharField(label="在哪里", widget=PlaceInput, required=False)
    photos = PhotosField(label="照片", required=False, widget=PhotoInput(most=4))
    agree = forms.BooleanField(label="处理人可以打电话联系我", required=False)
