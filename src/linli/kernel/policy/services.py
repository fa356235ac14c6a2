"""Writes: loading a profile, proposing a version, putting it in force or rejecting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from pydantic import ValidationError

from linli.kernel import clock, ids
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.jobs import Gate, gate
from linli.kernel.policy import cache, compare, documents, door, files
from linli.kernel.policy.documents import Document, Documents
from linli.kernel.policy.files import Problem
from linli.kernel.policy.models import PolicyGeneration, PolicyVersion
from linli.kernel.posts.actors import Actor

approval: Final[Gate[bool]] = gate("policy.approval", False)
"""Asked with ``actor`` and ``version`` when a draft is handed in; True when an approval was opened that will
end in :func:`put_in_force` or :func:`reject`. Unanswered, another post with the duty decides directly."""

EDITOR, APPROVER = "policy_editor", "policy_approver"


class BadPolicy(UserError):
    """Policy files or texts that do not hold; ``problems`` has one entry for each place."""

    code = "bad_policy"
    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            _("政策文件有 %(count)s 处问题，未作任何改动：%(first)s")
            % {
                "count": len(problems),
                "first": str(problems[0]),
            }
        )
        self.problems = problems


@dataclass(frozen=True)
class Loaded:
    """What a load did: names put in force, drafts made, and names that were the same already."""

    in_force: tuple[str, ...]
    drafts: tuple[PolicyVersion, ...]
    unchanged: tuple[str, ...]


def load(folder: Path, on: date | None = None, author: str = "") -> Loaded:
    """Load a profile's ``folder``: documents new to the database come into force, changed ones become drafts.

    ``on`` is the day from which new ones hold (today). Nothing is written when any file has a problem:
    :class:`BadPolicy` carries them all. Raises ``FileNotFoundError`` when there is no such folder.
    """
    read = files.read(folder)
    if read.problems:
        raise BadPolicy(read.problems)
    with transaction.atomic():
        _lock()
        known = _bodies_in_force()
        last = _last_numbers()
        fresh: list[PolicyVersion] = []
        drafts: list[PolicyVersion] = []
        unchanged: list[str] = []
        for name, body in read.bodies.items():
            if name not in known:
                day, number = on or clock.today(), last.get(name, 0) + 1
                fresh.append(_version(name, number, body, day, PolicyVersion.State.IN_FORCE, author=author))
            elif any(compare.differences(name, known[name], body)):
                drafts.append(_draft_once(name, body, on or clock.today(), author))
            else:
                unchanged.append(name)
        for version in fresh:  # one by one: several large bodies in one array are slower to quote than to send
            version.save(force_insert=True)
        _changed()
    return Loaded(tuple(version.name for version in fresh), tuple(drafts), tuple(unchanged))


def diff(folder: Path) -> list[compare.Change]:
    """Return what loading ``folder`` would change against what is in force today, in reading order.

    Raises :class:`BadPolicy` and ``FileNotFoundError`` as :func:`load`.
    """
    read = files.read(folder)
    if read.problems:
        raise BadPolicy(read.problems)
    known = _bodies_in_force()
    return [c for name, body in read.bodies.items() for c in compare.differences(name, known.get(name), body)]


def propose(*, actor: Actor, name: str, body: dict[str, Any], valid_from: date, note: str = "") -> PolicyVersion:
    """Make a draft of ``name`` and hand it in for approval.

    Raises ``NotHere`` for an unknown name or a post without the duty ``policy_editor``, ``Invalid`` when the
    body does not hold or does not fit the other documents.
    """
    _need(actor, EDITOR)
    if name not in documents.names():
        raise NotHere
    try:
        parsed = documents.parse(name, documents.shape_of(name).policy_schema, body)
    except ValidationError as error:
        raise Invalid({_place(d["loc"]): [d["msg"]] for d in error.errors()}) from error
    _fits(parsed)
    with transaction.atomic():
        _lock()
        version = _write(name, files.body_of(parsed), valid_from, PolicyVersion.State.DRAFT, actor=actor, note=note)
        version.save()
        approval.ask(actor=actor, version=version)
    return version


def propose_text(*, actor: Actor, name: str, text: str, valid_from: date, note: str = "") -> PolicyVersion:
    """Make a draft from the YAML that somebody edited on the desk.

    Raises :class:`BadPolicy` with a line for each problem, and what :func:`propose` raises.
    """
    _need(actor, EDITOR)
    parsed, problems = files.parse_text(name, text)
    if parsed is None:
        raise BadPolicy(problems)
    return propose(actor=actor, name=name, body=files.body_of(parsed), valid_from=valid_from, note=note)


def put_in_force(*, actor: Actor, version: PolicyVersion) -> PolicyVersion:
    """Let a draft hold from its day on, or from today if that day has passed.

    Another one in force from the same day is superseded; earlier ones go on answering for the days before.
    Raises ``NotHere`` without the duty ``policy_approver``, ``NotNow`` when it is no draft any more, and
    ``UserError`` when proposer and approver are the same post or person.
    """
    with transaction.atomic():
        _lock()
        draft = _decide(actor, version)
        _fits(documents.parse(draft.name, draft.schema, draft.body))
        draft.valid_from = max(draft.valid_from, clock.today())
        PolicyVersion.objects.filter(
            name=draft.name, valid_from=draft.valid_from, state=PolicyVersion.State.IN_FORCE
        ).update(state=PolicyVersion.State.SUPERSEDED)
        draft.state = PolicyVersion.State.IN_FORCE
        draft.save()
        _changed()
    return draft


def reject(*, actor: Actor, version: PolicyVersion, note: str) -> PolicyVersion:
    """Turn a draft down with a reason. Raises as :func:`put_in_force`."""
    with transaction.atomic():
        _lock()
        draft = _decide(actor, version)
        draft.state = PolicyVersion.State.REJECTED
        draft.note = note[:400]
        draft.save()
    return draft


def _decide(actor: Actor, version: PolicyVersion) -> PolicyVersion:
    _need(actor, APPROVER)
    draft = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    if draft.state != PolicyVersion.State.DRAFT:
        raise NotNow(_("这份草案已有决定：%(state)s。请刷新页面查看。") % {"state": draft.get_state_display()})
    same_post = actor.post_id is not None and actor.post_id == draft.proposed_by_post_id
    same_person = actor.person_id is not None and actor.person_id == draft.proposer_id
    if same_post or same_person:
        raise UserError(_("自己起草的政策须由另一个岗位批准。"), code="same_person")
    draft.approved_by_post = actor.post
    draft.decided_at = clock.now()
    return draft


def _need(actor: Actor, duty: str) -> None:
    if actor.is_system:
        return
    if actor.post is None or not actor.may_write or duty not in door.duties_of(actor.post.kind):
        raise NotHere


def _fits(parsed: Document) -> None:
    """Refuse a document that contradicts the others in force."""
    together: dict[str, Document] = {}
    for name in documents.names():
        try:
            together[name] = cache.get(documents.shape_of(name))
        except LookupError:
            continue
    together[parsed.policy_name] = parsed
    found = list(documents.complaints(Documents(together)))
    if found:
        raise Invalid({f"{c.name}: {_place(c.place)}": [f"{c.expected}（{c.got}）"] for c in found})


def _place(steps: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in steps) or "body"


def _lock() -> None:
    """Let one writer at a time choose numbers."""
    PolicyGeneration.objects.get_or_create(id=1, defaults={"mark": ids.uuid7()})
    PolicyGeneration.objects.select_for_update().get(id=1)


def _changed() -> None:
    PolicyGeneration.objects.filter(id=1).update(mark=ids.uuid7())
    cache.forget()
    transaction.on_commit(cache.forget)


def _bodies_in_force() -> dict[str, dict[str, Any]]:
    bodies: dict[str, dict[str, Any]] = {}
    for name in documents.names():
        if cache.pin(name)[name]:
            bodies[name] = files.body_of(cache.get(documents.shape_of(name)))
    return bodies


def _draft_once(name: str, body: dict[str, Any], on: date, author: str) -> PolicyVersion:
    """Return the open draft with this very body, or a new one: loading twice proposes once."""
    open_drafts = PolicyVersion.objects.filter(name=name, state=PolicyVersion.State.DRAFT)
    for draft in open_drafts:
        if draft.body == body:
            return draft
    version = _write(name, body, on, PolicyVersion.State.DRAFT, author=author)
    version.save()
    return version


def _write(name: str, body: dict[str, Any], on: date, state: PolicyVersion.State, **of: Any) -> PolicyVersion:
    """Return the next version of ``name``, not saved; ``of`` says whose, as in :func:`_version`."""
    return _version(name, _last_numbers(name).get(name, 0) + 1, body, on, state, **of)


def _last_numbers(*names: str) -> dict[str, int]:
    """Return the last number of each of these documents, or of every one."""
    found = PolicyVersion.objects.filter(name__in=names) if names else PolicyVersion.objects.all()
    return dict(found.order_by().values_list("name").annotate(last=Max("number")))


def _version(
    name: str,
    number: int,
    body: dict[str, Any],
    on: date,
    state: PolicyVersion.State,
    *,
    actor: Actor | None = None,
    author: str = "",
    note: str = "",
) -> PolicyVersion:
    moment = clock.now()
    return PolicyVersion(
        name=name,
        number=number,
        valid_from=on,
        schema=documents.shape_of(name).policy_schema,
        body=body,
        state=state,
        author=author,
        proposed_by_post=actor.post if actor else None,
        proposer=actor.person if actor else None,
        proposed_at=moment,
        decided_at=moment if state == PolicyVersion.State.IN_FORCE else None,
        note=note,
    )
