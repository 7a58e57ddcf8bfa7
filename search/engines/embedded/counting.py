"""Counting set bits over many rows: side by side in words for some, by bitmaps for very many (`search.md`, "What follows")."""

import numpy as np

_NIBBLES = np.uint64(0x1111_1111_1111_1111)
_OCTETS = np.uint64(0x0F0F_0F0F_0F0F_0F0F)
_BITS = np.arange(4, dtype=np.uint64)[:, None, None]
_HALVES = np.array([0, 4], np.uint64)[:, None]
_IN_NIBBLE, _IN_OCTET = 15, 255  # how many ones the counters hold that lie side by side in a word
_ONE_BY_ONE = 128  # below so many rows, unpacking is quicker
_AT_ONCE_WORDS = 128 * _IN_OCTET  # what they need stays in the processor's cache
_AT_ONCE = 64  # bitmaps looked at together, for the same reason


def count_bits(rows: np.ndarray) -> np.ndarray:
    """How many rows (n × words, uint64) have each bit set: words × 64 counts."""
    count, width = rows.shape
    if count < _ONE_BY_ONE:
        octets = np.ascontiguousarray(rows, "<u8").view(np.uint8)
        return np.unpackbits(octets, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
    at_once = max(_AT_ONCE_WORDS // width // _IN_OCTET, 1) * _IN_OCTET
    counts = [_side_by_side(rows[first : first + at_once]) for first in range(0, count, at_once)]
    return np.add.reduce(counts) if len(counts) > 1 else counts[0]


def _side_by_side(rows: np.ndarray) -> np.ndarray:
    """Every fourth bit of a word is added up at once, in sixteen counters of four bits, and those in eight of eight bits."""
    count, width = rows.shape
    padded = np.zeros((-(-count // _IN_OCTET) * _IN_OCTET, width), "<u8")
    padded[:count] = rows
    nibbles = ((padded.reshape(_IN_NIBBLE, -1) >> _BITS) & _NIBBLES).sum(axis=1)
    octets = ((nibbles[:, None] >> _HALVES) & _OCTETS).reshape(4, 2, _IN_OCTET // _IN_NIBBLE, -1).sum(axis=2)
    counts = octets.view(np.uint8).reshape(4, 2, -1, width * 8).sum(axis=2, dtype=np.int64)
    return counts.transpose(2, 1, 0).reshape(-1)  # by octet, half and bit


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
