"""Facet values as bits. A value gets its bit when a listing first has it, and keeps it."""

from collections.abc import Iterable

import numpy as np

from groups.reading import rows_by
from search.index.models import Facet


def bits_of(keys: Iterable[str]) -> dict[str, int]:
    """The bit of each key; those that have none yet get one (in the caller's transaction)."""
    keys = list(dict.fromkeys(keys))
    known = _known(keys)
    missing = [Facet(key=key) for key in keys if key not in known]
    if missing:
        Facet.objects.bulk_create(missing, ignore_conflicts=True)
        known = _known(keys)
    return known


def _known(keys: list[str]) -> dict[str, int]:
    return {key: row.pk for key, (row,) in rows_by(Facet, "key", keys).items()}


def pack(keys: Iterable[str], bits: dict[str, int]) -> bytes:
    return np.array(sorted(map(bits.__getitem__, keys)), "<u2").tobytes()
