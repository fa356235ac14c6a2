"""The exercises of one's own post: choose one, do its steps on the real pages, see what is done."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.affairs.practice import exercises
from linli.affairs.practice.exercises import Begun, Exercise
from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts.shapes import Progress

KEPT = "linli.practice"


@require_GET
@staff()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the exercises of this post, and how far each is."""
    _only_here()
    mine = [exercises.standing(actor, one, _begun(request, one)) for one in exercises.for_post(actor)]
    return render(request, "practice/index.html", {"mine": mine, "post": actor.label})


@require_GET
@staff()
def show(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Show one exercise with its steps: what is done, what is next."""
    one = _mine(actor, key)
    found = exercises.standing(actor, one, _begun(request, one))
    bar = Progress(label=one.title, done=found.count, total=len(one.steps))
    return render(request, "practice/exercise.html", {"it": found, "bar": bar})


@require_POST
@staff()
def begin(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Begin an exercise, or begin it anew: what was done before counts no more."""
    one = _mine(actor, key)
    _keep(request, one, Begun(clock.now()))
    return redirect("practice:show", key=one.key)


@require_POST
@staff()
def go(request: HttpRequest, actor: Actor, key: str, place: int) -> HttpResponse:
    """Lead to the page of a step; where looking is the step, it is done by that."""
    one, begun = _mine(actor, key), None
    if place >= len(one.steps):
        raise NotHere
    begun = _begun(request, one) or Begun(clock.now())
    if one.steps[place].see:
        begun = Begun(begun.since, begun.seen | {place})
    _keep(request, one, begun)
    return redirect(reverse(one.steps[place].page))


def _only_here() -> None:
    if not settings.LINLI_PRACTICE:
        raise NotHere


def _mine(actor: Actor, key: str) -> Exercise:
    _only_here()
    found = next((one for one in exercises.for_post(actor) if one.key == key), None)
    if found is None:
        raise NotHere
    return found


def _begun(request: HttpRequest, one: Exercise) -> Begun | None:
    kept = request.session.get(KEPT, {}).get(one.key)
    return Begun(datetime.fromisoformat(kept["since"]), frozenset(kept["seen"])) if kept else None


def _keep(request: HttpRequest, one: Exercise, begun: Begun) -> None:
    kept = {"since": begun.since.isoformat(), "seen": sorted(begun.seen)}
    request.session[KEPT] = {**request.session.get(KEPT, {}), one.key: kept}
