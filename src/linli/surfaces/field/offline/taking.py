"""Taking in what was done on a phone: one item with its photos, once, judged now, with the answer in words.

An item is a form as the pages post it, in an envelope. It goes through the same forms and the same ``perform``;
what the post may not do any more is refused now, whatever held when it was typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.kernel import clock, evidence
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.matters import ActionForm, UUIDListField, perform, process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor, actor_for
from linli.surfaces.desk import acting
from linli.surfaces.field import registry
from linli.surfaces.parts import words

OLDEST = timedelta(days=60)
"""An item older than this is refused: its phone's clock is wrong, or nobody remembers what it was."""
AHEAD = timedelta(minutes=10)
"""How far a phone's clock may run before ours; what lies further ahead counts as made now."""
STEPS = 4


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo of an item: the id made on the phone, the form's field it belongs to, when and where it was taken."""

    id: uuid.UUID
    field: str
    file: UploadedFile[bytes]
    captured_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing done on a phone: an action on a matter (``number``, ``action``), or a filing begun."""

    key: str
    post: uuid.UUID | None
    made_at: datetime
    filing: str = ""
    number: str = ""
    action: str = ""
    version: int | None = None
    data: MultiValueDict[str, Any] = field(default_factory=MultiValueDict)
    photos: tuple[Photo, ...] = ()


def envelope(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an item from its envelope, checked. Raises :class:`UserError` for one that is broken."""
    try:
        key = str(uuid.UUID(str(given.get("key", ""))))
        post = uuid.UUID(str(given["post"])) if given.get("post") else None
        made = parse_datetime(str(given.get("made_at", "")))
        version = int(given["version"]) if given.get("version") not in (None, "") else None
    except (ValueError, TypeError):
        made = None
    if made is None or made.tzinfo is None:
        raise UserError(_("这一条的信封不完整，没有收下。请在手机上重新填一遍。"), code="bad_item")
    now = clock.now()
    if made < now - OLDEST:
        raise UserError(_("这一条是 60 天以前的，没有收下。请核对后重新上报。"), code="too_old")
    return {
        "key": key,
        "post": post,
        "made_at": min(made, now) if made < now + AHEAD else now,
        "version": version,
        **{name: str(given.get(name) or "")[:60] for name in ("filing", "number", "action")},
    }


def photo(about: Mapping[str, Any], file: UploadedFile[bytes]) -> Photo:
    """Return a photo with what the phone knows of it. Raises :class:`UserError` when that does not hold."""
    try:
        lon, lat = (float(about[name]) if about.get(name) not in (None, "") else None for name in ("lon", "lat"))
        taken = parse_datetime(str(about["captured_at"])) if about.get("captured_at") else None
        return Photo(
            id=uuid.UUID(str(about["id"])), field=str(about["field"]), file=file,
            captured_at=taken if taken and taken.tzinfo else None, lon=lon, lat=lat,
        )  # fmt: skip
    except (ValueError, TypeError, KeyError):
        raise UserError(_("照片的说明不完整，没有收下。请重新拍一张。"), code="bad_item") from None


def take(person: Person | uuid.UUID, item: Item) -> registry.Taken:
    """Do what the item says, once for its key, as the post it was made through. Raises :class:`UserError`."""
    actor = _actor(person, item)
    if item.filing:
        return _begin(actor, item)
    matter = selectors.access_matter(actor, item.number)
    process = process_of(matter.kind)
    if item.action not in registry.offline_actions(matter.kind):
        raise NotHere
    data = _data(actor, process.action(item.action).form, item)
    outcome = perform(
        actor=actor, matter=matter, action=item.action, data=data, version=item.version, key=key_of(actor, item.key)
    )
    return said_of(outcome)


def said_of(outcome: Any) -> registry.Taken:
    """Return what to tell the person about an outcome of ``perform``."""
    matter = outcome.matter
    url = reverse("field:matter", args=[matter.number])
    return registry.Taken(acting.what_next(outcome), matter.number, url, outcome.repeated)


def key_of(actor: Actor, key: str) -> str:
    """Return the submission key: one post's keys never meet another's, and a page's key is the same as a phone's."""
    return f"{actor.post_id}:{key}"


