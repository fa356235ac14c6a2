"""Training: learned from what is closed, measured on what was held back, kept with its date; lines put forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import django
from django.conf import settings
from django.utils.translation import gettext as _

from linli.affairs.dispatching import learning, lessons, suggesting
from linli.affairs.dispatching.models import Learned
from linli.affairs.dispatching.policy import Catalogue, Line
from linli.affairs.dispatching.weights import Weights
from linli.kernel import clock, policy
from linli.kernel.errors import UserError
from linli.kernel.policy import files
from linli.kernel.policy import services as policies
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.posts.actors import Actor


class TooFew(UserError):
    """There are not enough closed matters to learn from."""

    code = "too_few"
    status = 409


def train(learn: Callable[[Sequence[lessons.Lesson]], Weights] = learning.learn) -> Learned:
    """Learn from the latest closed matters, measure on templates never seen, and keep the result with its date.

    The weights that are kept were learned from the lessons that were not held back: what was measured is what is
    used. ``learn`` is :func:`apart` for a process that lives on. Raises :class:`TooFew` below policy's number, and
    when all were led by the same kind of unit.
    """
    catalogue = policy.get(Catalogue)
    found = lessons.latest()
    if len(found) < catalogue.fewest:
        raise TooFew(
            _("办结的事项只有 %(n)d 件，满 %(least)d 件才训练；此前只按派单目录。")
            % {"n": len(found), "least": catalogue.fewest}
        )
    taught, held = learning.split(found)
    try:
        model = learn(taught)
    except ValueError as error:
        raise TooFew(_("办结的事项都由同一类单位承办，没有可学的区别。")) from error
    measure = learning.examine(model, held, taught, catalogue.suggest_from)
    made = Learned.objects.create(
        made_at=clock.now(), examples=len(taught), held_back=len(held), measure=learning.said(measure),
        simulated=bool(settings.LINLI_DEMO), weights=model.packed(),
    )  # fmt: skip
    suggesting.forget()
    return made


def apart(taught: Sequence[lessons.Lesson]) -> Weights:
    """Learn in a process of its own: the library's memory goes with it, where the worker would keep it for good.

    Raises as :func:`learning.learn`.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup) as processes:
        return processes.submit(learning.learn, taught).result()


def put_line(*, actor: Actor, line: Line, valid_from: date, note: str, instead_of: str = "") -> PolicyVersion:
    """Put a line of the catalogue forward, in the place of the one called ``instead_of`` if there is one.

    It is a draft until another post approves it. Raises as ``policy.services.propose``.
    """
    lines = [old for old in policy.get(Catalogue).lines if old.code not in {instead_of, line.code}]
    return _propose(actor, [*lines, line], valid_from, note)


def drop_line(*, actor: Actor, code: str, valid_from: date, note: str) -> PolicyVersion:
    """Put forward that a line goes. Raises as :func:`put_line`."""
    return _propose(actor, [old for old in policy.get(Catalogue).lines if old.code != code], valid_from, note)


def _propose(actor: Actor, lines: list[Line], valid_from: date, note: str) -> PolicyVersion:
    body: dict[str, Any] = files.body_of(policy.get(Catalogue))
    body["lines"] = [line.model_dump(mode="json") for line in lines]
    return policies.propose(actor=actor, name=Catalogue.policy_name, body=body, valid_from=valid_from, note=note)
