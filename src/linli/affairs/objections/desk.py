"""What the desk shows of objections: the queue of those who rule, the register, the page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.objections.models import Objection
from linli.affairs.objections.process import OBJECTION
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column

registry.add_queue(
    registry.Queue(
        key="objections",
        title=gettext_lazy("派单异议"),
        icon="gavel",
        duties=["ruler", "joint_ruler"],
        expects=[(OBJECTION.kind, "overrule"), (OBJECTION.kind, "overrule_jointly")],
        order=52,
        hint=gettext_lazy("值班长裁定；同一事项第二次异议由联席会议裁定，为终局。"),
    )
)
registry.add_register(
    "objections", OBJECTION.kind, Column(key="unit", label=gettext_lazy("异议单位")), lambda m: m.objection.unit.name,
    title=gettext_lazy("派单异议"), icon="gavel", order=26, related=["objection__unit"],
)  # fmt: skip


@registry.panel(OBJECTION.kind)
def objection_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return who objects, on what basis, whom they think competent, and the ruling."""
    objection = Objection.objects.select_related("unit", "competent", "item", "ruled_unit").get(pk=matter.pk)
    outcome = {None: "", True: _("成立"), False: _("不成立")}[objection.sustained]
    rows = registry.told(
        [
            (_("异议单位"), objection.unit.name),
            (_("理由"), objection.reason),
            (_("法律法规条款"), objection.basis),
            (_("权责清单"), str(objection.item) if objection.item else ""),
            (_("认为应由"), objection.competent.name),
            (_("裁定方式"), _("联席会议（终局）") if objection.joint else _("值班长")),
            (_("裁定"), outcome),
            (_("裁定承办单位"), objection.ruled_unit.name if objection.ruled_unit else ""),
            (_("裁定理由"), objection.ruling),
            (_("编办意见"), objection.establishment_says),
            (_("司法局意见"), objection.justice_says),
        ]
    )
    return registry.Panel(facts=rows, public_facts=rows)


parts.register_nav(
    "desk",
    parts.NavItem(
        key="duties", label=gettext_lazy("权责清单"), url_name="objections:items", icon="book-open", order=44,
        also=("objections:put", "objections:end"), group=gettext_lazy("登记簿"),
    ),
)  # fmt: skip