def _actor(person: Person | uuid.UUID, item: Item) -> Actor:
    if item.post is None:
        raise UserError(_("这一条没有写明是哪个岗位办的，没有收下。"), code="bad_item")
    try:
        return actor_for(person, item.post)
    except NotHere:
        raise NotHere(_("这一条是用另一个岗位办的，您现在不在那个岗位上，没有收下。请告诉接手的人。")) from None


def _begin(actor: Actor, item: Item) -> registry.Taken:
    filing = registry.filing_of(item.filing)
    if filing is None or not filing.open_to(actor):
        raise NotHere(_("您的岗位不能办这一项，没有收下。"))
    sent = registry.Sent(data=_data(actor, filing.form, item), key=key_of(actor, item.key), made_at=item.made_at)
    return filing.take(actor, sent)


def _data(actor: Actor, form: type[ActionForm] | None, item: Item) -> MultiValueDict[str, Any]:
    """Return the form's own fields from what was sent, with the photos received and named by their ids."""
    found: MultiValueDict[str, Any] = MultiValueDict()
    for name, one in (form.base_fields if form else {}).items():
        values = item.data.getlist(name)
        if isinstance(one, UUIDListField):
            values = [*values, *item.data.getlist(f"{name}_ids"), *_received(actor, item.photos, name)]
        if values:
            found.setlist(name, values)
    return found


def _received(actor: Actor, photos: Iterable[Photo], name: str) -> list[str]:
    ids = []
    for one in photos:
        if one.field != name:
            continue
        try:
            row = evidence.receive(
                one.file, uploader=actor, id=one.id, captured_at=one.captured_at, lon=one.lon, lat=one.lat,
                kind=evidence.Kind.PHOTO,
            )  # fmt: skip
        except UserError as error:
            error.field = error.field or name
            raise
        ids.append(str(row.pk))
    return ids


# -- the answer ---------------------------------------------------------------------------------------------------


def accepted(taken: registry.Taken) -> dict[str, Any]:
    """Return the answer to an item that was taken in, now or before."""
    state = "repeated" if taken.repeated else "accepted"
    return {"state": state, "said": taken.said, "number": taken.number, "url": taken.url}


def refused(error: UserError, person: Person | uuid.UUID, item: Item | None) -> dict[str, Any]:
    """Return the answer to an item that was not: why, at which field, and for a conflict what others did."""
    answer: dict[str, Any] = {"state": "refused", "code": error.code, "said": str(error.message)}
    if isinstance(error, Invalid):
        answer["errors"] = {_label(item, name): texts for name, texts in error.errors.items()}
        answer["said"] = _("有内容要改：%(list)s") % {"list": "；".join(_sentences(answer["errors"]))}
    elif error.field:
        answer["errors"] = {_label(item, error.field): [str(error.message)]}
    if isinstance(error, NotNow) and item is not None and item.number:
        answer |= {"state": "conflict", "theirs": _theirs(person, item)}
    return answer


def _sentences(errors: Mapping[str, list[str]]) -> list[str]:
    return [f"{label}：{text}" if label else text for label, texts in errors.items() for text in texts]


def _label(item: Item | None, name: str) -> str:
    form = _form_of(item)
    one = form.base_fields.get(name) if form else None
    return str(one.label or "") if one is not None else ""


def _form_of(item: Item | None) -> type[ActionForm] | None:
    if item is None:
        return None
    if item.filing:
        filing = registry.filing_of(item.filing)
        return filing.form if filing else None
    kind = Matter.objects.filter(number=item.number).values_list("kind", flat=True).first()
    process = process_of(kind) if kind else None
    return process.action(item.action).form if process and process.has(item.action) else None


def _theirs(person: Person | uuid.UUID, item: Item) -> dict[str, Any]:
    """Return where the matter stands now, what was done last, and whether the action is possible still."""
    try:
        actor = _actor(person, item)
        matter = selectors.access_matter(actor, item.number)
    except UserError:
        return {}
    steps = selectors.timeline(matter)[-STEPS:]
    offers = {o.action.name: o for o in selectors.offers(actor, matter)}
    offer = offers.get(item.action)
    return {
        "stage": str(process_of(matter.kind).stage(matter.stage).title),
        "version": matter.version,
        "steps": [{"at": words.moment(s.entry.at), "who": s.who, "did": s.title} for s in reversed(steps)],
        "again": bool(offer and offer.now),
        "url": reverse("field:matter", args=[matter.number]),
    }
