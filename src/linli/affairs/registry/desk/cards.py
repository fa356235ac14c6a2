"""The cards: a resident, a house, an organisation; from each one step to all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.affairs.registry import selectors
from linli.affairs.registry.desk import acts, purposes, spans
from linli.affairs.registry.models import House, Resident, Vault
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.affairs.registry.services.keepsafe import DUTIES
from linli.kernel import areas, policy, posts
from linli.kernel.matters import selectors as matters
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Post
from linli.surfaces.desk import registry
from linli.surfaces.desk.access import staff
from linli.surfaces.parts import shapes, words

CHECKER, KEEPER, READER = "registry_checker", "registry_keeper", "registry_reader"
SHOWN = 10


def without_purpose(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Return the way to choosing a purpose when none was chosen today; ``None`` when one was."""
    if purposes.chosen(request, actor):
        return None
    return HttpResponseRedirect(f"{reverse('registry:find')}?next={request.path}")


@require_GET
@staff(READER)
def resident(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Show a resident's card; every opening is in the log that the resident reads."""
    found = selectors.access_resident(actor, key)
    if (ask := without_purpose(request, actor)) is not None:
        return ask
    node = areas.tree().find_id(found.area_id)
    purpose = purposes.title(actor, purposes.chosen(request, actor))
    selectors.log_look(actor, found.pk, purpose, area_code=node.code if node else "")
    card = selectors.card(actor, found)
    dictionary, rules = policy.get(TagDictionary), policy.get(RegistryRules)
    may_open = [g for g in card.vault if DUTIES[Vault.Group(g)] in duties_of(actor)]
    context: dict[str, Any] = {
        "card": card, "resident": found, "place": areas.tree().label(node) if node else "", "purpose": purpose,
        "tags": [(dictionary.title(tag.code), tag) for tag in card.tags],
        "facts": [(rules.facts[f.name].title if f.name in rules.facts else f.name, f) for f in card.facts],
        "vault": [(g, Vault.Group(g).label, g in may_open) for g in card.vault],
        "acts": buttons(actor, found), "posts": in_charge(node), "matters": about(actor, found.pk), "node": node,
        "keeper": bool(duties_of(actor) & set(DUTIES.values())), "sections": registry.of_person(actor, found.pk),
        "lived": spans.drawn(
            spans.Span(r.house.label, r.get_kind_display(), r.valid_from, r.valid_to) for r in card.residencies
        ),
    }  # fmt: skip
    return render(request, "registry/desk/resident.html", context)


def buttons(actor: Actor, found: Resident) -> shapes.Actions:
    """Return the card's buttons: to verify is what is expected, everything else lies behind it."""
    offered = acts.offered(actor, found)
    if not offered:
        return shapes.Actions(primary=None)
    return shapes.Actions(primary=replace(offered[0], kind="primary"), others=offered[1:])


def in_charge(node: areas.Node | None) -> list[Post]:
    """Return the grid's and the community's posts for a place. One statement."""
    if node is None:
        return []
    steps = [n.id for n in (node, *areas.tree().ancestors(node)) if n.level in {"grid", "community"}]
    kinds = ["grid_worker", "grid_leader", "community_worker", "community_secretary", "community_police"]
    return list(posts.over(steps, kinds).order_by("kind", "title")[:SHOWN])


def about(actor: Actor, person: UUID) -> list[tuple[str, str, str]]:
    """Return the matters that a resident reported, as far as this post sees them anyway, and no others."""
    rows = matters.visible(actor, reporter=person).order_by("-opened_at")[:SHOWN]
    return [(m.number, m.title, words.day(m.opened_at)) for m in rows]


@require_GET
@staff(READER)
def house(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Show a house: who lives there and lived there, whose it is, which bodies are in it."""
    found = selectors.access_house(actor, key)
    if (ask := without_purpose(request, actor)) is not None:
        return ask
    card = selectors.house_card(found)
    people = [r.resident_id for r in (*card.living, *card.registered, *card.earlier)]
    node = areas.tree().find_id(found.area_id)
    lines = selectors.lines(actor, people)
    context = {
        "card": card, "lines": lines, "lived": spans.drawn(_house_spans(card, lines)),
        "place": areas.tree().label(node) if node else "",
        "posts": in_charge(node), "node": node, "acts": house_buttons(actor, found, card),
    }  # fmt: skip
    selectors.note_lookup(actor, purposes.title(actor, purposes.chosen(request, actor)), "house", len(people), people)
    return render(request, "registry/desk/house.html", context)


def house_buttons(actor: Actor, found: House, card: selectors.HouseCard) -> shapes.Actions:
    """Return the buttons of a house's page."""
    if KEEPER not in duties_of(actor):
        return shapes.Actions(primary=None)

    def action(label: str, icon: str, name: str) -> shapes.Action:
        return shapes.Action(label=label, url=reverse("registry:house-act", args=[found.pk, name]), icon=icon)

    made = [action(_("登记产权与租赁"), "key-round", "tenure")]
    if any(t.valid_to is None for t in card.tenures):
        made.append(action(_("结束产权或租赁"), "log-out", "end"))
    made += [
        action(_("改使用情况"), "house", "use"),
        shapes.Action(label=_("立户"), url=reverse("registry:household-new", args=[found.pk]), icon="users"),
        shapes.Action(
            label=_("登记住进来的人"), url=f"{reverse('registry:new')}?address={quote(found.label)}", icon="user-plus"
        ),
    ]
    if CHECKER in duties_of(actor):
        made.append(_button(_("合并重复的房屋"), "git-merge", "registry:house-same", found))
        if found.absorbed.filter(undone_at=None).exists():
            made.append(_button(_("撤销房屋合并"), "undo-2", "registry:house-apart", found))
    return shapes.Actions(primary=replace(made[0], kind="primary"), others=made[1:])


def _button(label: str, icon: str, url_name: str, found: House) -> shapes.Action:
    return shapes.Action(label=label, url=reverse(url_name, args=[found.pk]), icon=icon)


def _house_spans(card: selectors.HouseCard, lines: dict[UUID, selectors.Line]) -> Iterator[spans.Span]:
    for one in (*card.living, *card.registered, *card.earlier):
        yield spans.Span(lines[one.resident_id].name, one.get_kind_display(), one.valid_from, one.valid_to)
    for held in card.tenures:
        body = held.organisation or held.person
        yield spans.Span(body.name if body else "", held.get_role_display(), held.valid_from, held.valid_to)


@require_GET
@staff(READER)
def organisation(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Show an organisation and its people."""
    found = selectors.access_organisation(actor, key)
    if (ask := without_purpose(request, actor)) is not None:
        return ask
    node = areas.tree().find_id(found.area_id)
    context = {
        "card": selectors.organisation_card(found), "place": areas.tree().label(node) if node else "",
        "posts": in_charge(node), "title": _("组织"), "node": node, "sections": registry.of_unit(actor, found.pk),
    }  # fmt: skip
    return render(request, "registry/desk/organisation.html", context)
