"""The page behind a button of a card: a form, what it does, and the way back; what was typed is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from linli.kernel.errors import NotHere, UserError


@dataclass(frozen=True)
class Page:
    """What the page says: its title, symbol, of whom or what it is, where it leads back to, what stands above."""

    title: Any
    icon: str
    name: str
    back: str
    note: Any = ""
    shows: bool = False
    """Whether what is done returns a covered value, to be shown once."""


def answer(
    request: HttpRequest, page: Page, form: forms.Form, do: Callable[[dict[str, Any]], str | tuple[str, str]]
) -> HttpResponse:
    """Show ``form``, or do what it asks: ``do`` returns what to tell the post, and where to go when not back."""
    status, shown = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = do(form.cleaned_data)
            except UserError as error:
                if isinstance(error, NotHere) and not page.shows:
                    raise
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
            else:
                if not page.shows:
                    words, target = said if isinstance(said, tuple) else (said, page.back)
                    messages.success(request, words)
                    return HttpResponseRedirect(target)
                status, shown = 200, str(said)
    context = {"page": page, "form": form, "shown": shown}
    response = render(request, "registry/desk/act.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
