"""Photos follow their matter: who may see it sees them, the reporter only what residents sent or what was released."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image
from tests.support.world import COMMUNITY, OTHER_STREET, World

from linli.affairs.cases.process import CASE
from linli.kernel import evidence
from linli.kernel.errors import NotHere
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.proof import released_by, seen_by
from linli.kernel.matters.secrets import secret_of
from linli.kernel.posts.actors import Actor, resident_actor


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(content, "JPEG")
    return SimpleUploadedFile("a.jpg", content.getvalue(), "image/jpeg")


def asked(actor: Actor | None = None, secret: str = "") -> Any:
    request: Any = RequestFactory().get("/", {"s": secret} if secret else {})
    request.session = {}
    request.user = AnonymousUser()
    if actor is not None:
        request._linli_actor = actor
        request.user = SimpleNamespace(is_authenticated=True, person_id=actor.person_id)
    return request


@pytest.fixture
def case(world: World) -> Matter:
    data = {"description": "路灯不亮", "area": COMMUNITY, "phone": "13887300001"}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def attached(case: Matter, uploader: Actor, role: str = "before") -> Any:
    row = evidence.receive(photo(), uploader=uploader)
    evidence.attach(case.pk, [row.pk], role)
    evidence.process_pending()
    row.refresh_from_db()
    return row


def sees(row: Any, request: Any) -> bool:
    return seen_by(request=request, attachment=row, size="full")


def test_posts_see_the_photos_of_matters_they_may_see(world: World, case: Matter) -> None:
    row = attached(case, resident_actor())
    assert sees(row, asked(world.actor("community_secretary")))
    assert not sees(row, asked(world.actor("community_secretary", area=f"{OTHER_STREET}002")))
    assert not sees(row, asked())


def test_the_secret_link_shows_what_residents_sent_and_nothing_else(world: World, case: Matter) -> None:
    own, units = attached(case, resident_actor()), attached(case, world.actor("community_worker"), "after")
    assert sees(own, asked(secret=secret_of(case.pk)))
    assert not sees(own, asked(secret="a" * 16))
    assert not sees(units, asked(secret=secret_of(case.pk)))


def test_the_reporter_signed_in_sees_their_own(world: World, case: Matter) -> None:
    row = attached(case, resident_actor())
    assert sees(row, asked(resident_actor(case.reporter)))


def test_a_photo_of_nothing_yet_is_seen_by_whoever_sent_it(world: World) -> None:
    mine = world.actor("grid_worker")
    row = evidence.receive(photo(), uploader=mine)
    assert sees(row, asked(mine))
    assert not sees(row, asked(world.actor("grid_worker", who="2")))


def test_whom_a_matter_is_about_sees_no_photo_of_it(world: World) -> None:
    about = world.actor("department_handler", unit="water")
    data = {"description": "自来水公司乱收费", "area": COMMUNITY, "about_unit": world.unit("water").pk}
    matter = perform(process=CASE, action="report", actor=resident_actor(), data=data).matter
    assert not sees(attached(matter, resident_actor()), asked(about))


def test_only_a_publisher_releases_and_never_what_is_restricted(world: World, case: Matter) -> None:
    row = attached(case, resident_actor())
    publisher = world.actor("publisher", area="532503")
    assert released_by(actor=publisher, attachment=row)
    assert evidence.release(actor=publisher, attachment=row)
    with pytest.raises(NotHere):
        evidence.release(actor=world.actor("community_secretary"), attachment=row)
    Matter.objects.filter(pk=case.pk).update(restricted=True)
    assert not released_by(actor=publisher, attachment=row)
