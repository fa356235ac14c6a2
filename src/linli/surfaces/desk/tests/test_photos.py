"""A photo before the public sees it: looked at, covered, released, taken back; by a publisher and nobody else."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.support.lively import photo
from tests.support.world import World

from linli.kernel import evidence
from linli.kernel.matters.models import Matter
from linli.surfaces.desk.photoforms import COLUMNS, ROWS, boxes_of
from linli.surfaces.desk.tests.conftest import SignIn, report

GREY = (110, 110, 110)


@pytest.fixture
def matter(world: World) -> Matter:
    found = report()
    evidence.attach(found.pk, [photo()], "before")
    return found


def of(matter: Matter) -> str:
    (shown,) = evidence.of(matter.pk)
    return reverse("desk:photo", args=[matter.number, shown.pk])


def public(client: Client, matter: Matter) -> Image.Image:
    (shown,) = evidence.of(matter.pk)
    answer = client.get(reverse("evidence:public", args=[shown.pk]))
    assert answer.status_code == 200
    return Image.open(io.BytesIO(b"".join(answer.streaming_content)))


def test_ticked_cells_beside_one_another_become_one_box() -> None:
    found = list(boxes_of(["0-1", "0-2", "0-4", "3-11"]))
    assert found == [
        (1 / COLUMNS, 0, 2 / COLUMNS, 1 / ROWS),
        (4 / COLUMNS, 0, 1 / COLUMNS, 1 / ROWS),
        (11 / COLUMNS, 3 / ROWS, 1 / COLUMNS, 1 / ROWS),
    ]
    assert list(boxes_of([])) == []


def test_the_public_gets_the_covered_copy_until_it_is_taken_back(
    world: World, desk: SignIn, matter: Matter, client: Client
) -> None:
    publisher = desk("publisher", area="532503")
    assert "审核照片公开" in publisher.get(reverse("desk:matter", args=[matter.number])).content.decode()
    assert publisher.get(of(matter)).content.decode().count('name="cells"') == COLUMNS * ROWS
    done = publisher.post(of(matter), {"cells": ["0-0", "0-1"], "seen": "on"}, follow=True)
    assert "居民现在能看到这张照片" in done.content.decode()
    seen = public(client, matter)
    assert all(abs(a - b) < 4 for a, b in zip(seen.getpixel((5, 5)), GREY, strict=True))
    (darkest, lightest), *_others = seen.crop((seen.width - 60, seen.height - 60, seen.width, seen.height)).getextrema()
    assert lightest - darkest > 60, "what was not ticked is as it was"
    assert publisher.post(of(matter), {"reason": ""}).status_code == 422
    publisher.post(of(matter), {"reason": "拍到了路人"})
    (kept,) = evidence.of(matter.pk)
    assert kept.public_at is None
    assert client.get(reverse("evidence:public", args=[kept.pk])).status_code == 404


def test_without_a_look_nothing_is_released_and_what_was_ticked_stays(
    world: World, desk: SignIn, matter: Matter
) -> None:
    answer = desk("publisher", area="532503").post(of(matter), {"cells": ["2-3"]})
    assert answer.status_code == 422
    assert 'value="2-3" aria-label="第 3 行第 4 格" checked' in answer.content.decode()
    assert evidence.of(matter.pk)[0].public_at is None


def test_a_cell_that_does_not_exist_is_refused(world: World, desk: SignIn, matter: Matter) -> None:
    answer = desk("publisher", area="532503").post(of(matter), {"cells": ["99-1"], "seen": "on"})
    assert answer.status_code == 422
    assert evidence.of(matter.pk)[0].public_at is None


def test_only_a_publisher_comes_in_and_never_for_a_restricted_matter(
    world: World, desk: SignIn, matter: Matter
) -> None:
    assert desk("grid_worker").get(of(matter)).status_code == 404
    Matter.objects.filter(pk=matter.pk).update(restricted=True)
    assert desk("publisher", area="532503").get(of(matter)).status_code == 404
