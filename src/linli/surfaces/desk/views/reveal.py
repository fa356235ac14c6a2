"""Seeing a covered value whole: for a reason, on the record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel import privacy
from linli.kernel.errors import NotHere
from linli.kernel.matters import selectors
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.access import is_fragment, staff
from linli.surfaces.parts import shapes

FIELDS = {"phone"}


@require_POST
@staff()
def reveal(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show who reported a matter: the part alone for htmx, a page of its own otherwise; every look is logged."""
    matter = selectors.access_matter(actor, number)
    about = matter if matter.reporter is not None else matter.parent
    field = request.POST.get("field", "phone")
    if about is None or about.reporter is None or field not in FIELDS or not registry.may_reveal(actor, matter):
        raise NotHere
    value = privacy.reveal(
        actor,
        about.reporter,
        field,
        request.POST.get("reason", ""),
        purpose=str(_("办理 %(n)s") % {"n": matter.number}),
        subject_id=matter.pk,
        area_code=matter.area_code,
    )
    mask = shapes.Mask(shown="", revealed=value, phone=field == "phone")
    if is_fragment(request):
        return render(request, mask.template, {"it": mask})
    messages.info(request, _("这次查看已记下，本人可以看到。"))
    back = reverse("desk:matter", args=[number])
    if not value:
        return HttpResponseRedirect(back)
    return render(
        request, "desk/revealed.html", {"mask": mask, "matter": matter, "back": back, "name": about.reporter.name}
    )
