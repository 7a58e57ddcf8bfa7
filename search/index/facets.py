"""Facet values as bits. A value gets its bit when a listing first has it, and keeps it."""

from collections.abc import Iterable

import numpy as np

from search.index.models import Facet


def bits_of(keys: Iterable[str]) -> dict[str, int]:
    """The bit of each key; those that have none yet get one (in the caller's transaction)."""
    keys = list(dict.fromkeys(keys))
    known = dict(Facet.objects.filter(key__in=keys).values_list("key", "pk"))
    missing = [Facet(key=key) for key in keys if key not in known]
    if missing:
        Facet.objects.bulk_create(missing, ignore_conflicts=True)
        known = dict(Facet.objects.filter(key__in=keys).values_list("key", "pk"))
    return known


def pack(keys: Iterable[str], bits: dict[str, int]) -> bytes:
    return np.array(sorted(map(bits.__getitem__, keys)), "<u2").tobytes()
