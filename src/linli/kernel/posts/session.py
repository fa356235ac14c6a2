"""Which post a signed-in person has chosen: one for each session, kept in it, checked on every request."""

from __future__ import annotations

from typing import Any, Protocol, cast
from uuid import UUID

from linli.kernel.errors import UserError
from linli.kernel.people.models import Person
from linli.kernel.posts import selectors
from linli.kernel.posts.actors import Actor, actor_for, resident_actor
from linli.kernel.posts.models import Post

POST_KEY = "linli.post"
PERSON_KEY = "linli.person"
_CACHE = "_linli_actor"


class Request(Protocol):
    """The little of Django's request that is needed here."""

    session: Any
    user: Any


def person_id(request: Request) -> UUID | None:
    """Return the id of this session's person, by account or else by a phone code, without a statement."""
    user = request.user
    if user.is_authenticated and user.person_id:
        return cast("UUID", user.person_id)
    kept = request.session.get(PERSON_KEY)
    return UUID(kept) if kept else None


def actor(request: Request) -> Actor:
    """Return who acts in this request, in at most two statements, once for each request.

    A person with posts acts through the one chosen in this session; before any choice, through the first
    (A before B), which is then kept. Everybody else is a resident: with a person, or anonymous.
    A post that has been left since, or is not this person's turn now, falls back the same way.
    """
    cached = getattr(request, _CACHE, None)
    if cached is None:
        cached = _find(request)
        setattr(request, _CACHE, cached)
    return cast("Actor", cached)


def _find(request: Request) -> Actor:
    person = person_id(request)
    if person is None:
        return resident_actor()
    if not request.user.is_authenticated:
        return resident_actor(Person.objects.filter(pk=person).first())
    chosen = request.session.get(POST_KEY)
    if chosen:
        try:
            return actor_for(person, UUID(chosen))
        except UserError:
            del request.session[POST_KEY]
    posts = selectors.posts_of(person)
    if not posts:
        return resident_actor(Person.objects.filter(pk=person).first())
    request.session[POST_KEY] = str(posts[0].pk)
    return actor_for(person, posts[0])


def choose(request: Request, post: Post | UUID) -> Actor:
    """Act through ``post`` from now on in this session. Raises what :func:`actors.actor_for` raises."""
    person = person_id(request)
    if person is None or not request.user.is_authenticated:
        return actor(request)
    found = actor_for(person, post)
    request.session[POST_KEY] = str(found.post_id)
    setattr(request, _CACHE, found)
    return found


def choices(request: Request) -> list[Post]:
    """Return the posts among which this session may choose."""
    person = person_id(request)
    return selectors.posts_of(person) if person is not None and request.user.is_authenticated else []


def enter_as_person(request: Request, person: Person) -> None:
    """Let this session belong to a resident who has proved a phone number; the session's key changes."""
    request.session.cycle_key()
    request.session[PERSON_KEY] = str(person.pk)
    if hasattr(request, _CACHE):
        delattr(request, _CACHE)
