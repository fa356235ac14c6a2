"""The monthly publication: frozen when drawn up, released by a second person, public as it was released."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.world import World

from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.bulletins.process import BULLETIN
from linli.affairs.whistles.models import Bulletin
from linli.affairs.whistles.tests.support import answer, blow, dispatch, evaluate, verify
from linli.affairs.whistles.tests.test_desk import client_of
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter

PUBLIC = "/whistles/2026-11/"


def finished(world: World) -> Matter:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    verify(world, matter)
    evaluate(world, matter)
    return matter


def draw_up(world: World, month: str = "2026-11") -> Matter:
    return perform(process=BULLETIN, action="draw_up", actor=world.actor("shift_leader"), data={"month": month}).matter


def release(world: World, matter: Matter) -> None:
    perform(actor=world.actor("publisher"), matter=matter, action="release", data={"seen": True})


def read(client: Client) -> str:
    """Return what the public page says, without the frame around it."""
    return client.get(PUBLIC).content.decode().split("<main", 1)[1].split("</main>")[0]


def december(now: Any) -> None:
    now.to(clock.at(date(2026, 12, 2), 10))


def test_it_stays_as_it_was_released_whatever_happens_to_the_figures(world: World, now: Any, client: Client) -> None:
    finished(world)
    december(now)
    matter = draw_up(world)
    assert client.get(PUBLIC).status_code == 404, "a draft is not public"
    release(world, matter)
    before = read(client)
    assert "water" in before
    world.unit("water").__class__.objects.filter(code="water").update(name="改名局")
    assert "改名局" in str(whistles.month(date(2026, 11, 1)).plain()["ranking"])
    assert read(client) == before
    assert PUBLIC in client.get("/whistles/").content.decode()


def test_who_drew_it_up_does_not_release_it(world: World, now: Any) -> None:
    december(now)
    matter = draw_up(world)
    with pytest.raises(NotHere):
        perform(actor=world.actor("shift_leader"), matter=matter, action="release", data={"seen": True})


def test_a_month_that_is_not_over_or_has_its_publication_is_refused(world: World, now: Any) -> None:
    with pytest.raises(Invalid, match="没有结束"):
        draw_up(world)
    december(now)
    draw_up(world)
    with pytest.raises(Invalid, match="已有公示"):
        draw_up(world)


def test_figures_are_drawn_up_anew_until_they_are_released(world: World, now: Any) -> None:
    december(now)
    matter = draw_up(world)
    first = Bulletin.objects.get().as_of
    now.forward(hours=3)
    perform(actor=world.actor("centre_director"), matter=matter, action="refresh")
    assert Bulletin.objects.get().as_of > first + timedelta(hours=2)


def test_one_that_was_wrong_is_taken_down_with_its_reason_and_replaced(world: World, now: Any, client: Client) -> None:
    december(now)
    matter = draw_up(world)
    release(world, matter)
    perform(actor=world.actor("publisher"), matter=matter, action="take_down", data={"reason": "漏计一件"})
    shown = client.get(PUBLIC).content.decode()
    assert "漏计一件" in shown
    assert "ranking" not in shown
    again = draw_up(world)
    release(world, again)
    assert "漏计一件" not in client.get(PUBLIC).content.decode()
    assert Bulletin.objects.count() == 2


def test_the_desk_draws_it_up_from_the_months_page_and_links_what_is_public(world: World, now: Any) -> None:
    december(now)
    director = client_of(world.actor("centre_director"))
    page = reverse("whistles:month", args=[2026, 11])
    assert "拟公示稿" in director.get(page).content.decode()
    done = director.post(page, {"month": "2026-11", "key": "k"})
    matter = Matter.objects.get(kind="bulletin")
    assert done.headers["Location"] == reverse("desk:matter", args=[matter.number])
    assert director.get(reverse("desk:matter", args=[matter.number])).status_code == 200
    assert (
        matter.number
        in client_of(world.actor("publisher")).get(reverse("desk:queue", args=["bulletins"])).content.decode()
    )
    release(world, matter)
    assert PUBLIC in director.get(reverse("whistles:months")).content.decode()
    assert "已于" in director.get(page).content.decode()


def test_a_month_nobody_published_is_not_there(world: World, now: Any, client: Client) -> None:
    assert client.get("/whistles/2026-13/").status_code == 404
    assert "还没有公示" in client.get("/whistles/").content.decode()
