"""A page on which a matter begins: its form, what was typed when it fails, and the matter's page when it succeeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from linli.kernel.matters import Process
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import acting, kept


def opening(
    request: HttpRequest,
    actor: Actor,
    process: Process,
    name: str,
    template: str,
    /,
    *,
    initial: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form of the opening action ``name`` of ``process`` in ``template``, or do it.

    The template gets ``form``, ``error``, ``key``, ``action``, ``process`` and what ``context`` adds.

    ``initial`` and what the address says of the form's fields are filled in, what was typed before the session
    ended is kept.
    """
    action = process.action(name)
    tried = acting.Attempt()
    if request.method == "POST":
        tried = acting.attempt(request, actor, action, process=process)
        if tried.outcome is not None:
            messages.success(request, acting.what_next(tried.outcome))
            return HttpResponseRedirect(reverse("desk:matter", args=[tried.outcome.matter.number]))
    restored = kept.take(request) if request.method == "GET" else None
    filled = {**(initial or {}), **acting.asked_for(request, action)}
    form = tried.form or acting.blank(action, actor, None, data=restored, initial=filled)
    key = request.POST.get("key") or acting.new_key()
    shown = {"form": form, "error": tried.error, "key": key, "action": action, "process": process, **context}
    return render(request, template, shown, status=tried.status)
