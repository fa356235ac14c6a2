"""The tracking page behind a secret link, and what a reporter may do there: judge, dispute, urge, withdraw."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import ids
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.matters import Action, ActionForm, perform, process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor, resident_actor
from linli.surfaces.parts import shapes
from linli.surfaces.parts.dressing import dress, posted
from linli.surfaces.parts.forms import CardRadio
from linli.surfaces.portal import tracking

Page = Callable[..., HttpResponse]


def with_secret(view: Page) -> Page:
    """Open the page of the matter whose number and secret stand in the address; it is stored nowhere on the way."""

    @wraps(view)
    def page(request: HttpRequest, number: str, secret: str, **named: Any) -> HttpResponse:
        matter = selectors.access_by_secret(number, secret)
        response = view(request, matter, **named)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return page


def reporter_of(matter: Matter) -> Actor:
    """Return the actor of whoever holds the secret link of ``matter``."""
    return resident_actor(secret_for=matter.pk)


@require_GET
@with_secret
def track(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Where it stands, what happens next and by when; and the questions, when it is the reporter's turn."""
    return _page(request, matter)


@require_GET
@with_secret
def sent(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Just reported: who will do what by when, the number, and how to find back here."""
    tracked = tracking.track(matter)
    address = request.build_absolute_uri(tracked.path)
    code = segno.make(address, error="m").svg_inline(scale=4, omitsize=True, svgclass=None, lineclass=None)
    text = _("我反映的问题 %(number)s，看进度：%(link)s") % {"number": matter.number, "link": address}
    context = {
        "it": tracked,
        "next": tracking.describe_next(tracked),
        "address": address,
        "qr": shapes.QrSlot(svg=code, caption=_("扫码看进度"), text=matter.number),
        "sms": f"sms:?body={quote(text)}",
        "text": text,
    }
    return render(request, "portal/sent.html", context)


@require_GET
@with_secret
def card(request: HttpRequest, matter: Matter) -> HttpResponse:
    """The tracking link as a QR picture to keep on the phone."""
    picture = io.BytesIO()
    address = request.build_absolute_uri(tracking.path_of(matter))
    segno.make(address, error="m").save(picture, kind="png", scale=10, border=4)
    response = HttpResponse(picture.getvalue(), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{matter.number}.png"'
    return response


@require_http_methods(["GET", "POST"])
@with_secret
def act(request: HttpRequest, matter: Matter, name: str) -> HttpResponse:
    """Do something as the reporter: a page with the action's form, or the action itself."""
    offer = next((o for o in selectors.offers(reporter_of(matter), matter) if o.action.name == name), None)
    if request.method == "GET":
        if offer is None or not offer.now:
            return HttpResponseRedirect(tracking.path_of(matter))
        return _form_page(request, matter, offer.action, _fresh(offer.action, matter))
    if offer is None and not process_of(matter.kind).has(name):
        raise NotHere
    return _perform(request, matter, process_of(matter.kind).action(name))


def _perform(request: HttpRequest, matter: Matter, action: Action) -> HttpResponse:
    actor, key = reporter_of(matter), request.POST.get("key") or None
    data = None
    try:
        data = posted(request, action.form, actor)
        perform(actor=actor, matter=matter, action=action.name, data=data, key=_scoped(matter, key))
    except NotNow as error:
        messages.info(request, str(error))
    except Invalid as error:
        return _again(request, matter, action, data, error)
    except UserError as error:
        if isinstance(error, NotHere):
            raise
        return _again(request, matter, action, data, error)
    else:
        messages.success(request, _("“%(action)s”已收到。") % {"action": action.title})
    return HttpResponseRedirect(tracking.path_of(matter))


def _scoped(matter: Matter, key: str | None) -> str | None:
    """Return the key within this matter, so that nobody can meet another's submission by its key."""
    return f"t:{matter.pk.hex}:{key[:36]}" if key else None


def _again(request: HttpRequest, matter: Matter, action: Action, data: object, error: UserError) -> HttpResponse:
    """Show the form again with what was typed and what is wrong with it."""
    assert action.form is not None  # noqa: S101 - only a form's data can be invalid
    form = action.form(data, actor=reporter_of(matter), matter=matter)
    form.is_valid()
    if not isinstance(error, Invalid):
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return _form_page(request, matter, action, enlarge(dress(form)), status=422)


def _fresh(action: Action, matter: Matter) -> ActionForm | None:
    if action.form is None:
        return None
    return enlarge(dress(action.form(actor=reporter_of(matter), matter=matter)))


def enlarge(form: ActionForm) -> ActionForm:
    """Give one-of-a-few questions cards that are easy to hit, and return the form."""
    for field in form.fields.values():
        if isinstance(field, forms.ChoiceField) and type(field.widget) is forms.RadioSelect:
            field.widget = CardRadio(choices=field.choices)
            field.widget.is_required = field.required
    return form


def _form_page(
    request: HttpRequest, matter: Matter, action: Action, form: ActionForm | None, status: int = 200
) -> HttpResponse:
    context = {"it": tracking.track(matter), "action": action, "form": form, "key": str(ids.uuid7())}
    return render(request, "portal/act.html", context, status=status)


def _page(request: HttpRequest, matter: Matter) -> HttpResponse:
    tracked = tracking.track(matter)
    story, offers = tracked.story, selectors.offers(reporter_of(matter), matter)
    asked = next((o.action for o in offers if o.action.name == story.ask and o.now), None)
    instead = next((o.action for o in offers if o.action.name == story.instead and o.now), None) if asked else None
    rest = [o for o in offers if o.now and o.action not in (asked, instead)]
    context = {
        "it": tracked,
        "next": tracking.describe_next(tracked),
        "ask": asked,
        "form": _fresh(asked, matter) if asked else None,
        "instead": instead,
        "others": rest,
        "key": str(ids.uuid7()),
    }
    return render(request, "portal/track.html", context)
