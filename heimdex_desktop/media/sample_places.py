"""Pictures of the sample clip with people's things in them: a title, a city, a train, a table, rain."""

import math

import numpy as np

from heimdex_desktop.media import sample_brush as brush
from heimdex_desktop.media.pictures import Picture
from heimdex_desktop.media.sample_brush import HEIGHT_PX, WIDTH_PX, paint
from heimdex_desktop.media.sample_nature import cloud


class Title:
    """A card with the name of the film; a thin line grows under it."""

    def __init__(self) -> None:
        self._card = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
        self._card[:] = paint("20505f")
        middle = WIDTH_PX / 2
        brush.letter(
            self._card, "A Year in Small Moments", centre=(middle, 318), scale=2.5, colour=paint("f6ead2")
        )
        brush.letter(
            self._card, "H E I M D E X   S A M P L E", centre=(middle, 434), scale=0.8, colour=paint("9db8bd")
        )

    def draw(self, moment: float) -> Picture:
        image = self._card.copy()
        middle, half = WIDTH_PX / 2, 40 + 250 * min(1.0, moment * 4)
        brush.stroke(image, [(middle - half, 386), (middle + half, 386)], colour=paint("e0a458"), width_px=3)
        return image


class City:
    """Windows light up in a city at dusk, cars pass below."""

    _ROAD_PX = 640

    def __init__(self) -> None:
        self._scene = brush.gradient(
            (0, "23264f"), (0.22, "5a3f80"), (0.42, "d9788a"), (0.6, "f7b58a"), (1, "2a2440")
        )
        random = np.random.default_rng(12)
        self._windows: list[brush.Point] = []
        for code, low, high, width in (
            ("6d5482", 250, 360, 74),
            ("473a68", 170, 330, 96),
            ("241f42", 90, 300, 122),
        ):
            x = -30.0
            while x < WIDTH_PX:
                wide, tall = width * random.uniform(0.7, 1.25), random.uniform(low, high)
                brush.box(self._scene, (x, self._ROAD_PX - tall), size_px=(wide, tall), colour=paint(code))
                if code == "241f42":
                    self._furnish(x, wide, tall=tall, random=random)
                x += wide + random.uniform(-6, 16)
        brush.box(
            self._scene,
            (0, self._ROAD_PX),
            size_px=(WIDTH_PX, HEIGHT_PX - self._ROAD_PX),
            colour=paint("17142b"),
        )
        self._headlight = brush.glow(34, paint("fff0c2"))
        self._taillight = brush.glow(26, paint("ff4a3d"))

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        lit = round(len(self._windows) * (0.35 + 0.6 * moment))
        for corner in self._windows[:lit]:
            brush.box(image, corner, size_px=(9, 13), colour=paint("ffd98a"))
        for car in range(7):
            x = (car * 230 + moment * 520) % (WIDTH_PX + 160) - 80
            self._car(image, x, y=704, heading=1)
            self._car(
                image, WIDTH_PX - (car * 270 + 90 + moment * 430) % (WIDTH_PX + 160) + 80, y=668, heading=-1
            )
        return image

    def _furnish(self, x: float, wide: float, *, tall: float, random: np.random.Generator) -> None:
        for row in range(int(tall - 26) // 28):
            for column in range(int(wide - 18) // 22):
                if random.random() < 0.6:
                    corner = (x + 12 + column * 22, self._ROAD_PX - tall + 16 + row * 28)
                    self._windows.insert(int(random.integers(0, len(self._windows) + 1)), corner)

    def _car(self, image: Picture, x: float, *, y: float, heading: int) -> None:
        roof = [(x - 20, y - 12), (x - 12, y - 24), (x + 12, y - 24), (x + 20, y - 12)]
        brush.polygon(image, roof, colour=paint("3a3560"))
        brush.box(image, (x - 36, y - 13), size_px=(72, 14), colour=paint("322d55"))
        brush.add_light(image, self._headlight, centre=(x + 42 * heading, y - 6))
        brush.add_light(image, self._taillight, centre=(x - 38 * heading, y - 6))


class Train:
    """A red train crosses a stone bridge between green hills."""

    _DECK_PX = 430

    def __init__(self) -> None:
        self._scene = brush.gradient((0, "5aa9e6"), (0.55, "cfeaf7"), (1, "eaf6ee"))
        for x, y, size in ((210, 120, 1.0), (640, 80, 0.7), (1040, 150, 1.15)):
            cloud(self._scene, (x, y), size=size)
        for number, (top, swing, code) in enumerate(
            ((400, 50, "a8cf9d"), (470, 44, "7fb676"), (600, 30, "5a9a58"))
        ):
            brush.fill_below(self._scene, brush.ridge(top, swing, seed=number + 50), colour=paint(code))
        self._bridge()
        brush.fill_below(self._scene, brush.ridge(672, 14, seed=61), colour=paint("3f7d47"))

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        front = 340 + 1020 * moment
        for coach in range(5):
            self._coach(image, front - coach * 196, is_engine=coach == 0)
        brush.box(image, (0, self._DECK_PX - 4), size_px=(WIDTH_PX, 8), colour=paint("7f6a58"))
        return image

    def _bridge(self) -> None:
        stone, shade = paint("b39b82"), paint("8fae8a")
        brush.box(self._scene, (0, self._DECK_PX), size_px=(WIDTH_PX, 290), colour=stone)
        for arch in range(8):
            x = arch * 172 + 40
            brush.ellipse(self._scene, (x + 40, self._DECK_PX + 120), radii_px=(66, 84), colour=shade)
            brush.box(self._scene, (x - 26, self._DECK_PX + 120), size_px=(132, 180), colour=shade)
        brush.box(self._scene, (0, self._DECK_PX + 6), size_px=(WIDTH_PX, 5), colour=paint("97806a"))

    def _coach(self, image: Picture, front: float, *, is_engine: bool) -> None:
        top, rail = self._DECK_PX - 82, self._DECK_PX - 14
        nose = 44 if is_engine else 0
        body = [
            (front - 188, top),
            (front - nose, top),
            (front, top + 46),
            (front, rail),
            (front - 188, rail),
        ]
        brush.polygon(image, body, colour=paint("c8322b"))
        brush.box(image, (front - 188, rail - 14), size_px=(188, 6), colour=paint("f3e3c8"))
        for window in range(4):
            brush.box(image, (front - 176 + window * 34, top + 13), size_px=(25, 26), colour=paint("fbe9b7"))
        if is_engine:
            glass = [
                (front - 36, top + 10),
                (front - 30, top + 10),
                (front - 8, top + 38),
                (front - 36, top + 38),
            ]
            brush.polygon(image, glass, colour=paint("2d3c52"))
        for wheel in (-160, -132, -58, -30):
            brush.disc(image, (front + wheel, rail + 4), radius_px=10, colour=paint("33302f"))


class Kitchen:
    """Steam rises from a stack of pancakes on a table."""

    def __init__(self) -> None:
        self._scene = brush.gradient((0, "f3d9a4"), (0.62, "e8bd7c"), (1, "dca763"))
        brush.box(self._scene, (820, 70), size_px=(330, 300), colour=paint("fff6df"))
        brush.box(self._scene, (836, 86), size_px=(298, 268), colour=paint("bfe3f2"))
        brush.fill_below(self._scene, np.full(WIDTH_PX, 520.0), colour=paint("8b5a34"))
        self._window()
        for plank in range(4):
            y = 520 + 14 + plank * 52
            brush.stroke(self._scene, [(0, y), (WIDTH_PX, y)], colour=paint("7a4c2a"), width_px=2)
        self._plate()
        self._cup()

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        for wisp in range(3):
            points: list[brush.Point] = []
            for step in range(24):
                rise = step / 23
                x = 470 + wisp * 75 + 16 * math.sin(rise * 7 + moment * 10 + wisp * 2) * (0.4 + rise)
                points.append((x, 285 - rise * 165))
            brush.stroke(image, points, colour=paint("fff3dc"), width_px=5)
        drip = 26 + 44 * moment
        brush.ellipse(image, (668, 352 + drip), radii_px=(11, 15), colour=paint("8f4a16"))
        brush.box(image, (659, 340), size_px=(18, 12 + drip), colour=paint("8f4a16"))
        return image

    def _window(self) -> None:
        brush.disc(self._scene, (1062, 160), radius_px=34, colour=paint("fff2b3"))
        hill = [(836, 354), (836, 290), (920, 254), (1010, 296), (1080, 262), (1134, 284), (1134, 354)]
        brush.polygon(self._scene, hill, colour=paint("8fbf7f"))
        brush.box(self._scene, (979, 86), size_px=(12, 268), colour=paint("fff6df"))
        brush.box(self._scene, (836, 214), size_px=(298, 12), colour=paint("fff6df"))

    def _plate(self) -> None:
        brush.ellipse(self._scene, (545, 594), radii_px=(300, 46), colour=paint("6d4426"))
        brush.ellipse(self._scene, (545, 576), radii_px=(290, 52), colour=paint("e9eef2"))
        brush.ellipse(self._scene, (545, 570), radii_px=(236, 36), colour=paint("cfd8df"))
        for layer in range(6):
            y = 556 - layer * 36
            shift = (-8, 6, -3, 9, -6, 2)[layer]
            brush.ellipse(self._scene, (545 + shift, y + 8), radii_px=(196, 40), colour=paint("a9642a"))
            brush.ellipse(self._scene, (545 + shift, y - 6), radii_px=(196, 40), colour=paint("e2a857"))
        brush.ellipse(self._scene, (548, 366), radii_px=(150, 26), colour=paint("8f4a16"))
        brush.polygon(self._scene, [(512, 344), (566, 334), (592, 352), (538, 364)], colour=paint("fff0a8"))
        brush.polygon(self._scene, [(512, 344), (538, 364), (538, 380), (512, 360)], colour=paint("f0d66e"))
        brush.polygon(self._scene, [(538, 364), (592, 352), (592, 368), (538, 380)], colour=paint("f7e188"))

    def _cup(self) -> None:
        brush.ellipse(self._scene, (985, 606), radii_px=(104, 18), colour=paint("6d4426"))
        brush.ellipse(self._scene, (1058, 520), radii_px=(36, 42), colour=paint("2f6f8f"))
        brush.ellipse(self._scene, (1058, 520), radii_px=(20, 26), colour=paint("8b5a34"))
        brush.box(self._scene, (905, 450), size_px=(150, 124), colour=paint("2f6f8f"))
        brush.ellipse(self._scene, (980, 574), radii_px=(75, 24), colour=paint("2f6f8f"))
        brush.ellipse(self._scene, (980, 450), radii_px=(75, 22), colour=paint("3d86a8"))
        brush.ellipse(self._scene, (980, 452), radii_px=(64, 17), colour=paint("4a2c18"))


class Rain:
    """Somebody with an umbrella walks past a street lamp in the rain, in black and white."""

    def __init__(self) -> None:
        self._scene = brush.gradient(
            (0, "3a3a3a"), (0.6, "8c8c8c"), (0.8, "a6a6a6"), (0.801, "4b4b4b"), (1, "2a2a2a")
        )
        for number, (x, wide, tall) in enumerate(
            ((0, 210, 420), (230, 150, 330), (860, 190, 380), (1070, 230, 470))
        ):
            brush.box(
                self._scene,
                (x, 576 - tall),
                size_px=(wide, tall),
                colour=paint(("5c5c5c", "6e6e6e")[number % 2]),
            )
        self._scene = brush.soften(self._scene, 3)
        brush.stroke(self._scene, [(760, 590), (760, 190), (700, 170)], colour=paint("161616"), width_px=9)
        brush.polygon(self._scene, [(672, 168), (728, 168), (716, 196), (684, 196)], colour=paint("161616"))
        brush.add_light(self._scene, brush.glow(270, paint("c8c8c8"), strength=0.8), centre=(700, 205))
        brush.ellipse(self._scene, (700, 640), radii_px=(210, 22), colour=paint("7d7d7d"))
        random = np.random.default_rng(9)
        self._drops = random.uniform((0, 0, 0.5), (WIDTH_PX + 200, HEIGHT_PX, 1), (170, 3))

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        self._walker(image, 260 + 420 * moment, moment=moment)
        for x, y, near in self._drops:
            fallen = (y + moment * 4200 * near) % HEIGHT_PX
            left = (x - fallen * 0.16) % WIDTH_PX
            brush.stroke(
                image,
                [(left, fallen), (left - 5 * near, fallen + 30 * near)],
                colour=paint("c4c4c4"),
                width_px=1,
            )
        return image

    def _walker(self, image: Picture, x: float, *, moment: float) -> None:
        ink = paint("101010")
        y = 600 + 2.5 * math.sin(moment * 60)
        stride = 20 * math.sin(moment * 30)
        for foot in (stride, -stride):
            brush.stroke(
                image, [(x, y - 66), (x + foot * 0.4, y - 32), (x + foot, y + 8)], colour=ink, width_px=11
            )
        coat = [(x - 16, y - 150), (x + 14, y - 150), (x + 27, y - 52), (x - 27, y - 52)]
        brush.polygon(image, coat, colour=ink)
        brush.disc(image, (x, y - 168), radius_px=17, colour=ink)
        brush.stroke(image, [(x + 12, y - 122), (x + 34, y - 112), (x + 34, y - 232)], colour=ink, width_px=5)
        dome = [(x + 34 + 98 * math.cos(a), y - 196 - 74 * math.sin(a)) for a in np.linspace(0, math.pi, 24)]
        brush.polygon(image, dome, colour=paint("1d1d1d"))
