"""The shape of a UK postcode: reading what people type, and packing it into a number that sorts.

Source: Royal Mail's rule for the six shapes A9, A99, AA9, AA99, A9A and AA9A, followed by 9AA.
A packed unit fits 32 bits: outward code, sector and unit are ranges of it, so a sector is found by division.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNITS_PER_SECTOR = 26 * 26
UNITS_PER_OUTWARD = 10 * UNITS_PER_SECTOR
_DISTRICTS_PER_AREA = 10 * 37

_OUTWARD = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_UNIT = re.compile(rf"^({_OUTWARD})([0-9])([A-Z]{{2}})$")
_UNIT_MISTYPED = re.compile(r"^([A-Z]{1,2}[0-9OI][0-9A-Z]?)([0-9OI])([A-Z]{2})$")
_SECTOR = re.compile(rf"^({_OUTWARD}) ([0-9])[A-Z]?$")
_OUTWARD_ONLY = re.compile(rf"^{_OUTWARD}$")
_SEPARATORS = re.compile(r"[\s\-._,;:/()\[\]'\"*]+")
_DIGIT_FOR_LETTER = str.maketrans("OI", "01")


@dataclass(frozen=True, slots=True)
class Postcode:
    """A whole postcode, or its sector ("CM1 1"; ``unit`` empty) or outward code ("CM1"; ``sector`` empty)."""

    outward: str
    sector: str = ""
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.outward} {self.sector}{self.unit}".strip()

    @property
    def is_northern_irish(self) -> bool:
        return self.outward.startswith("BT")

    @property
    def packed_outward(self) -> int:
        letters = len(self.outward) - len(self.outward.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        area, district = self.outward[:letters], self.outward[letters:]
        packed_area = (ord(area[0]) - 65) * 27 + (ord(area[1]) - 64 if len(area) == 2 else 0)
        return packed_area * _DISTRICTS_PER_AREA + int(district[0]) * 37 + _second(district[1:])

    @property
    def packed_sector(self) -> int:
        return self.packed_outward * 10 + int(self.sector)

    @property
    def packed(self) -> int:
        return self.packed_sector * UNITS_PER_SECTOR + (ord(self.unit[0]) - 65) * 26 + ord(self.unit[1]) - 65


def _second(character: str) -> int:
    if not character:
        return 0
    return int(character) + 1 if character.isdigit() else ord(character) - 54


def parse(text: str) -> Postcode | None:
    """The postcode, sector or outward code that ``text`` is, in any spacing and case; None where it is none.

    Letter O and I typed for digits are read as 0 and 1 in whole postcodes that have a digit at all (so not in
    "Poole"). "CM11" is the outward code; the sector needs its space: "CM1 1".
    """
    if len(text) > 40:
        return None
    words = _SEPARATORS.sub(" ", text.upper()).strip()
    if not words.isascii():
        return None
    together = words.replace(" ", "")
    if unit := _UNIT.match(together):
        return Postcode(*unit.groups())
    if sector := _SECTOR.match(words):
        return Postcode(sector.group(1), sector.group(2))
    if _OUTWARD_ONLY.match(together):
        return Postcode(together)
    if (mistyped := _UNIT_MISTYPED.match(together)) and any(map(str.isdigit, together)):
        outward, digit, letters = mistyped.groups()
        area = re.match(r"[A-Z]{1,2}(?=[0-9OI])", outward)
        start = area.end() if area else 1
        outward = outward[:start] + outward[start].translate(_DIGIT_FOR_LETTER) + outward[start + 1 :]
        return parse(outward + digit.translate(_DIGIT_FOR_LETTER) + letters)
    return None


def pack_all(postcodes: NDArray[np.bytes_]) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Packed numbers of whole postcodes (upper-case bytes, spaces anywhere), and which are well formed.

    The number is meaningless where the second array is False.
    """
    tight = np.char.replace(postcodes, b" ", b"").astype("S8")
    length = np.char.str_len(tight)
    codes = np.ascontiguousarray(tight).view(np.uint8).reshape(len(tight), 8).astype(np.int32)
    rows = np.arange(len(tight))
    end = np.maximum(length, 5)
    sector = codes[rows, end - 3] - 48
    first, last = codes[rows, end - 2] - 65, codes[rows, end - 1] - 65
    second_is_letter = codes[:, 1] >= 65
    area = (codes[:, 0] - 65) * 27 + np.where(second_is_letter, codes[:, 1] - 64, 0)
    at = np.where(second_is_letter, 2, 1)
    digit = codes[rows, at] - 48
    has_more = end - 3 > at + 1
    more = codes[rows, at + 1]
    second = np.where(has_more, np.where(more >= 65, more - 54, more - 47), 0)
    good = (
        (length >= 5)
        & (length <= 7)
        & (end - 3 - at >= 1)
        & (end - 3 - at <= 2)
        & _within(codes[:, 0] - 65, 26)
        & (~second_is_letter | _within(codes[:, 1] - 65, 26))
        & _within(digit, 10)
        & (~has_more | _within(more - 48, 10) | _within(more - 65, 26))
        & _within(sector, 10)
        & _within(first, 26)
        & _within(last, 26)
    )
    outward = area.astype(np.int64) * _DISTRICTS_PER_AREA + digit * 37 + second
    packed = (outward * 10 + sector) * UNITS_PER_SECTOR + first * 26 + last
    return np.where(good, packed, 0).astype(np.uint32), good


def _within(values: NDArray[np.int32], limit: int) -> NDArray[np.bool_]:
    return (values >= 0) & (values < limit)


def is_northern_irish(packed: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which packed units lie in the BT area."""
    area = (ord("B") - 65) * 27 + ord("T") - 64
    return packed.astype(np.int64) // (UNITS_PER_OUTWARD * _DISTRICTS_PER_AREA) == area
