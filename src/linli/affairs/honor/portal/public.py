"""What everybody may see: a community's figures and shelf, the roll of gifts, and whether a statement is ours."""

from __future__ import annotations

import uuid

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.honor import giftroll, selectors
from linli.affairs.honor.models import Donation, Statement
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.process import DONATION
from linli.affairs.honor.services import covenants
from linli.affairs.honor.services.credit import holds, plain
from linli.kernel import areas, clock, ids, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import Invalid, NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.people.models import Person
from linli.kernel.policy.shapes import Duties
from linli.kernel.posts import session
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.parts import charts, shapes
from linli.surfaces.parts.dressing import dress, posted
from linli.surfaces.parts.paging import LongPaginator
from linli.surfaces.parts.tables import pages_for
from linli.surfaces.portal import tracking

SHOWN = 50
LONG = 100_000


@require_GET
def figures(request: HttpRequest, code: str = "") -> HttpResponse:
    """Issued, spent, lapsed, outstanding, donated, and the shelf; of a community, a street or the district."""
    node = selectors.community_of(code) if code else areas.tree().root
    found = selectors.figures(node.code)
    shops = [shop for shop in selectors.shops_for(node.code) if shop.area_code.startswith(node.code)]
    below = areas.tree().children(node) if node.level != Level.COMMUNITY else []
    context = {
        "node": node,
        "path": areas.tree().path(node),
        "found": found,
        "tiles": _tiles(found),
        "parts": [
            (_("已兑换"), found.spent), (_("已到期"), found.lapsed), (_("转到别的社区"), found.crossed),
            (_("按居民公约扣减"), found.deducted), (_("爱心池"), found.causes),
            (_("居民手里（待兑付）"), found.outstanding),
        ],
        "lines": selectors.shelf(shops) if node.level == Level.COMMUNITY else [],
        "shops": shops,
        "kindness": selectors.kindness(node.code) if node.level == Level.COMMUNITY else [],
        "below": below,
        "shown": [row for row in selectors.shown() if row.member.area_code.startswith(node.code)][:SHOWN],
        "titles": policy.get(HonorRules).commendations,
        "honoured": [(row, _called(row.code)) for row in selectors.honoured(node.code)],
    }  # fmt: skip
    return render(request, "honor/portal/open.html", context)


def _called(code: str) -> str:
    """Return how a title or commendation is called under the rules of today."""
    rules = policy.get(HonorRules)
    return str(rules.commendations.get(code) or (rules.titles[code].title if code in rules.titles else code))


