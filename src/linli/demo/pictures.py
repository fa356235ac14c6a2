"""Photos of the demo: drawn, not taken, and marked so in the picture itself."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter

from linli.kernel import clock, evidence
from linli.kernel.posts.actors import Actor

SIZE = (640, 480)
HORIZON = 230
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


class Camera:
    """Takes up to ``most`` photos; a kept few are drawn once and then lightly changed, which is quick."""

    def __init__(self, seed: int, most: int) -> None:
        self.chance = random.Random(seed)
        self.left = most

    def take(
        self, kind: str, *, after: bool, lon: float | None, lat: float | None, by: Actor | None = None
    ) -> list[uuid.UUID]:
        """Return the id of a new photo, taken ``by`` a post or a resident, for a form; none when the film is full."""
        if self.left <= 0:
            return []
        self.left -= 1
        upload = SimpleUploadedFile("photo.jpg", draw(kind, after=after, chance=self.chance), "image/jpeg")
        row = evidence.receive(upload, uploader=by, captured_at=clock.now(), lon=lon, lat=lat)
        # What the worker does within seconds.
        evidence.process_pending()
        return [row.pk]


def draw(kind: str, *, after: bool, chance: random.Random) -> bytes:
    """Return a JPEG of a street scene with its problem, or ``after``, without it."""
    sky = chance.randrange(150, 205)
    picture = Image.new("RGB", SIZE, (sky, sky + 15, min(255, sky + 40)))
    canvas = ImageDraw.Draw(picture)
    _houses(canvas, chance)
    canvas.rectangle((0, HORIZON + 70, *SIZE), fill=_grey(chance, 105, 135))
    canvas.rectangle((0, HORIZON + 50, SIZE[0], HORIZON + 72), fill=_grey(chance, 165, 190))
    _trees(canvas, chance)
    if not after:
        _PROBLEMS.get(kind, _rubbish)(canvas, chance)
    picture = picture.filter(ImageFilter.GaussianBlur(0.8))
    _mark(ImageDraw.Draw(picture), after=after)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _grey(chance: random.Random, low: int, high: int) -> Colour:
    tone = chance.randrange(low, high)
    return (tone, tone - 3, tone - 6)


def _houses(canvas: Draw, chance: random.Random) -> None:
    left = -20
    while left < SIZE[0]:
        width, height = chance.randrange(80, 150), chance.randrange(90, 190)
        colour = tuple(chance.randrange(150, 225) for _ in range(3))
        canvas.rectangle((left, HORIZON + 52 - height, left + width, HORIZON + 52), fill=colour)
        for x in range(left + 10, left + width - 20, 30):
            for y in range(HORIZON + 60 - height, HORIZON + 20, 34):
                canvas.rectangle((x, y, x + 16, y + 20), fill=(70, 85, 105))
        left += width + chance.randrange(0, 12)


def _trees(canvas: Draw, chance: random.Random) -> None:
    for x in range(chance.randrange(20, 80), SIZE[0], 170):
        canvas.rectangle((x, HORIZON - 10, x + 8, HORIZON + 60), fill=(95, 75, 55))
        canvas.ellipse((x - 34, HORIZON - 80, x + 42, HORIZON + 5), fill=(70, chance.randrange(115, 150), 70))


def _scatter(canvas: Draw, chance: random.Random, colours: tuple[Colour, ...], count: int) -> None:
    middle = chance.randrange(200, 440)
    for _ in range(count):
        x = int(chance.gauss(middle, 70))
        y = int(chance.gauss(HORIZON + 130, 25))
        size = chance.randrange(8, 30)
        canvas.ellipse((x, y, x + size, y + size * 3 // 4), fill=chance.choice(colours))


def _rubbish(canvas: Draw, chance: random.Random) -> None:
    _scatter(canvas, chance, ((235, 235, 230), (60, 90, 140), (40, 40, 45), (180, 60, 50)), 45)


def _rubble(canvas: Draw, chance: random.Random) -> None:
    _scatter(canvas, chance, ((150, 110, 80), (120, 115, 110), (175, 150, 120)), 60)


def _road(canvas: Draw, chance: random.Random) -> None:
    x, y = chance.randrange(180, 380), HORIZON + chance.randrange(110, 170)
    canvas.ellipse((x, y, x + 130, y + 48), fill=(45, 43, 42))
    canvas.ellipse((x + 14, y + 8, x + 112, y + 40), fill=(28, 27, 27))


def _bikes(canvas: Draw, chance: random.Random) -> None:
    for x in range(chance.randrange(40, 90), SIZE[0] - 90, 62):
        y = HORIZON + chance.randrange(70, 105)
        for wheel in (0, 42):
            canvas.ellipse((x + wheel, y, x + wheel + 34, y + 34), outline=(30, 30, 30), width=4)
        canvas.line((x + 17, y + 17, x + 38, y - 12, x + 59, y + 17), fill=(40, 130, 190), width=5)


def _lamp(canvas: Draw, chance: random.Random) -> None:
    canvas.rectangle((0, 0, *SIZE), fill=(22, 24, 38))
    x = chance.randrange(200, 400)
    canvas.rectangle((x, 90, x + 8, 420), fill=(85, 85, 90))
    canvas.ellipse((x - 30, 70, x + 30, 95), fill=(60, 60, 66))


def _stall(canvas: Draw, chance: random.Random) -> None:
    for x in range(chance.randrange(60, 120), SIZE[0] - 120, 150):
        canvas.polygon([(x, HORIZON + 20), (x + 110, HORIZON + 20), (x + 125, HORIZON + 45), (x - 15, HORIZON + 45)],
                       fill=(200, 70, 55))  # fmt: skip
        canvas.rectangle((x, HORIZON + 75, x + 110, HORIZON + 110), fill=(210, 180, 120))


def _water(canvas: Draw, chance: random.Random) -> None:
    x = chance.randrange(120, 300)
    canvas.ellipse((x, HORIZON + 110, x + 260, HORIZON + 190), fill=(120, 150, 180))


_PROBLEMS: dict[str, Callable[[Draw, random.Random], None]] = {
    "rubbish": _rubbish, "rubble": _rubble, "road": _road, "bikes": _bikes, "lamp": _lamp, "stall": _stall,
    "water": _water,
}  # fmt: skip


def _mark(canvas: Draw, *, after: bool) -> None:
    """Write DEMO into the picture; the built-in font has no Chinese, so the words stand in Latin letters."""
    canvas.rectangle((0, SIZE[1] - 34, SIZE[0], SIZE[1]), fill=(20, 20, 20))
    words = f"DEMO  yan shi tu pian  {'AFTER' if after else 'BEFORE'}  {clock.local():%Y-%m-%d %H:%M}"
    canvas.text((12, SIZE[1] - 28), words, fill=(255, 225, 120), font_size=18)
