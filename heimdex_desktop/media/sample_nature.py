"""Outdoor pictures of the sample clip: sunset, night, snow, sea and balloons."""

import math

import numpy as np

from heimdex_desktop.media import sample_brush as brush
from heimdex_desktop.media.pictures import Picture
from heimdex_desktop.media.sample_brush import HEIGHT_PX, WIDTH_PX, Colour, paint


class Sunset:
    """The sun goes down behind layers of hills."""

    _HILLS = ((430, 34, "b0586a"), (490, 40, "7d3f63"), (560, 44, "4b2a52"), (640, 36, "241838"))

    def __init__(self) -> None:
        self._sky = brush.gradient(
            (0, "4a2a63"), (0.2, "93406b"), (0.36, "e0623f"), (0.5, "f58a2e"), (0.62, "fbb03c"), (1, "ffe3a0")
        )
        self._light = brush.glow(430, paint("ff9a3c"), strength=0.8)
        self._hills = [
            (brush.ridge(top, swing, seed=number), paint(code))
            for number, (top, swing, code) in enumerate(self._HILLS, start=3)
        ]

    def draw(self, moment: float) -> Picture:
        image = self._sky.copy()
        sun = (820.0, 300 + 95 * moment)
        brush.add_light(image, self._light, centre=sun)
        brush.disc(image, sun, radius_px=62, colour=paint("fff3c4"))
        columns = np.arange(WIDTH_PX)
        for number, (outline, colour) in enumerate(self._hills):
            brush.fill_below(image, np.interp(columns + moment * 7 * number, columns, outline), colour=colour)
        for bird in range(5):
            self._bird(image, bird, moment=moment)
        return image

    def _bird(self, image: Picture, number: int, *, moment: float) -> None:
        x = 240 + number * 46 + moment * 190
        y = 210 + (number % 3) * 24 - moment * 30
        lift = 9 + 6 * math.sin(moment * 40 + number * 2)
        wings = [
            (x - 17, y - lift),
            (x - 6, y - lift * 0.3),
            (x, y),
            (x + 6, y - lift * 0.3),
            (x + 17, y - lift),
        ]
        brush.stroke(image, wings, colour=paint("2a1b3d"), width_px=2)