def _tiles(found: selectors.Figures) -> list[shapes.Shape]:
    points = _("积分")
    rows = [
        (_("成员"), found.members, _("人")),
        (_("累计发放"), found.issued, points),
        (_("累计兑换"), found.spent, points),
        (_("居民手里（待兑付）"), found.outstanding, points),
        (_("还可发放"), found.budget, points),
        (_("收到捐赠"), found.donated_fen // 100, _("元")),
    ]
    return [_tile(label, value, unit) for label, value, unit in rows]


def _tile(label: str, value: int, unit: str) -> shapes.Shape:
    """Return a tile; what is long is said in ten thousands, the table below has it exactly."""
    now = clock.now()
    if value >= LONG:
        return charts.Tile(label=label, value=f"{value / 10_000:.1f}", unit=_("万%(unit)s") % {"unit": unit}, as_of=now)
    return charts.Tile(label=label, value=value, unit=unit, as_of=now)


@require_GET
def gifts(request: HttpRequest) -> HttpResponse:
    """The roll of gifts: names only of those who agreed, and where each gift went."""
    page = LongPaginator(giftroll.given(), SHOWN).get_page(request.GET.get("page"))
    context = {
        "rows": [(chain, name_of(chain.donation)) for chain in giftroll.chains_of(list(page))],
        "pages": pages_for(request, page) if page.paginator.num_pages > 1 else None,
        "donors": giftroll.donors(),
        "total": selectors.figures().donated_fen // 100,
    }
    return render(request, "honor/portal/gifts.html", context)


def name_of(row: Donation) -> str:
    """Return how the roll names a donor."""
    if row.public:
        return row.name
    return _("爱心人士") if row.donor == Donation.Donor.PERSON else _("爱心单位")


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Say what I want to give; the shop takes it in with a receipt."""
    action = DONATION.action("offer")
    assert action.form is not None  # noqa: S101 - declared so
    known = session.person_id(request)
    person = Person.objects.filter(pk=known).first() if known else None
    actor = resident_actor(person)
    form, status, error = action.form(actor=actor, matter=None), 200, ""
    if request.method == "POST":
        data = posted(request, action.form, actor)
        key = request.POST.get("key", "")[:36]
        try:
            outcome = perform(actor=actor, process=DONATION, action="offer", data=data, key=f"d:{key}" if key else None)
        except UserError as refused:
            form = action.form(data, actor=actor, matter=None)
            form.is_valid()
            status = refused.status
            error = "" if isinstance(refused, Invalid) else str(refused)
        else:
            messages.success(request, _("已登记，请送到您选的兑换点，当面清点并开收据。"))
            return HttpResponseRedirect(tracking.path_of(outcome.matter))
    context = {
        "form": dress(form), "error": error, "key": request.POST.get("key") or str(ids.uuid7()),
    }  # fmt: skip
    return render(request, "honor/portal/offer.html", context, status=status)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, with their version: what earns how much, under which caps, proof and confirmer."""
    document = policy.get(HonorRules)
    found = [(rule, _who(rule.confirmed_by)) for rule in document.behaviours.values()]
    context = {
        "rules": document,
        "version": policy.pin("honor.rules")["honor.rules"],
        "groups": [
            (_("居民"), [one for one in found if one[0].holder == "resident" and one[0].where == "any"]),
            (_("移风易俗（村）"), [one for one in found if one[0].where == "village"]),
            (_("商户"), [one for one in found if one[0].holder == "merchant"]),
            (_("团队"), [one for one in found if one[0].holder == "team"]),
        ],
        "proofs": PROOFS,
        "titles": document.titles.values(),
    }
    return render(request, "honor/portal/rules.html", context)


def _who(duty: str) -> str:
    if duty == "system":
        return _("系统，核实后自动记")
    known = policy.get(Duties).duties.get(duty)
    return str(known.title) if known else duty


PROOFS = {
    "case": gettext_lazy("核实的反映"),
    "photo": gettext_lazy("照片"),
    "check_in": gettext_lazy("签到签退"),
    "sheet": gettext_lazy("签到表"),
    "receipt": gettext_lazy("凭据"),
    "none": gettext_lazy("经办人所见"),
}


@require_GET
def covenant(request: HttpRequest, code: str) -> HttpResponse:
    """The covenant of a community, and whether it lets any points be deducted."""
    node = selectors.community_of(code)
    row = covenants.in_force(node.code)
    context = {"node": node, "row": row, "articles": list(row.articles.all()) if row else []}
    return render(request, "honor/portal/covenant.html", context)


@require_GET
def statement(request: HttpRequest, statement_id: uuid.UUID) -> HttpResponse:
    """A statement that its owner handed on: whether it is ours and still valid. The address is the secret."""
    row = Statement.objects.filter(pk=statement_id).select_related("member__person", "member__organisation").first()
    if row is None:
        raise NotHere
    address = request.build_absolute_uri(reverse("portal:honor-credit-statement", args=[row.pk]))
    svg = segno.make(address, error="m").svg_inline(scale=3, omitsize=True, svgclass=None, lineclass=None)
    context = {
        "row": row, "holds": holds(row), "address": address, "signed": plain(row.content).decode(),
        "signature": bytes(row.signature).hex(), "key": bytes(row.public_key).hex(),
        "qr": shapes.QrSlot(svg=svg, caption=_("扫码核验"), text=""),
    }  # fmt: skip
    response = render(request, "honor/portal/credit_statement.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
