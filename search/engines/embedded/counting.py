"""Counting set bits over many rows: by byte tables for some, by bitmaps for very many (`search.md`, "What follows")."""

import numpy as np

_BITS_OF_BYTE = ((np.arange(256)[:, None] >> np.arange(8)) & 1).astype(np.int64)
_ONE_BY_ONE = 64  # below so many rows, unpacking is quicker than tables
_AT_ONCE = 64  # bitmaps looked at together: what they need stays in the processor's cache
_BY_PAIRS = 100_000  # above so many, two bytes at a time are


def count_bits(rows: np.ndarray) -> np.ndarray:
    """How many rows (n × words, uint64) have each bit set: words × 64 counts."""
    width = rows.shape[1]
    if not len(rows):
        return np.zeros(width * 64, np.int64)
    octets = np.ascontiguousarray(rows, "<u8").view(np.uint8)
    if len(rows) < _ONE_BY_ONE:
        return np.unpackbits(octets, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
    counts = np.empty((width * 8, 8), np.int64)
    if len(rows) > _BY_PAIRS:
        pairs = octets.view("<u2")
        for column in range(width * 4):
            both = np.bincount(pairs[:, column], minlength=65_536).reshape(256, 256)
            counts[2 * column], counts[2 * column + 1] = (
                both.sum(0) @ _BITS_OF_BYTE,
                both.sum(1) @ _BITS_OF_BYTE,
            )
        return counts.reshape(-1)
    for column in range(width * 8):
        counts[column] = np.bincount(octets[:, column], minlength=256) @ _BITS_OF_BYTE
    return counts.reshape(-1)


def count_mapped(bitmaps: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The same from bitmaps (bits × bytes), for the positions found (a bool mask as long as the bitmaps cover)."""
    hits = np.packbits(found, bitorder="little")
    whole = len(hits) // 8 * 8
    counts = np.bitwise_count(bitmaps[:, whole:] & hits[whole:]).sum(axis=1, dtype=np.int64)
    wide = np.ascontiguousarray(bitmaps[:, :whole]).view(np.uint64)
    hits_wide = hits[:whole].view(np.uint64)
    for first in range(0, len(bitmaps), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        counts[some] += np.bitwise_count(wide[some] & hits_wide).sum(axis=1, dtype=np.int64)
    return counts
