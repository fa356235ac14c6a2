"""Letting the public see a photo: somebody looks, covers what must not be seen, and may take it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import evidence
from linli.kernel.errors import NotHere
from linli.kernel.evidence.models import Attachment
from linli.kernel.evidence.services import may_release
from linli.kernel.matters import selectors
from linli.kernel.matters.models import Matter
from linli.kernel.matters.proof import RELEASE
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import matterpage
from linli.surfaces.desk.access import staff
from linli.surfaces.desk.acting import carried_out
from linli.surfaces.desk.photoforms import COLUMNS, ROWS, CoverForm, WithdrawForm


@dataclass(frozen=True)
class Cell:
    """One cell of the grid, with what a reader of the screen is told."""

    value: str
    label: str
    ticked: bool


@require_GET
@staff(RELEASE)
def index(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """List the photos of a matter, and which of them the public sees."""
    matter = selectors.access_matter(actor, number)
    return render(request, "desk/photos.html", {"matter": matter, "photos": _reviewable(matter)})


@require_http_methods(["GET", "POST"])
@staff(RELEASE)
def review(request: HttpRequest, actor: Actor, number: str, photo_id: uuid.UUID) -> HttpResponse:
    """Cover and release one photo, or take it back with a reason."""
    matter = selectors.access_matter(actor, number)
    photo = next((one for one in _reviewable(matter) if one.pk == photo_id), None)
    if photo is None or not may_release.ask(actor=actor, attachment=photo):
        raise NotHere
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data) if photo.public_at else CoverForm(data)
    if data is not None and form.is_valid() and carried_out(form, lambda: _decide(actor, photo, form)):
        messages.success(request, _("居民现在能看到这张照片。") if photo.public_at else _("已撤回，居民看不到了。"))
        return HttpResponseRedirect(reverse("desk:photos", args=[number]))
    context = {"matter": matter, "photo": photo, "form": form, "grid": _grid(form)}
    return render(request, "desk/photo.html", context, status=200 if data is None else 422)


def _reviewable(matter: Matter) -> list[Attachment]:
    photos = matterpage.photos_of(matter)
    return [photo for photo in photos if photo.kind == evidence.Kind.PHOTO and photo.state == evidence.State.READY]


def _decide(actor: Actor, photo: Attachment, form: CoverForm | WithdrawForm) -> None:
    if isinstance(form, CoverForm):
        evidence.release(actor=actor, attachment=photo, covers=form.boxes())
    else:
        evidence.withdraw(actor=actor, attachment=photo, reason=form.cleaned_data["reason"])


def _grid(form: CoverForm | WithdrawForm) -> list[list[Cell]]:
    if isinstance(form, WithdrawForm):
        return []
    ticked = set(form["cells"].value() or [])
    label = _("第 %(row)d 行第 %(column)d 格")
    return [
        [
            Cell(f"{row}-{column}", label % {"row": row + 1, "column": column + 1}, f"{row}-{column}" in ticked)
            for column in range(COLUMNS)
        ]
        for row in range(ROWS)
    ]
