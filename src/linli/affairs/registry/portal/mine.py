"""The resident's own page: everything held, with source, purpose and time; who looked; put right, delete."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.affairs.registry import selectors, services
from linli.affairs.registry.models import Offer, Resident, Vault
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.kernel import policy, privacy
from linli.kernel.errors import UserError
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import Actor, resident_actor, system_actor
from linli.surfaces.portal.views.me import signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Show what the registry holds about whoever is signed in; own data need a checked identity."""
    found = Resident.objects.select_related("person").filter(pk=person.pk).first()
    checked = person.assurance >= Assurance.CHECKED
    status, error = 200, ""
    if request.method == "POST" and found is not None and checked:
        try:
            messages.success(request, _change(resident_actor(person), found, request.POST))
            return HttpResponseRedirect(reverse("portal:registry"))
        except UserError as refused:
            status, error = 422, str(refused.message)
    context: dict[str, Any] = {"person": person, "resident": found, "checked": checked, "error": error}
    if found is not None:
        context |= {"looks": privacy.log_for(person, limit=60), "listed": selectors.looked_up(person, limit=40)}
    if found is not None and checked:
        context |= _held(found)
    return render(request, "registry/portal/mine.html", context, status=status)


def _held(found: Resident) -> dict[str, Any]:
    rules, dictionary = policy.get(RegistryRules), policy.get(TagDictionary)
    card = selectors.card(system_actor(), found)
    asked = [(rules.facts[f.name], f) for f in card.facts if f.name in rules.facts]
    return {
        "card": card,
        "facts": [(rule.title, f, rule.group == "asked") for rule, f in asked],
        "tags": [
            (dictionary.title(t.code), t, _deletable(dictionary, t.code)) for t in card.tags
        ],
        "vault": [Vault.Group(g).label for g in card.vault],
    }  # fmt: skip


def _deletable(dictionary: TagDictionary, code: str) -> bool:
    word = dictionary.by_code.get(code)
    return word is not None and (word.consent or word.group in {"role", "service"})


def _change(actor: Actor, found: Resident, posted: Any) -> str:
    """Do what the page's buttons ask; return what to say."""
    if posted.get("do") == "wrong":
        services.dispute(actor=actor, resident=found, facts=posted.getlist("facts"))
        return _("已告诉社区这几项不对；网格员会来核实，核实前标为未核实。")
    if posted.get("do") == "offer":
        services.offer(actor=actor, resident=found, skill=posted.get("skill", ""), words=posted.get("words", ""))
        return _("谢谢，社区会在需要时联系您；随时可以撤回。")
    if posted.get("withdraw"):
        key = _key(posted["withdraw"])
        offers = Offer.objects.select_related("resident").filter(resident=found)
        for mine in offers.filter(pk=key) if key else ():
            services.withdraw_offer(actor=actor, offer=mine)
        return _("已撤回。")
    services.delete_own(actor=actor, resident=found, fact=_key(posted.get("fact", "")), tag=_key(posted.get("tag", "")))
    return _("已删除，并留下删除的证明。")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
