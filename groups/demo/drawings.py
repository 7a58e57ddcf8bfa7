"""Calm pictures made by code, in the colours of the site: the demo has no photographs of people.

Each is drawn on a 1200 × 800 grid at twice the size and scaled down, which smooths its edges.
"""

import math
from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 1200, 800, 2
MOST_BYTES = 45 * 1024  # a group page's photo (`ux.md`, page budget)

PAPER, CREAM, INK, SOFT = "#faf6ec", "#f1e7d0", "#1b2b26", "#4d5a54"
MOSS, PLUM, BLUE, BRICK, OCHRE, YELLOW = "#1f5a43", "#7a2d5b", "#1d5c96", "#a83a22", "#8a5a00", "#f3b52f"
LEAF, SAGE, SKY, SAND, ROSE = "#4f8a63", "#a9c7a4", "#cfe0ea", "#e8d5a8", "#d99aa8"
SKIN = ("#f0c9a0", "#8d5b3a", "#d9a273", "#5c3a26", "#f3d6b8", "#b67b52")


class Sheet:
    """A drawing board: ImageDraw with coordinates on the 1200 × 800 grid."""

    def __init__(self, colour: str):
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), colour)
        self._draw = ImageDraw.Draw(self.image)

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        self.oval(x - radius, y - radius, x + radius, y + radius, fill)

    def oval(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        self._draw.ellipse(self._scaled(left, top, right, bottom), fill=fill)

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: str, round_by: float = 0
    ) -> None:
        self._draw.rounded_rectangle(
            self._scaled(left, top, right, bottom), radius=round_by * SCALE, fill=fill
        )

    def shape(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Sequence[tuple[float, float]], fill: str, width: float) -> None:
        self._draw.line(
            [(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=round(width * SCALE), joint="curve"
        )
        for x, y in (points[0], points[-1]):
            self.circle(x, y, width / 2, fill)

    def arc(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        angles: tuple[int, int],
        fill: str,
        width: float,
    ) -> None:
        self._draw.arc(self._scaled(left, top, right, bottom), *angles, fill=fill, width=round(width * SCALE))

    def wave(self, level: float, height: float, length: float, fill: str, shift: float = 0) -> None:
        """A wavy edge from side to side, filled down to the bottom."""
        edge = [
            (x, level + height * math.sin((x + shift) * 2 * math.pi / length)) for x in range(0, WIDTH + 1, 6)
        ]
        self.shape([*edge, (WIDTH, HEIGHT), (0, HEIGHT)], fill)

    @staticmethod
    def _scaled(*numbers: float) -> list[float]:
        return [number * SCALE for number in numbers]


def _mugs() -> Sheet:
    sheet = Sheet(CREAM)
    sheet.oval(90, 420, 1110, 1080, SAND)
    sheet.oval(120, 440, 1080, 1060, PAPER)
    for x, y, colour in ((360, 470, BRICK), (640, 540, MOSS), (900, 470, BLUE)):
        sheet.arc(x + 60, y - 60, x + 150, y + 50, (-90, 90), colour, 22)
        sheet.box(x - 90, y - 100, x + 100, y + 90, colour, 34)
        sheet.oval(x - 90, y - 125, x + 100, y - 75, INK)
        sheet.oval(x - 78, y - 116, x + 88, y - 80, OCHRE)
        for step in (-36, 24):
            steam = [(x + step + 14 * math.sin(t / 22), y - 150 - t) for t in range(0, 150, 6)]
            sheet.line(steam, SAGE, 9)
    return sheet


def _hills() -> Sheet:
    sheet = Sheet(SKY)
    sheet.circle(860, 210, 90, YELLOW)
    sheet.wave(360, 60, 1500, SAGE, 200)
    sheet.wave(470, 70, 1100, LEAF, 700)
    sheet.wave(580, 50, 1700, MOSS, 100)
    left = [(560 + 150 * math.sin(t / 70), 800 - t) for t in range(0, 250, 5)]
    path = [(x - 60 + t * 0.2, y) for t, (x, y) in enumerate(left)]
    back = [(x + 120 - t * 1.9, y) for t, (x, y) in enumerate(left)]
    sheet.shape([*path, *reversed(back)], SAND)
    sheet.box(900, 470, 924, 690, OCHRE, 4)
    sheet.circle(912, 500, 34, YELLOW)
    sheet.shape([(896, 508), (912, 482), (928, 508)], INK)
    return sheet


def _allotment() -> Sheet:
    sheet = Sheet(SKY)
    sheet.wave(300, 14, 900, SAGE)
    sheet.box(0, 380, WIDTH, HEIGHT, "#6b4a2c")
    sheet.box(820, 190, 1080, 420, OCHRE, 4)
    sheet.shape([(790, 200), (950, 90), (1110, 200)], BRICK)
    sheet.box(910, 280, 990, 420, INK, 4)
    for row in range(4):
        y = 450 + row * 95
        sheet.box(0, y, WIDTH, y + 12, "#543820")
        for plant in range(9 - row):
            x = 70 + plant * (120 + row * 16)
            tall = 34 + 12 * row
            colour = LEAF if (plant + row) % 3 else SAGE
            sheet.line([(x, y), (x, y - tall)], MOSS, 7)
            sheet.oval(x - tall * 0.9, y - tall - 12, x - 2, y - tall + 22, colour)
            sheet.oval(x + 2, y - tall - 20, x + tall * 0.9, y - tall + 14, colour)
    return sheet


def _paints() -> Sheet:
    sheet = Sheet(SAND)
    sheet.shape([(150, 150), (760, 90), (820, 660), (210, 720)], PAPER)
    for x, y, radius, colour in (
        (380, 300, 110, YELLOW), (560, 430, 130, BLUE), (380, 540, 90, ROSE), (650, 240, 70, MOSS),
    ):  # fmt: skip
        sheet.circle(x, y, radius, colour)
    for shift, colour in ((-70, BRICK), (0, MOSS), (70, PLUM)):
        sheet.line([(980 + shift * 0.3, 500), (980 + shift * 1.6, 170)], OCHRE, 18)
        sheet.oval(962 + shift * 1.6, 90, 998 + shift * 1.6, 190, colour)
    sheet.box(880, 420, 1080, 680, SKY, 30)
    sheet.box(880, 530, 1080, 680, BLUE, 30)
    return sheet


def _choir() -> Sheet:
    sheet = Sheet(PAPER)
    sheet.wave(640, 10, 1400, SAND)
    coats = (PLUM, MOSS, BLUE, BRICK, OCHRE)
    for row, (count, y) in enumerate(((7, 260), (6, 400), (5, 540))):
        for place in range(count):
            x = 600 + (place - (count - 1) / 2) * (130 + row * 14)
            sheet.box(x - 56, y + 40, x + 56, y + 220, coats[(place + row * 2) % 5], 44)
            sheet.circle(x, y, 52, SKIN[(place * 2 + row) % 6])
            sheet.oval(x - 12, y + 10, x + 12, y + 34, INK)
    sheet.box(520, 690, 680, 860, INK, 60)
    sheet.circle(600, 660, 56, SKIN[3])
    sheet.line([(670, 720), (770, 640)], INK, 22)
    sheet.line([(770, 640), (850, 580)], OCHRE, 7)
    return sheet


def _yarn() -> Sheet:
    sheet = Sheet(CREAM)
    sheet.wave(560, 8, 1600, SAND)
    thread = [(700 + t, 660 + 40 * math.sin(t / 60)) for t in range(0, 520, 6)]
    sheet.line(thread, PLUM, 9)
    for x, y, radius, colour, light in ((420, 470, 190, MOSS, SAGE), (740, 530, 150, PLUM, ROSE)):
        sheet.circle(x, y, radius, colour)
        for turn in range(-1, 4):
            gap = turn * radius / 4
            sheet.arc(
                x - radius + 14,
                y - radius / 2 + gap,
                x + radius - 14,
                y + radius / 2 + gap,
                (200, 340),
                light,
                6,
            )
    for ends in (((250, 210), (620, 640)), ((640, 190), (330, 650))):
        sheet.line(list(ends), OCHRE, 14)
        sheet.circle(*ends[0], 22, BRICK)
    return sheet


def _sea() -> Sheet:
    sheet = Sheet(SKY)
    sheet.circle(270, 210, 80, YELLOW)
    for level, colour, shift in ((330, "#7fb0d0", 0), (420, "#4f8fbd", 150), (510, BLUE, 300)):
        sheet.wave(level, 16, 320, colour, shift)
    sheet.wave(620, 26, 1300, SAND, 420)
    for place in range(70):
        x, y = (place * 167) % WIDTH, 680 + (place * 71) % 120
        sheet.oval(x, y, x + 34 + place % 4 * 6, y + 22, (CREAM, SOFT, OCHRE, SAGE)[place % 4])
    for x, y, size in ((760, 190, 70), (930, 130, 46)):
        for side in (-1, 1):
            wing = [
                (x + side * t, y - size * 0.5 * math.sin(t / size * math.pi * 0.8)) for t in range(0, size, 4)
            ]
            sheet.line(wing, PAPER, 12)
    return sheet


def _bowls() -> Sheet:
    sheet = Sheet(SAGE)
    sheet.box(0, 300, WIDTH, HEIGHT, OCHRE)
    sheet.box(0, 320, WIDTH, HEIGHT, "#a8741a")
    for x, y, soup in ((250, 480, BRICK), (950, 480, LEAF), (420, 680, YELLOW), (800, 680, BRICK)):
        sheet.oval(x - 150, y - 70, x + 150, y + 90, PAPER)
        sheet.oval(x - 122, y - 54, x + 122, y + 56, soup)
        sheet.oval(x - 30, y - 20, x + 30, y + 6, CREAM)
    sheet.box(430, 370, 770, 530, "#6b4a2c", 80)
    sheet.box(440, 350, 760, 500, "#c98f4e", 75)
    for x in (510, 590, 670):
        sheet.line([(x, 375), (x + 36, 470)], CREAM, 12)
    return sheet


_DRAWN: dict[str, Callable[[], Sheet]] = {
    "mugs": _mugs,
    "hills": _hills,
    "allotment": _allotment,
    "paints": _paints,
    "choir": _choir,
    "yarn": _yarn,
    "sea": _sea,
    "bowls": _bowls,
}
DRAWINGS = {name: f"Drawing: {name}" for name in _DRAWN}


def draw(name: str) -> bytes:
    """A drawing as WebP, 1200 × 800, at most MOST_BYTES."""
    image = _DRAWN[name]().image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    target = BytesIO()
    image.save(target, "WEBP", quality=82, method=6)
    return target.getvalue()
