"""The catalogue and the shops: what can be had for how many points, with a photo and words for who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor.models import Good, Shop
from linli.kernel import evidence, ids
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, UserError
from linli.kernel.evidence.models import Attachment
from linli.kernel.matters import proof
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

FIELDS = (
    "name", "detail", "picture", "points", "piece", "per_person", "per_household", "window_days", "scarce", "active",
    "photo_says",
)  # fmt: skip


@transaction.atomic
def save_good(
    *, actor: Actor, given: Mapping[str, Any], good: Good | None = None, photo: UploadedFile[bytes] | None = None
) -> Good:
    """Put a line into the catalogue, or change one; what was reserved keeps the points it was reserved for.

    ``given`` are values of :data:`FIELDS`. A photo goes through the evidence store: re-encoded by the worker, seen
    by nobody until then. Raises :class:`UserError` for a photo without words, :class:`NotHere` without the duty.
    """
    _manager(actor)
    row = good or Good(code=f"g-{ids.uuid7().hex[-12:]}")
    for name in FIELDS:
        if name in given:
            setattr(row, name, given[name])
    if (photo is not None or row.photo_id) and not row.photo_says.strip():
        raise UserError(_("请用几个字说明照片上是什么，给看不见照片的人听。"), field="photo_says")
    before = row.photo_id
    if photo is not None:
        taken = evidence.receive(photo, uploader=actor, kind=evidence.Kind.PHOTO)
        row.photo_id = taken.pk
    row.save()
    if photo is not None and row.photo_id:
        evidence.attach(row.pk, [row.photo_id])
        if before:
            evidence.erase(Attachment.objects.filter(pk=before))
    return row


@transaction.atomic
def save_shop(*, actor: Actor, given: Mapping[str, Any], community: Node, shop: Shop | None = None) -> Shop:
    """Open a shop at a place of one's own, or change what is said of it. Raises :class:`NotHere` elsewhere."""
    _manager(actor)
    if not actor.covers(community.code) or (shop is not None and not actor.covers(shop.area_code)):
        raise NotHere
    row = shop or Shop()
    for name in ("name", "kind", "place", "hours", "phone", "active"):
        setattr(row, name, given[name])
    row.area_id, row.area_code = community.id, community.code
    if Shop.objects.filter(area=community.id, name=row.name).exclude(pk=row.pk).exists():
        raise UserError(_("这个社区已经有同名的兑换点。"), field="name")
    row.save()
    return row


def _manager(actor: Actor) -> None:
    if "market_manager" not in duties_of(actor):
        raise NotHere


@proof.open_to_all
def on_the_shelf(attachment: Attachment) -> bool:
    """Let everybody see the photos of the catalogue."""
    return Good.objects.filter(photo_id=attachment.pk).exists()
