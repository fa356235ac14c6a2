"""A day's work in the small district: a matter in each situation that pages must show, and who sits before them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.affairs.cases.process import CASE, SPOT
from linli.kernel import evidence
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.posts.actors import Actor, resident_actor
from tests.support.world import COMMUNITY, World

PROBLEMS = ("楼下垃圾好几天没人收", "路灯不亮，晚上看不见路", "下水道堵了，污水流到路上", "人行道砖松动，老人绊倒过")


@dataclass
class Day:
    """What there is, by situation; ``path`` gives the address under which a page shows it."""

    world: World
    matters: dict[str, Matter]

    def path(self, shell: str, situation: str) -> str:
        """Return the address of a matter on ``/desk/`` or ``/field/``, or its tracking link on the portal."""
        matter = self.matters[situation]
        if shell == "portal":
            return f"/t/{matter.number}/{secret_of(matter.pk)}/"
        return f"/{shell}/m/{matter.number}/"


def photo() -> str:
    """Return the id of a photo that the worker has made ready."""
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG")
    received = evidence.receive(SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg"))
    evidence.process_pending()
    return str(received.pk)


def account(actor: Actor) -> Any:
    """Return an account by which the person behind ``actor`` signs in, made on first use."""
    model = get_user_model()
    found = model.objects.filter(person=actor.person).first()
    if found is None:
        found = model.objects.create_user(f"u{model.objects.count() + 1}", "correct horse battery")
        found.person = actor.person
        found.save()
    return found


def live(world: World) -> Day:
    """Report, file, dispatch, handle and verify until every situation has its matter."""
    secretary, worker = world.actor("community_secretary"), world.actor("community_worker")
    water = world.unit("water", name="供排水公司")
    handler = world.actor("department_handler", unit="water")

    def case(number: int, **extra: Any) -> Matter:
        data = {
            "description": PROBLEMS[number % len(PROBLEMS)],
            "area": COMMUNITY,
            "phone": f"1388730{number:04}",
            "name": "王大妈",
            **extra,
        }
        return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter

    def filed(number: int) -> Matter:
        matter = case(number)
        perform(matter=matter, action="file", actor=secretary, data={"category": "E0102"})
        return matter

    def sent(number: int) -> tuple[Matter, Matter]:
        matter = filed(number)
        perform(matter=matter, action="dispatch", actor=secretary, data={"lead": water.pk, "assistants": []})
        return matter, Matter.objects.get(parent=matter, kind="task")

    def answered(number: int) -> Matter:
        matter, task = sent(number)
        perform(matter=task, action="sign", actor=handler)
        perform(matter=task, action="feed_back", actor=handler, data={"result": "done", "reply": "已清运"})
        return matter

    def verified(number: int) -> Matter:
        matter = answered(number)
        perform(matter=matter, action="verify", actor=worker, data={"way": "on_site"})
        return matter

    dispatched, task = sent(3)
    spot = {"area": COMMUNITY, "category": "E0102", "description": "清走楼道杂物", "photos": [photo()]}
    return Day(
        world,
        {
            "collected": case(1, photos=[photo()]),
            "filed": filed(2),
            "dispatched": dispatched,
            "task": task,
            "answered": answered(4),
            "verified": verified(5),
            "spot": perform(process=SPOT, action="settle", actor=world.actor("grid_worker"), data=spot).matter,
        },
    )
