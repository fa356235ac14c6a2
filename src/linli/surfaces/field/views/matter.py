"""One matter on a phone: what, where, the photo before, and the one thing to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import evidence
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.matters.selectors import Offer
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting
from linli.surfaces.desk.registry import Panel, panel_of
from linli.surfaces.field.access import worker
from linli.surfaces.field.views.today import items
from linli.surfaces.parts import shapes
from linli.surfaces.parts.forms import CardRadio

#: So many actions have a large button; the rest wait behind 更多.
LARGE = 2


@require_GET
@worker()
def show(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show one matter."""
    matter = selectors.access_matter(actor, number)
    panel = panel_of(request, actor, matter)
    offers = selectors.offers(actor, matter)
    first, rest = _sorted(offers)
    stage = process_of(matter.kind).stage(matter.stage)
    context = {
        "matter": matter,
        "item": items([matter])[0],
        "stage": stage,
        "facts": panel.facts,
        "photos": _photos(matter, panel),
        "large": [_button(o) for o in first],
        "more": [_button(o) for o in rest],
        "links": panel.links,
        "key": acting.new_key(),
        "pair": _pair(matter, panel),
    }
    return render(request, "field/matter.html", context)


@dataclass(frozen=True)
class OfferedAction:
    """An action as a button: done by one press when nothing has to be filled in, else by way of its form."""

    name: str
    title: Any
    at_once: bool
    why_not: str = ""


def _button(offer: Offer) -> OfferedAction:
    action = offer.action
    at_once = action.form is None and action.needs is None
    return OfferedAction(action.name, action.title, at_once, offer.reason or "")


def _sorted(offers: Sequence[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Return the actions of the step that is due, and the rest, those not possible now last."""
    first = [o for o in offers if o.now and not o.action.secondary][:LARGE]
    return first, [o for o in offers if o not in first]


def _subject(matter: Matter, panel: Panel) -> Matter:
    return panel.photos_of or matter.root or matter


def _photos(matter: Matter, panel: Panel) -> list[shapes.Picture]:
    rows = evidence.of(_subject(matter, panel).pk, only_ready=True)
    return [_picture(row) for row in rows if row.is_image]


def _pair(matter: Matter, panel: Panel) -> shapes.EvidencePair | None:
    pair = evidence.before_after(_subject(matter, panel).pk)
    if pair is None or pair.before is None or pair.after is None:
        return None
    return shapes.EvidencePair(before=_picture(pair.before), after=_picture(pair.after), metres=pair.distance)


def _before(matter: Matter, panel: Panel) -> shapes.Picture | None:
    """Return the photo before, to hold beside what one sees now."""
    pair = evidence.before_after(_subject(matter, panel).pk)
    return _picture(pair.before) if pair is not None and pair.before is not None else None


def _picture(row: Any) -> shapes.Picture:
    return shapes.Picture(
        src=reverse("evidence:full", args=[row.pk]), alt=row.get_role_display() or row.get_kind_display(),
        at=row.captured_at,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@worker()
def act(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponse:
    """Show an action's form with the photo before beside it, or do it, once for each key made on the phone."""
    shown = acting.on_matter(request, actor, number, name)
    matter, tried = shown.matter, shown.tried
    if tried.outcome is not None:
        messages.success(request, acting.what_next(tried.outcome))
        return HttpResponseRedirect(reverse("field:today"))
    context = {
        "matter": matter,
        "action": shown.action,
        "form": large(shown.form) if shown.form is not None else None,
        "error": tried.error,
        "why_not": next((o.reason for o in selectors.offers(actor, matter) if o.action is shown.action), None),
        "before": _before(matter, panel_of(request, actor, matter)),
        "key": shown.key,
    }
    return render(request, "field/act.html", context, status=tried.status)


def large(form: Any) -> Any:
    """Give a choice among a few its cards, for the thumb, and return the form."""
    from django import forms

    for field in form.fields.values():
        if isinstance(field, forms.ChoiceField) and type(field.widget) in {forms.RadioSelect, forms.Select}:
            options: list[Any] = list(field.widget.choices)
            if 1 < len(options) <= 6 and not any(isinstance(word, list | tuple) for _value, word in options):
                field.widget = CardRadio(choices=options)
                field.widget.is_required = field.required
    return form
