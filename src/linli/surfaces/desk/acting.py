"""Doing an action from a page: its form, what was typed when it fails, and what happens next when it succeeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from linli.kernel import ids
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters import Action, ActionForm, Outcome, Process, perform, process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import kept
from linli.surfaces.desk.holders import step_of
from linli.surfaces.parts import dressing, words


@dataclass
class Attempt:
    """What came of trying: the outcome, or the form with what was typed, its errors, and the status to answer."""

    outcome: Outcome | None = None
    form: ActionForm | None = None
    error: UserError | None = None
    status: int = 200


def blank(
    action: Action,
    actor: Actor,
    matter: Matter | None,
    *,
    data: MultiValueDict[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> ActionForm | None:
    """Return the action's form for a page, dressed; filled but unchecked when ``data`` was kept for it."""
    if action.form is None:
        return None
    form = action.form(None, actor=actor, matter=matter, initial={**_initial(action, data), **(initial or {})})
    return dressing.dress(form, within=actor.area_codes)


def _initial(action: Action, data: MultiValueDict[str, Any] | None) -> dict[str, Any]:
    if data is None or action.form is None:
        return {}
    found: dict[str, Any] = {}
    for name, field in action.form.base_fields.items():
        values = data.getlist(name)
        if values:
            several = getattr(field.widget, "allow_multiple_selected", False) or len(values) > 1
            found[name] = values if several else values[0]
    return found


def asked_for(request: HttpRequest, action: Action) -> dict[str, Any]:
    """Return what the page's address already says of the form's fields, as a link to an action may."""
    fields = action.form.base_fields if action.form else {}
    return {name: request.GET[name] for name in fields if name in request.GET}


def attempt(
    request: HttpRequest, actor: Actor, action: Action, *, matter: Matter | None = None, process: Process | None = None
) -> Attempt:
    """Perform ``action`` with what the page posted: once for each key, and only on what the page showed.

    :class:`NotHere` goes through to the error page; every other error comes back with the form as it was typed.
    """
    data: MultiValueDict[str, Any] = MultiValueDict()
    try:
        data = dressing.posted(request, action.form, actor)
        outcome = perform(
            actor=actor,
            action=action.name,
            matter=matter,
            process=process,
            data=data,
            key=_key(request, actor),
            version=_version(request),
        )
    except NotHere:
        raise
    except UserError as error:
        return Attempt(form=_returned(action, actor, matter, data, error), error=error, status=error.status)
    return Attempt(outcome=outcome)


@dataclass
class OnMatter:
    """An action of a matter as a page shows it: what came of trying it, and the form that is to be filled in."""

    matter: Matter
    process: Process
    action: Action
    tried: Attempt
    form: ActionForm | None = None
    restored: bool = False
    key: str = ""


def on_matter(request: HttpRequest, actor: Actor, number: str, name: str) -> OnMatter:
    """Do the action ``name`` on a matter with what was posted, or make its form ready to be shown.

    Raises :class:`NotHere` for a matter or an action that this actor may not do.
    """
    acts = request.method == "POST"
    matter = selectors.access_to_act(actor, number) if acts else selectors.access_matter(actor, number)
    process = process_of(matter.kind)
    if not process.has(name):
        raise NotHere
    action = process.action(name)
    tried = Attempt()
    if acts:
        tried = attempt(request, actor, action, matter=matter)
        if tried.outcome is not None:
            return OnMatter(matter, process, action, tried)
        matter = selectors.access_matter(actor, number)
    elif action.by is None or not action.by.allows(actor, matter):
        raise NotHere
    restored = kept.take(request) if request.method == "GET" else None
    form = tried.form or blank(action, actor, matter, data=restored, initial=asked_for(request, action))
    key = request.POST.get("key", "") if tried.status == 422 else new_key()
    return OnMatter(matter, process, action, tried, form, restored is not None, key)


def _key(request: HttpRequest, actor: Actor) -> str | None:
    key = request.POST.get("key", "")[:36]
    return f"{actor.post_id}:{key}" if key else None


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else None


def _returned(
    action: Action, actor: Actor, matter: Matter | None, data: MultiValueDict[str, Any], error: UserError
) -> ActionForm | None:
    if action.form is None:
        return None
    form = dressing.dress(action.form(data, actor=actor, matter=matter), within=actor.area_codes)
    form.full_clean()
    if isinstance(error, Invalid):
        for name, texts in error.errors.items():
            add_error(form, name, texts)
    elif error.field:
        add_error(form, error.field, [str(error.message)])
    return form


def carried_out(form: Form, work: Callable[[], object]) -> bool:
    """Do ``work`` and return whether it was done; what it refuses is shown at the form's fields."""
    try:
        work()
    except UserError as error:
        add_error(form, error.field or "__all__", [str(error.message)])
        return False
    return True


def add_error(form: Form, name: str, texts: list[str]) -> None:
    """Show messages at a field, or above the form when it has no such field; none is shown twice."""
    place = name if name in form.fields else None
    known = {str(e) for e in form.errors.get(place or "__all__", [])}
    for text in texts:
        if text not in known:
            form.add_error(place, text)


def new_key() -> str:
    """Return a fresh key for one sending of one form."""
    return str(ids.uuid7())


def what_next(outcome: Outcome) -> str:
    """Return what happens next and by when, for the message after an action."""
    matter = outcome.matter
    if outcome.repeated:
        return _("%(number)s 已经办过，没有重复办理。") % {"number": matter.number}
    if outcome.approval is not None:
        due = _by(outcome.approval)
        return _("已提交审批 %(number)s%(due)s；原来的时限照走。") % {"number": outcome.approval.number, "due": due}
    stage = process_of(matter.kind).stage(matter.stage)
    if stage.closed:
        return _("%(number)s 已到“%(stage)s”，这件事到此结束。") % {"number": matter.number, "stage": stage.title}
    step = step_of(matter)
    if step:
        return _("已办好。%(number)s 现在等“%(step)s”%(due)s。") % {
            "number": matter.number,
            "step": step,
            "due": _by(matter),
        }
    return _("已办好。%(number)s 现在是“%(stage)s”%(due)s。") % {
        "number": matter.number,
        "stage": stage.title,
        "due": _by(matter),
    }


def _by(matter: Matter) -> str:
    return _("，%(due)s前") % {"due": words.moment(matter.due_at)} if matter.due_at else ""
