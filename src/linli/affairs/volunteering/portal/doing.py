"""What a resident does with a service of their own: one place that tries it and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linli.affairs.volunteering.models import Signup
from linli.affairs.volunteering.process import SIGNUP
from linli.kernel import people
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters import ActionForm, perform, selectors
from linli.kernel.people.models import Person
from linli.kernel.posts import session
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.desk.acting import add_error
from linli.surfaces.parts.dressing import dress, posted

View = Callable[..., HttpResponse]


def known(view: View) -> View:
    """Open the page to a resident who has proved a number; others sign in first and come back to the same address."""

    @wraps(view)
    def page(request: HttpRequest, **named: Any) -> HttpResponse:
        person = who(request)
        if person is None:
            return to_sign_in(request)
        response = view(request, person, **named)
        response["Cache-Control"] = "private, no-store"
        return response

    return page


def who(request: HttpRequest) -> Person | None:
    """Return who is signed in on this phone."""
    found = session.person_id(request)
    person = Person.objects.filter(pk=found).first() if found else None
    return people.canonical(person) if person else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to signing in, and back with what was scanned."""
    return HttpResponseRedirect(f"{reverse('portal:enter')}?{urlencode({'next': request.get_full_path()})}")


def offered(person: Person, signup: Signup) -> dict[str, str]:
    """Return what one may do with one's own service now: its names, with why not where it cannot be done yet."""
    offers = selectors.offers(resident_actor(person), signup.matter)
    return {offer.action.name: offer.reason or "" for offer in offers}


def blank(name: str, person: Person, signup: Signup, **initial: Any) -> ActionForm | None:
    """Return the form of an action on a service, dressed for a page."""
    form = SIGNUP.action(name).form
    return dress(form(actor=resident_actor(person), matter=signup.matter, initial=initial)) if form else None


def attempt(
    request: HttpRequest, person: Person, signup: Signup, name: str
) -> tuple[ActionForm | None, UserError | None]:
    """Do ``name`` with what was posted, once for each key; return the form with what is wrong, and the error.

    :class:`NotHere` goes through to the error page.
    """
    action, actor = SIGNUP.action(name), resident_actor(person)
    key = request.POST.get("key", "")[:36]
    data = None
    try:
        data = posted(request, action.form, actor)
        perform(
            actor=actor, matter=signup.matter, action=name, data=data,
            key=f"vs:{signup.pk.hex}:{key}" if key else None,
        )  # fmt: skip
    except NotHere:
        raise
    except UserError as error:
        form = _returned(action.form, actor, signup, data, error) if action.form else None
        return form, error
    return None, None


def _returned(shape: type[ActionForm], actor: Any, signup: Signup, data: Any, error: UserError) -> ActionForm:
    form = dress(shape(data, actor=actor, matter=signup.matter))
    form.full_clean()
    if isinstance(error, Invalid):
        for name, texts in error.errors.items():
            add_error(form, name, texts)
    elif error.field:
        add_error(form, error.field, [str(error.message)])
    return form