class Night:
    """Stars and a moon over a lake, and one shooting star."""

    _SHORE_PX = 520

    def __init__(self) -> None:
        sky = brush.gradient(
            (0, "050a1c"), (0.45, "0e1c3f"), (0.72, "223a66"), (0.73, "101d3c"), (1, "050a1a")
        )
        random = np.random.default_rng(21)
        for _ in range(330):
            x, y = random.uniform(0, WIDTH_PX), random.uniform(0, 470)
            shade = int(random.uniform(110, 235))
            brush.disc(sky, (x, y), radius_px=random.uniform(0.5, 1.5), colour=(shade, shade, shade - 15))
        brush.add_light(sky, brush.glow(300, paint("7f93c8"), strength=0.75), centre=(330, 170))
        brush.disc(sky, (330, 170), radius_px=58, colour=paint("f4efd8"))
        for x, y, size in ((312, 155, 11), (346, 188, 15), (340, 142, 7), (303, 190, 6)):
            brush.disc(sky, (x, y), radius_px=size, colour=paint("e3dcc0"))
        shore = brush.ridge(self._SHORE_PX - 70, 40, seed=5)
        shore = np.minimum(shore, self._SHORE_PX)
        columns = [(float(x), float(shore[x])) for x in range(0, WIDTH_PX, 4)]
        brush.polygon(
            sky, [(0, self._SHORE_PX), *columns, (WIDTH_PX, self._SHORE_PX)], colour=paint("070d1d")
        )
        self._scene = sky
        self._twinkle = [tuple(random.uniform((460, 20), (1260, 340))) for _ in range(16)]
        self._spark = brush.glow(15, paint("cfdcff"))

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        for number, place in enumerate(self._twinkle):
            if math.sin(moment * 14 + number * 1.9) > 0.2:
                brush.add_light(image, self._spark, centre=(place[0], place[1]))
        self._ripples(image, moment)
        self._shooting_star(image, moment)
        return image

    def _ripples(self, image: Picture, moment: float) -> None:
        for row in range(26):
            y = self._SHORE_PX + 8 + row * 7.4
            half = 22 + row * 3.2 + 14 * math.sin(row * 2.1 + moment * 12)
            sway = 9 * math.sin(row * 1.3 + moment * 9)
            shade = 0.85 - row * 0.026
            brush.stroke(
                image, [(330 - half + sway, y), (330 + half + sway, y)], colour=_dimmed("c9d3ea", shade)
            )

    def _shooting_star(self, image: Picture, moment: float) -> None:
        run = (moment - 0.3) / 0.22
        if not 0 <= run <= 1:
            return
        head = (760 + 330 * run, 90 + 150 * run)
        for part in range(14):
            ends = [(head[0] - 9 * step, head[1] - 4.1 * step) for step in (part, part + 1)]
            brush.stroke(image, ends, colour=_dimmed("ffffff", 1 - part * 0.06), width_px=3 - part // 5)


class Snow:
    """Snow falls on a forest of firs."""

    def __init__(self) -> None:
        self._scene = brush.gradient((0, "adb7c2"), (0.55, "e2e7ec"), (1, "f6f8fa"))
        random = np.random.default_rng(4)
        layers = ((430, 40, "a9bccd", 46), (500, 62, "7690a6", 30), (600, 122, "3f5d6b", 13))
        for number, (foot, height, code, count) in enumerate(layers):
            for place in np.linspace(-20, WIDTH_PX + 20, count):
                x = place + random.uniform(-16, 16)
                tall = height * random.uniform(1.3, 2.3)
                self._fir(x, foot + random.uniform(-6, 10), tall=tall, colour=paint(code))
            ground = brush.ridge(foot + 6, 9, seed=number + 11)
            brush.fill_below(self._scene, ground, colour=paint(("e3ecf3", "eaf1f6", "f7fafc")[number]))
            if number < 2:
                self._scene = brush.soften(self._scene, 1.6 - number * 0.7)
        self._flakes = random.uniform((0, 0, 0.3), (WIDTH_PX, HEIGHT_PX, 1), (240, 3))

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        for x, y, near in self._flakes:
            sway = 14 * math.sin(moment * 7 + x)
            place = ((x + sway + 30 * moment) % WIDTH_PX, (y + moment * 420 * near) % HEIGHT_PX)
            brush.disc(image, place, radius_px=1.2 + 3.4 * near**2, colour=paint("ffffff"))
        return image

    def _fir(self, x: float, foot: float, *, tall: float, colour: Colour) -> None:
        brush.box(
            self._scene,
            (x - tall * 0.03, foot - tall * 0.1),
            size_px=(tall * 0.06, tall * 0.14),
            colour=paint("4a4038"),
        )
        for tier in range(4):
            top = foot - tall * (1 - tier * 0.22)
            low = foot - tall * (0.62 - tier * 0.2)
            half = tall * (0.11 + tier * 0.065)
            brush.polygon(self._scene, [(x, top), (x + half, low), (x - half, low)], colour=colour)
            cap = [(x, top), (x + half * 0.42, top + (low - top) * 0.45), (x, top + (low - top) * 0.3)]
            brush.polygon(
                self._scene, [*cap, (x - half * 0.5, top + (low - top) * 0.5)], colour=paint("f6fafd")
            )


class Sea:
    """A sailing boat on a sunny sea."""

    def __init__(self) -> None:
        self._sky = brush.gradient((0, "3f9be0"), (0.45, "b5e0f5"), (0.58, "e9f7fb"), (1, "1f77a8"))
        brush.add_light(self._sky, brush.glow(380, paint("fff2c0"), strength=0.6), centre=(1010, 110))
        for x, y, size in ((250, 150, 1.2), (560, 95, 0.8), (880, 190, 0.95)):
            cloud(self._sky, (x, y), size=size)

    def draw(self, moment: float) -> Picture:
        image = self._sky.copy()
        columns = np.arange(WIDTH_PX)
        shades = ("5fb8d6", "3f9fc8", "2b86b6", "1d6da0", "145684")
        for number, code in enumerate(shades):
            swell = 6 + number * 4
            phase = moment * (5 + number * 1.4) + number * 1.7
            wave = np.sin(columns / (120 + number * 34) + phase) + 0.4 * np.sin(columns / 47 - phase * 1.3)
            outline = 410 + number * 58 - swell * wave
            if number == 2:
                self._boat(image, moment)
            brush.fill_below(image, outline, colour=paint(code))
            foam = [(float(x), float(outline[x]) + 2) for x in range(0, WIDTH_PX, 8)]
            brush.stroke(image, foam, colour=paint("cfeaf4"), width_px=1 + number // 2)
        return image

    def _boat(self, image: Picture, moment: float) -> None:
        x, y = 470 + 190 * moment, 520 + 7 * math.sin(moment * 11)
        lean = 9 * math.sin(moment * 7)
        hull = [(x - 95, y - 26), (x + 105, y - 26), (x + 72, y + 22), (x - 70, y + 22)]
        brush.polygon(
            image, [(x + 4 + lean, y - 268), (x + 4, y - 42), (x - 100, y - 42)], colour=paint("fdfdf8")
        )
        brush.polygon(
            image, [(x + 12 + lean, y - 250), (x + 12, y - 42), (x + 96, y - 42)], colour=paint("f2b632")
        )
        brush.stroke(image, [(x + 8 + lean, y - 280), (x + 8, y - 26)], colour=paint("5b4632"), width_px=4)
        brush.polygon(image, hull, colour=paint("b5342d"))
        brush.polygon(
            image,
            [(x - 95, y - 26), (x + 105, y - 26), (x + 99, y - 15), (x - 88, y - 15)],
            colour=paint("f7efe0"),
        )


class Balloons:
    """Hot-air balloons rise over misty mountains at dawn."""

    _FLEET = (
        (330, 390, 1.25, ("d8433b", "f6e3c3")),
        (720, 300, 0.85, ("f0a830", "fff1cf")),
        (980, 420, 1.05, ("3f7fb8", "f4f1ea")),
        (560, 190, 0.5, ("8a5fb0", "f3e2f5")),
        (1120, 200, 0.42, ("e2718d", "fbe6ea")),
    )

    def __init__(self) -> None:
        self._scene = brush.gradient((0, "8fb8dd"), (0.4, "f5d6cf"), (0.7, "fdeed7"), (1, "fff7e6"))
        for number, (top, swing, code) in enumerate(
            ((480, 60, "c3b6cd"), (560, 50, "9ea9c4"), (640, 34, "6f8fa3"))
        ):
            brush.fill_below(self._scene, brush.ridge(top, swing, seed=number + 30), colour=paint(code))
            self._scene = brush.soften(self._scene, 2.2 - number * 0.7)

    def draw(self, moment: float) -> Picture:
        image = self._scene.copy()
        for number, (x, y, size, colours) in reversed(list(enumerate(self._FLEET))):
            drift = 36 * moment * (1 if number % 2 else -0.6)
            balloon(
                image,
                (x + drift, y - 70 * moment * size),
                radius_px=120 * size,
                colours=(paint(colours[0]), paint(colours[1])),
            )
        return image


def balloon(image: Picture, centre: brush.Point, *, radius_px: float, colours: tuple[Colour, Colour]) -> None:
    """Draw a striped balloon with its basket."""
    x, y = centre
    foot = y + radius_px * 1.32
    for stripe in range(5):
        # Each stripe lies inside the one before, so that only its edges stay in sight.
        half = radius_px * math.cos(stripe * math.pi / 10)
        colour = colours[stripe % 2]
        brush.ellipse(image, (x, y), radii_px=(half, radius_px), colour=colour)
        skirt = half * 0.92
        brush.polygon(
            image,
            [
                (x - skirt, y + radius_px * 0.38),
                (x + skirt, y + radius_px * 0.38),
                (x + half * 0.2, foot),
                (x - half * 0.2, foot),
            ],
            colour=colour,
        )
    basket = radius_px * 0.17
    for side in (-1, 1):
        ropes = [(x + side * radius_px * 0.18, foot), (x + side * basket, foot + radius_px * 0.26)]
        brush.stroke(image, ropes, colour=paint("6b4b33"), width_px=1)
    brush.box(
        image,
        (x - basket, foot + radius_px * 0.26),
        size_px=(basket * 2, radius_px * 0.22),
        colour=paint("7a5233"),
    )


def cloud(image: Picture, centre: brush.Point, *, size: float) -> None:
    """Draw a small fair-weather cloud."""
    x, y = centre
    for dx, dy, radius in ((-70, 8, 34), (-30, -12, 46), (20, -20, 52), (66, 2, 38)):
        brush.disc(image, (x + dx * size, y + dy * size), radius_px=radius * size, colour=paint("fbfdff"))
    brush.box(image, (x - 92 * size, y + 8 * size), size_px=(184 * size, 34 * size), colour=paint("fbfdff"))


def _dimmed(code: str, share: float) -> Colour:
    blue, green, red = (round(value * share) for value in paint(code))
    return blue, green, red
