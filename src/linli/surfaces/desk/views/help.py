"""Help: each process as a picture and a table, made from its declaration, and the keys."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.kernel import policy
from linli.kernel.matters.declare import PROCESSES
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import diagrams


@require_GET
@staff()
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show how each kind of matter runs, what this post may do, and the keyboard's keys."""
    pictures = [
        {"process": process, "svg": diagrams.svg(process), "steps": _titled(diagrams.steps(process))}
        for process in sorted(PROCESSES.values(), key=lambda p: (p.detail is None, not p.public, p.kind))
    ]
    mine = sorted(policy.duty_title(duty) for duty in duties_of(actor))
    return render(request, "desk/help.html", {"pictures": pictures, "duties": mine, "post": actor.label})


def _titled(steps: list[dict[str, object]]) -> list[dict[str, object]]:
    for step in steps:
        for action in step["actions"]:  # type: ignore[attr-defined] # the shape diagrams.steps gives
            action["duties"] = [policy.duty_title(duty) for duty in action["duties"]]
    return steps
