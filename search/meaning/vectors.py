"""Vectors as they are stored and compared: 8 bits a number, and one bit a number for a first pass."""

from typing import Any

import numpy as np

SCALE = 127
BLOCK_ROWS = 1024
"""Rows turned into floats at once: 1.5 MB at 384 dimensions, which stays in the processor's cache."""

FloatRows = np.ndarray[Any, np.dtype[np.float32]]
Int8Rows = np.ndarray[Any, np.dtype[np.int8]]
Codes = np.ndarray[Any, np.dtype[np.uint64]]


def unit(vector: np.ndarray) -> np.ndarray:
    """The vector (dimensions,) of length 1 that points the same way."""
    return vector / np.linalg.norm(vector)


def quantise(vectors: FloatRows) -> Int8Rows:
    """Unit vectors as int8, each number times 127 and rounded. Costs about 0.002 of a similarity."""
    return np.rint(vectors * np.float32(SCALE)).astype(np.int8)


def dequantise(rows: Int8Rows) -> FloatRows:
    """The float32 vectors that `quantise` was given, within 1/254 in each number."""
    return rows.astype(np.float32) / np.float32(SCALE)


def sign_codes(rows: Int8Rows | FloatRows) -> Codes:
    """One bit for each number, set where it is above nought: shape (..., dimensions / 64).

    Raises ValueError unless the dimensions are a multiple of 64.
    """
    if rows.shape[-1] % 64:
        raise ValueError(f"{rows.shape[-1]} dimensions do not fill 64-bit words")
    return np.packbits(rows > 0, axis=-1).view(np.uint64)


def hamming(codes: Codes, code: Codes) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """How many bits of each row of `codes` (n, words) differ from `code` (words,): shape (n,)."""
    distance = np.zeros(len(codes), np.uint16)
    # Word by word: a sum along rows of six is five times slower.
    for word in range(codes.shape[1]):
        distance += np.bitwise_count(codes[:, word] ^ code[word])
    return distance


def nearest_by_signs(distance: np.ndarray[Any, np.dtype[np.uint16]], count: int) -> np.ndarray:
    """Indices, rising, of the `count` smallest distances (`hamming`); of equal ones the first. All, if there are fewer."""
    if len(distance) <= count:
        return np.arange(len(distance))
    upto = np.cumsum(np.bincount(distance))
    last = int(np.searchsorted(upto, count))  # the distance at which they are enough
    nearest = np.flatnonzero(distance <= last)
    surplus = int(upto[last]) - count
    if not surplus:
        return nearest
    ties = np.flatnonzero(distance[nearest] == last)
    return np.delete(nearest, ties[-surplus:])


def similarities(rows: Int8Rows, query: FloatRows) -> FloatRows:
    """Cosine of each quantised row (n, dimensions) with the unit vector `query`: float32, shape (n,)."""
    scaled = query / np.float32(SCALE)
    result = np.empty(len(rows), np.float32)
    block = np.empty((min(BLOCK_ROWS, len(rows)), len(query)), np.float32)
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        floats = block[: len(part)]
        floats[...] = part
        np.matmul(floats, scaled, out=result[start : start + len(part)])
    return result
