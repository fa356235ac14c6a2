"""Pictures of the market's goods: drawn here with plain shapes, and marked as samples in the picture itself."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from linli.affairs.honor.models import Good
from linli.affairs.honor.services import catalogue
from linli.kernel import evidence
from linli.kernel.posts.actors import Actor

SIZE = (640, 480)
INK = (60, 66, 66)
Draw = ImageDraw.ImageDraw

SAYS = {
    "soap": "示例图：一块青绿色的香皂，旁边有泡沫",
    "salt": "示例图：一包食盐，白色袋子蓝色标签",
    "rice": "示例图：一袋大米，米色布袋系着口",
    "oil": "示例图：一瓶菜籽油，黄色瓶身",
    "notebook": "示例图：两本作业本，红色和蓝色封面",
    "haircut": "示例图：一把剪刀和一把梳子",
    "plant": "示例图：一盆绿萝，陶土花盆",
    "mask": "示例图：一只浅蓝色的一次性口罩",
}


def photograph(actor: Actor, goods: dict[str, Good]) -> None:
    """Give each line of the catalogue its picture, through the evidence store as a manager does it."""
    for code, good in goods.items():
        upload = SimpleUploadedFile("good.png", picture(code), "image/png")
        goods[code] = catalogue.save_good(actor=actor, good=good, given={"photo_says": SAYS[code]}, photo=upload)
    # What the worker does within seconds.
    evidence.process_pending()


def picture(code: str) -> bytes:
    """Return a PNG of one of the goods, marked as a sample."""
    image = Image.new("RGB", SIZE, (246, 243, 235))
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((110, 380, 530, 430), fill=(228, 222, 208))
    _DRAWN[code](canvas)
    canvas.rectangle((0, SIZE[1] - 34, SIZE[0], SIZE[1]), fill=(20, 20, 20))
    canvas.text((12, SIZE[1] - 28), "DEMO  shi li tu  (sample picture, drawn)", fill=(255, 225, 120), font_size=18)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _soap(canvas: Draw) -> None:
    canvas.rounded_rectangle((170, 220, 470, 400), 60, fill=(126, 190, 178), outline=INK, width=4)
    canvas.rounded_rectangle((215, 260, 425, 360), 36, outline=(236, 247, 244), width=6)
    for x, y, r in ((150, 210, 34), (200, 170, 22), (480, 200, 28), (440, 160, 16)):
        canvas.ellipse((x - r, y - r, x + r, y + r), fill=(255, 255, 255), outline=(150, 190, 190), width=3)


def _salt(canvas: Draw) -> None:
    canvas.polygon([(220, 110), (420, 110), (440, 400), (200, 400)], fill=(252, 252, 252), outline=INK, width=4)
    canvas.rectangle((211, 200, 430, 320), fill=(52, 110, 170))
    canvas.line((220, 135, 420, 135), fill=INK, width=3)
    for x in range(250, 400, 24):
        canvas.ellipse((x, 250, x + 8, 258), fill=(255, 255, 255))


def _rice(canvas: Draw) -> None:
    canvas.rounded_rectangle((190, 150, 450, 405), 50, fill=(222, 205, 168), outline=INK, width=4)
    canvas.polygon([(270, 155), (370, 155), (410, 90), (230, 90)], fill=(222, 205, 168), outline=INK, width=4)
    canvas.line((262, 152, 378, 152), fill=(150, 60, 50), width=12)
    for number in range(12):
        x, y = 250 + number % 4 * 40, 240 + number // 4 * 40
        canvas.ellipse((x, y, x + 22, y + 10), fill=(255, 252, 240), outline=(180, 165, 130))


def _oil(canvas: Draw) -> None:
    canvas.rounded_rectangle((240, 170, 400, 405), 28, fill=(232, 182, 46), outline=INK, width=4)
    canvas.rectangle((290, 105, 350, 175), fill=(232, 182, 46), outline=INK, width=4)
    canvas.rectangle((282, 75, 358, 112), fill=(60, 120, 70), outline=INK, width=4)
    canvas.rectangle((258, 240, 382, 340), fill=(255, 250, 230))
    for angle in range(0, 360, 60):
        x, y = 320 + 26 * math.cos(math.radians(angle)), 290 + 26 * math.sin(math.radians(angle))
        canvas.ellipse((x - 13, y - 13, x + 13, y + 13), fill=(240, 200, 40))


def _notebook(canvas: Draw) -> None:
    for left, top, colour in ((150, 170, (178, 62, 54)), (290, 130, (46, 104, 160))):
        canvas.rounded_rectangle((left, top, left + 210, top + 260), 10, fill=colour, outline=INK, width=4)
        canvas.rectangle((left + 40, top + 50, left + 175, top + 120), fill=(252, 250, 240))
        for line in (70, 92):
            canvas.line((left + 55, top + line, left + 160, top + line), fill=(170, 170, 170), width=3)


def _haircut(canvas: Draw) -> None:
    canvas.line((230, 120, 390, 350), fill=(120, 130, 136), width=18)
    canvas.line((390, 120, 230, 350), fill=(150, 160, 166), width=18)
    for x in (215, 405):
        canvas.ellipse((x - 42, 335, x + 42, 419), outline=(178, 62, 54), width=14)
    canvas.rectangle((460, 130, 500, 390), fill=(90, 70, 50))
    for y in range(140, 385, 14):
        canvas.line((500, y, 535, y), fill=(90, 70, 50), width=5)


def _plant(canvas: Draw) -> None:
    canvas.polygon([(240, 290), (400, 290), (375, 410), (265, 410)], fill=(186, 104, 66), outline=INK, width=4)
    canvas.rectangle((228, 268, 412, 298), fill=(200, 118, 78), outline=INK, width=4)
    for x, y, tilt in ((320, 130, 0), (250, 170, -30), (390, 170, 30), (215, 235, -50), (425, 235, 50)):
        canvas.line((320, 275, x, y + 30), fill=(60, 110, 60), width=5)
        leaf = (x - 40, y - 34 + abs(tilt) // 4, x + 40, y + 40)
        canvas.ellipse(leaf, fill=(74, 140, 78), outline=(50, 100, 54), width=3)


def _mask(canvas: Draw) -> None:
    canvas.rounded_rectangle((180, 170, 460, 370), 26, fill=(176, 212, 232), outline=INK, width=4)
    for y in (220, 270, 320):
        canvas.line((185, y, 455, y), fill=(140, 182, 206), width=4)
    canvas.arc((90, 190, 230, 350), 90, 270, fill=INK, width=5)
    canvas.arc((410, 190, 550, 350), 270, 90, fill=INK, width=5)


_DRAWN: dict[str, Callable[[Draw], None]] = {
    "soap": _soap, "salt": _salt, "rice": _rice, "oil": _oil, "notebook": _notebook, "haircut": _haircut,
    "plant": _plant, "mask": _mask,
}  # fmt: skip
