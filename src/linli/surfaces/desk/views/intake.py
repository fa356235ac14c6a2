"""Taking a matter in on somebody's behalf (代登记): by keyboard, in a minute, with a slip to take along."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock, people
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import ActionForm, process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, copying, kept, matterpage, registry
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import dressing, shapes, words

DUTY = "intake_clerk"
SHOWN = 8


@require_http_methods(["GET", "POST"])
@staff(DUTY)
def intake(request: HttpRequest, actor: Actor, key: str = "") -> HttpResponse:
    """Show the form of an intake, or take the matter in; ``do`` says which button was pressed."""
    spec = registry.intakes.get(key) if key else next(iter(registry.intakes.values()), None)
    if spec is None:
        raise NotHere
    process = process_of(spec.kind)
    do = request.POST.get("do", "")
    tried, form = acting.Attempt(), None
    if request.method == "POST" and do in {"register", "answer"}:
        action = process.action(spec.answer_action if do == "answer" and spec.answer_action else spec.action)
        tried = acting.attempt(request, actor, action, process=process)
        if tried.outcome is not None:
            messages.success(request, acting.what_next(tried.outcome))
            return HttpResponseRedirect(reverse("desk:slip", args=[tried.outcome.matter.number]))
        form = _returned(spec, actor, tried, answered=do == "answer")
    if form is None:
        form = _fresh(request, actor, spec)
    caller = request.POST.get(spec.caller_field, "")
    context = {
        "spec": spec,
        "form": _wired(form, spec),
        "sets": _groups(form, spec),
        "answer": form["answer"] if "answer" in form.fields else None,
        "error": tried.error,
        "key": request.POST.get("key") or acting.new_key(),
        **_caller(actor, caller),
    }
    return render(request, "desk/intake.html", context, status=tried.status)


def _shape(spec: registry.Intake) -> type[ActionForm]:
    """Return the form that is shown: the one that also answers at once, where there is one."""
    process = process_of(spec.kind)
    form = process.action(spec.answer_action or spec.action).form
    if form is None:
        raise LookupError(f"{spec.kind}.{spec.action} takes nothing in without a form")
    return form


def _fresh(request: HttpRequest, actor: Actor, spec: registry.Intake) -> ActionForm:
    """Return the form empty, or with what was kept, typed so far, or guessed from what was pasted."""
    known: MultiValueDict[str, Any] = MultiValueDict()
    if request.method == "POST":
        known.update(request.POST)
    elif (restored := kept.take(request)) is not None:
        known = restored
        messages.info(request, _("登录前填的内容已经放回来了，看一眼再提交。"))
    pasted = known.get("pasted") or ""
    guessed = spec.guess(pasted) if pasted and spec.guess else {}
    shape = _shape(spec)
    typed = {name: known.get(name) for name in shape.base_fields if known.get(name)}
    process = process_of(spec.kind)
    form = acting.blank(
        process.action(spec.answer_action or spec.action), actor, None, initial={**spec.initial, **guessed, **typed}
    )
    assert form is not None  # noqa: S101 - told to mypy; the shape was asked for above
    return form


def _returned(spec: registry.Intake, actor: Actor, tried: acting.Attempt, *, answered: bool) -> ActionForm:
    """Return the whole form with what was typed and the errors of the button that was pressed."""
    data = tried.form.data if tried.form is not None else MultiValueDict()
    form = dressing.dress(_shape(spec)(data, actor=actor, matter=None), within=actor.area_codes)
    form.full_clean()
    if not answered:
        form.errors.pop("answer", None)
    for name, texts in (tried.form.errors if tried.form is not None else {}).items():
        acting.add_error(form, name, [str(text) for text in texts])
    return form


def _wired(form: ActionForm, spec: registry.Intake) -> ActionForm:
    """Let the number show the caller's open matters while it is typed, where there is script."""
    if spec.caller_field in form.fields:
        form.fields[spec.caller_field].widget.attrs |= {
            "hx-post": reverse("desk:intake-caller"),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#caller",
            "hx-include": "this",
            "autofocus": True,
        }
    return form


def _groups(form: ActionForm, spec: registry.Intake) -> list[tuple[Any, list[BoundField], bool]]:
    named = {name for _title, names, _folded in spec.groups for name in names} | {"answer"}
    rest = [name for name in form.fields if name not in named]
    groups = []
    for number, (title, names, folded) in enumerate(spec.groups or [(spec.title, [], False)]):
        wanted = [*names, *rest] if number == 0 else names
        fields = [form[name] for name in wanted if name in form.fields and not form[name].is_hidden]
        groups.append((title, fields, folded and not any(f.errors or _typed(f) for f in fields)))
    return groups


def _typed(field: BoundField) -> bool:
    value = field.value()
    return bool(value) and value != field.field.initial


def _caller(actor: Actor, phone: str) -> dict[str, Any]:
    """Return the open matters of whoever has this number, as far as this post may see them."""
    if not phone.strip():
        return {}
    try:
        person = people.find_by_phone(phone)
    except UserError:
        return {}
    if person is None:
        return {"unknown_caller": True}
    found = selectors.visible(actor, reporter=person, parent=None).order_by("-is_open", "-opened_at")
    return {"caller": person, "theirs": [(m, matterpage.stage_badge(m)) for m in found[:SHOWN]]}


@require_POST
@staff(DUTY)
def caller(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Answer with the caller's open matters alone, while the number is typed; the number is in no address."""
    phone = next(
        (request.POST[i.caller_field] for i in registry.intakes.values() if i.caller_field in request.POST), ""
    )
    return render(request, "desk/caller.html", _caller(actor, phone))


@require_GET
@staff(DUTY)
def slip(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the printed slip: the number, what happens next and by when, and the secret link as a QR code."""
    matter = selectors.access_matter(actor, number)
    link = _tracking(matter)
    process = process_of(matter.kind)
    stage = process.stage(matter.stage)
    rows: list[tuple[Any, Any]] = [
        (_("事项"), matter.title),
        (_("登记时间"), words.full_moment(matter.opened_at)),
        (_("现在"), stage.plain or stage.title),
    ]
    if matter.resident_due_at:
        rows.append((_("最晚答复"), words.full_moment(matter.resident_due_at)))
    rows.append((_("怎么查"), _("扫右上角的码，或到社区窗口报编号和手机号")))
    context = {
        "matter": matter,
        "sheet": shapes.Sheet(
            title=_("登记回执"),
            number=matter.number,
            unit=actor.label,
            as_of=clock.now(),
            rows=rows,
            qr=copying.qr(link, _("扫码看进度")) if link else None,
            signatures=[_("登记人"), _("反映人")],
        ),
        "back": reverse("desk:matter", args=[number]),
    }
    return render(request, "desk/slip.html", context)


def _tracking(matter: Matter) -> str:
    spec = next((i for i in registry.intakes.values() if i.kind == matter.kind and i.tracking), None)
    if spec is None or spec.tracking is None:
        return ""
    try:
        return f"{settings.BASE_URL}{spec.tracking(matter)}"
    except NoReverseMatch:
        # Without the residents' pages there is no link to print; the number alone is no credential.
        return ""
