"""What is on nearby, and one activity that everybody may read; signing up from there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import members
from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.portal.doing import to_sign_in, who
from linli.affairs.volunteering.process import ACTIVITY
from linli.kernel import clock, ids, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters import perform
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import resident_actor
from linli.surfaces.portal import places


@require_GET
def near(request: HttpRequest) -> HttpResponse:
    """Activities and points tasks one can sign up for, nearest first; what one signed up for stands above."""
    person, here = who(request), places.remembered(request)
    code = here.code if here else ""
    rows = selectors.open_near(code)
    waiting = [one for one in selectors.mine(person.pk)[:20] if one.matter.is_open] if person else []
    rules = policy.get(VolunteeringRules)
    context = {
        "here": here,
        "person": person,
        "waiting": waiting[:5],
        "activities": [_card(row, rules) for row in rows if not _is_task(row, rules)],
        "tasks": [_card(row, rules) for row in rows if _is_task(row, rules)],
    }
    return render(request, "volunteering/portal/near.html", context)


def _is_task(row: Activity, rules: VolunteeringRules) -> bool:
    return row.sort in rules.sorts and rules.sorts[row.sort].task


def _card(row: Activity, rules: VolunteeringRules) -> dict[str, object]:
    sort = rules.sorts.get(row.sort)
    return {
        "row": row,
        "number": row.matter.number,
        "sort": sort.title if sort else row.sort,
        "theme": rules.themes.get(row.theme, ""),
        "where": selectors.where(row),
        "earns": earns(row),
        "task": sort is not None and sort.task,
    }


def earns(row: Activity) -> str:
    """Return what taking part counts for, in words: hours, points."""
    rules = policy.get(VolunteeringRules)
    sort = rules.sorts.get(row.sort)
    if sort is None:
        return ""
    parts = []
    if sort.hours:
        parts.append(
            _("计 %(n)s 小时") % {"n": hours.in_words(row.minutes)} if sort.task else _("按到场时间计服务时长")
        )
    rule = policy.get(HonorRules).behaviours.get(sort.rule)
    if rule is not None:
        words = _("每小时 %(n)d 积分") if sort.per == "hour" else _("%(n)d 积分")
        parts.append(words % {"n": rule.points})
    return "，".join(parts)


@require_http_methods(["GET", "POST"])
def activity(request: HttpRequest, number: str) -> HttpResponse:
    """One activity: what, where, when, how many places; signing up, once."""
    row, person = selectors.published(number), who(request)
    if request.method == "POST":
        return _sign_up(request, row, person)
    return _page(request, row, person)


def _sign_up(request: HttpRequest, row: Activity, person: Person | None) -> HttpResponse:
    if person is None:
        return to_sign_in(request)
    typed = {name: request.POST.get(name, "") for name in ("join", "wait")}
    key = request.POST.get("key", "")[:36]
    try:
        perform(
            actor=resident_actor(person), matter=row.matter, action="sign_up", data=typed,
            key=f"v:{person.pk.hex}:{key}" if key else None,
        )  # fmt: skip
    except NotHere:
        raise
    except UserError as error:
        return _page(request, selectors.published(row.matter.number), person, str(error), error.status, typed)
    found = Signup.objects.select_related("matter").get(activity=row, person__in=same_human(person), gone=False)
    said = _("已报名，到时候见。") if found.matter.stage == "signed" else _("已候补，有名额会告诉您。")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("portal:volunteer-service", args=[found.matter.number]))


def _page(
    request: HttpRequest, row: Activity, person: Person | None, error: str = "", status: int = 200,
    typed: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    rules = policy.get(VolunteeringRules)
    rows = Signup.objects.filter(activity=row, person__in=same_human(person), gone=False) if person else None
    context = {
        "row": row,
        "matter": row.matter,
        "stage": ACTIVITY.stage(row.matter.stage),
        "card": _card(row, rules),
        "partners": list(row.partners.all()),
        "mine": rows.select_related("matter").first() if rows is not None else None,
        "person": person,
        "member": members.of_person(person.pk) if person else None,
        "open": row.matter.stage == "open" and row.ends_at > clock.now(),
        "error": error,
        "typed": typed or {},
        "key": str(ids.uuid7()),
    }
    return render(request, "volunteering/portal/activity.html", context, status=status)
