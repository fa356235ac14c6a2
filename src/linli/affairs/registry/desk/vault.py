"""The vault's page: what is kept apart of somebody, by whose leave, who may open it, who did; and putting in.

Health and money are kept only with the person's own consent (PIPL 29), noted on the same page in the words that were
read to them; a child's number comes in by itself. The page shows no content: opening a group is an act with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.registry import selectors, services
from linli.affairs.registry.desk import cards, doing, picking
from linli.affairs.registry.models import Resident, Vault
from linli.affairs.registry.policy import RegistryRules
from linli.affairs.registry.services.keepsafe import CONSENTED, DUTIES, consent_purpose
from linli.kernel import areas, clock, policy, posts, privacy
from linli.kernel.errors import NotHere
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Post
from linli.kernel.privacy.models import AccessLog, Consent
from linli.surfaces.desk.access import staff

KEEPERS = tuple(DUTIES.values())
SHOWN = 40


@dataclass(frozen=True)
class Box:
    """One group of somebody's vault: whether something lies in it, on what ground, until when, and for whom."""

    code: str
    title: Any
    kept: Vault | None
    consented: bool
    mine: bool
    keepers: Sequence[Post]
    needs_consent: bool


@require_GET
@staff(*KEEPERS)
def show(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Show what kinds of things are kept of somebody, and the log of who opened them; never the contents."""
    found = selectors.access_resident(actor, key)
    if (ask := cards.without_purpose(request, actor)) is not None:
        return ask
    rows = {row.group: row for row in found.vault.filter(expires_on__gt=clock.today()).select_related("holder__unit")}
    looks = AccessLog.objects.filter(
        person__in=same_human(found.pk), field_group__in=[f"registry.{g}" for g in Vault.Group.values]
    ).order_by("-id")[:SHOWN]
    titles = {f"registry.{g.value}": g.label for g in Vault.Group}
    context = {
        "resident": found, "name": selectors.lines(actor, [found.pk])[found.pk].name,
        "boxes": [_box(actor, found, group, rows) for group in Vault.Group],
        "looks": [(titles[look.field_group], look) for look in looks],
    }  # fmt: skip
    response = render(request, "registry/desk/vault.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _box(actor: Actor, resident: Resident, group: Vault.Group, rows: dict[str, Vault]) -> Box:
    needs = group in CONSENTED
    return Box(
        code=group.value, title=group.label, kept=rows.get(group.value), mine=DUTIES[group] in duties_of(actor),
        consented=needs and privacy.has_consent(resident.person_id, consent_purpose(group.value)),
        keepers=keepers(DUTIES[group], resident.area_id), needs_consent=needs,
    )  # fmt: skip


def keepers(duty: str, area_id: UUID) -> list[Post]:
    """Return the posts that may open a group of the vault for somebody who lives in an area. One statement."""
    tree = areas.tree()
    node = tree.find_id(area_id)
    if node is None:
        return []
    steps = [step.id for step in (node, *tree.ancestors(node))]
    return list(posts.over(steps, policy.posts_with(duty)).order_by("unit__name", "title")[:10])


class KeepForm(forms.Form):
    """Something for the vault, with the consent it needs."""

    group = forms.ChoiceField(label=gettext_lazy("哪一格"))
    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("只写这次服务用得着的，例如：糖尿病，需送药上门。"),
    )  # fmt: skip
    purpose = forms.CharField(label=gettext_lazy("为了什么"), max_length=60)
    agreed = forms.ChoiceField(
        label=gettext_lazy("本人（或监护人）怎样同意的"), required=False,
        choices=[("", gettext_lazy("已登记过同意")), *[c for c in Consent.How.choices if c[0] != "self"]],
    )  # fmt: skip
    guardian = forms.CharField(
        label=gettext_lazy("监护人"), max_length=40, required=False,
        help_text=gettext_lazy("未满14周岁的必填：监护人的手机号、证件号或姓名。"),
    )  # fmt: skip


def notice(group: str) -> str:
    """Return the words that are read to whoever is asked to agree, and kept with the consent."""
    rule = policy.get(RegistryRules).facts.get(group)
    words = _(
        "登记“%(group)s”：依据%(basis)s，%(days)d 天后自动删除；只有专柜岗位能打开，每次打开您都能看到；随时可以撤回。"
    )
    return words % {
        "group": Vault.Group(group).label, "basis": rule.basis if rule else _("本人单独同意"),
        "days": rule.fresh_days if rule else 180,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff(*KEEPERS)
def keep(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Put something into the vault, noting the consent it needs in the same step."""
    found = selectors.access_resident(actor, key)
    mine = [group for group in CONSENTED if DUTIES[group] in duties_of(actor)]
    if not mine:
        raise NotHere
    form = KeepForm(request.POST or None)
    form.fields["group"].choices = [(g.value, g.label) for g in mine]  # type: ignore[attr-defined] # a choice field
    page = doing.Page(
        title=_("存入专柜"), icon="lock", name=selectors.lines(actor, [found.pk])[found.pk].name,
        back=reverse("registry:vault", args=[found.pk]), note=_("先把这段话念给本人听：") + notice(mine[0].value),
    )  # fmt: skip

    def do(data: dict[str, Any]) -> str:
        with transaction.atomic():
            if data["agreed"]:
                privacy.give_consent(
                    actor=actor, person=found.person, purpose=consent_purpose(data["group"]),
                    notice=notice(data["group"]), how=data["agreed"], guardian=_guardian(actor, data["guardian"]),
                )  # fmt: skip
            kept = services.keep_safe(
                actor=actor, resident=found, group=data["group"], text=data["text"], purpose=data["purpose"]
            )
        return _("已存入，%(day)s 到期自动删除。") % {"day": kept.expires_on}

    return doing.answer(request, page, form, do)


def _guardian(actor: Actor, text: str) -> Person | None:
    if not text.strip():
        return None
    return picking.resident(actor, text, _("登记监护人同意"), "guardian").person
