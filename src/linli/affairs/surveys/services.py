"""What is done with surveys: drawn and counted by the process, answered without a trail of who said what."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.surveys import counting, frame, guards
from linli.affairs.surveys.forms import AnswerForm
from linli.affairs.surveys.models import Answer, Asked, Survey
from linli.affairs.surveys.policy import SurveyRules
from linli.affairs.surveys.process import SURVEY
from linli.kernel import areas, clock
from linli.kernel.errors import NotHere, NotNow
from linli.kernel.matters import Transition
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

CALLER = "survey_caller"


@SURVEY.on("plan")
def planned(t: Transition) -> None:
    """The survey as it will be asked: its questions are those of policy today."""
    survey: Survey = t.detail
    for name in ("title", "frame_since", "frame_until", "size"):
        setattr(survey, name, t.data[name])
    survey.questions = [question.model_dump(mode="json") for question in t.pinned(SurveyRules).questions]
    tree = areas.tree()
    t.place((tree.get(t.actor.area_codes[0]) if t.actor.area_codes else None) or tree.root)
    t.matter.title = survey.title
    if t.actor.unit_id is None:
        raise ValueError("a post plans a survey")
    t.hold(unit=t.actor.unit_id)


@SURVEY.on("draw")
def drawn(t: Transition) -> None:
    """The sample: drawn by a seed that is published with the result, so that anybody can see nobody was picked."""
    survey: Survey = t.detail
    survey.drawn_on = clock.local(t.at).date()
    survey.seed = hashlib.sha256(f"{t.matter.number}:{survey.drawn_on.isoformat()}".encode()).hexdigest()[:16]
    drawn = frame.draw(survey, t.actor, areas.tree().by_id(t.matter.area_id), survey.seed)
    survey.frame, survey.frame_size = drawn.kind, drawn.size
    survey.frame_places, survey.frame_of = drawn.places, drawn.of
    chosen = drawn.chosen
    if not chosen:
        raise NotNow(guards.NOBODY)
    t.record(seed=survey.seed, frame=survey.frame_size, out_of=drawn.kind, drawn=len(chosen))
    t.write(
        *(
            Asked(survey=survey, number=number, person_id=person, area_code=code)
            for number, (person, code) in enumerate(chosen, 1)
        )
    )


@SURVEY.on("count")
def counted(t: Transition) -> None:
    """The results are fixed; who was drawn is forgotten at once."""
    survey: Survey = t.detail
    survey.counted_on = clock.local(t.at).date()
    survey.results = counting.results(survey, t.pinned(SurveyRules))
    t.hold(area=areas.tree().by_id(t.matter.area_id).id)
    t.then(lambda: forget(survey))


@SURVEY.on("drop")
def dropped(t: Transition) -> None:
    """Called off: who was drawn is forgotten at once."""
    survey: Survey = t.detail
    t.then(lambda: forget(survey))


def forget(survey: Survey) -> None:
    """Take the persons off the list; how many answered, refused or were not reached stays."""
    Asked.objects.filter(survey=survey).update(person=None)


@SURVEY.on("publish")
def published(t: Transition) -> None:
    """On the portal from today."""
    t.detail.published_on = clock.local(t.at).date()


def _one(actor: Actor, survey: Survey, number: int) -> Asked:
    """Return somebody on the list, locked, for a caller while the survey goes on."""
    if CALLER not in duties_of(actor) or not actor.may_write:
        raise NotHere
    if survey.matter.stage != "asking":
        raise NotNow(_("调查已经停止，不能再录入。"))
    found = Asked.objects.select_for_update().filter(survey=survey, number=number).first()
    if found is None:
        raise NotHere
    if found.state != Asked.State.WAITING:
        raise NotNow(_("样本 %(n)d 已经登记过，不能重复录入。") % {"n": number})
    return found


@transaction.atomic
def answer(*, actor: Actor, survey: Survey, number: int, form: AnswerForm) -> None:
    """Enter a valid ``form`` for the one drawn as ``number``; the answers do not say whose they are.

    Raises :class:`NotHere` for who does not ask, :class:`NotNow` for one who was asked or once the survey is over.
    """
    asked = _one(actor, survey, number)
    asked.state = Asked.State.ANSWERED
    asked.tries += 1
    asked.save(update_fields=["state", "tries"])
    street = asked.area_code[: counting.STREET_DIGITS]
    Answer.objects.create(survey=survey, street_code=street, way=form.cleaned_data["way"], said=form.said)


@transaction.atomic
def not_answered(*, actor: Actor, survey: Survey, number: int, refused: bool) -> Asked:
    """Note a refusal, or one more try without reaching anybody; after policy's tries nobody calls again.

    Raises as :func:`answer`.
    """
    asked = _one(actor, survey, number)
    asked.tries += 1
    if refused:
        asked.state = Asked.State.REFUSED
    elif asked.tries >= rules_of(survey).tries:
        asked.state = Asked.State.UNREACHED
    asked.save(update_fields=["state", "tries"])
    return asked


def rules_of(survey: Survey) -> SurveyRules:
    """Return the rules the survey was planned under."""
    from linli.kernel import policy

    return policy.pinned(survey.matter.pins, SurveyRules)
