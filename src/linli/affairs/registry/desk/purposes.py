"""What a post looks into the registry for: chosen once, kept for the session's day, written into every log entry."""

from __future__ import annotations

from django.http import HttpRequest

from linli.affairs.registry.policy import RegistryRules
from linli.kernel import clock, policy
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

KEY = "registry.purpose"


def choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the purposes that the actor's duties allow."""
    mine = duties_of(actor)
    rules = policy.get(RegistryRules)
    return [(code, p.title) for code, p in rules.purposes.items() if mine & set(p.duties)]


def chosen(request: HttpRequest, actor: Actor) -> str:
    """Return the code of today's purpose, or nothing; ``?purpose=`` chooses one."""
    allowed = dict(choices(actor))
    today = clock.today().isoformat()
    asked = request.GET.get("purpose", "")
    if asked in allowed:
        request.session[KEY] = [str(actor.post_id), today, asked]
    kept = request.session.get(KEY) or ["", "", ""]
    return kept[2] if kept[:2] == [str(actor.post_id), today] and kept[2] in allowed else ""


def title(actor: Actor, code: str) -> str:
    """Return what a purpose is called."""
    return dict(choices(actor)).get(code, "")
