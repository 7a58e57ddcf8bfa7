"""Counting bits quickly gives what counting them one by one gives."""

import numpy as np
import pytest

from search import engines
from search.engines.embedded import columns, filters
from search.engines.embedded.counting import count_bits, count_mapped
from search.query import DirectoryQuery
from tests.search.contract.conftest import EmbeddedHarness
from tests.search.contract.mixed import mixed_listings


def naive(rows: np.ndarray) -> list[int]:
    return [
        int(np.count_nonzero(rows[:, word] >> np.uint64(bit) & np.uint64(1)))
        for word in range(rows.shape[1])
        for bit in range(64)
    ]


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("many", [0, 1, 127, 128, 255, 256, 32_641])
def test_side_by_side(many, width):
    rows = np.random.default_rng(many).integers(0, 2**63, (many, width), np.uint64) * np.uint64(
        2
    ) + np.uint64(1)  # every row has the first bit: the counters are filled
    assert count_bits(rows).tolist() == naive(rows)


@pytest.mark.parametrize("many", [1, 7, 8, 63, 64, 65, 130, 1000])
def test_by_bitmaps(many):
    chance = np.random.default_rng(many)
    has = chance.random((20, many)) < 0.3
    found = chance.random(many) < 0.5
    bitmaps = np.packbits(has, axis=1, bitorder="little")
    assert count_mapped(bitmaps, found).tolist() == (has & found).sum(axis=1).tolist()


@pytest.mark.django_db
def test_facets_by_bitmaps_are_those_side_by_side(monkeypatch, fresh_process):
    """As in a very large index, with listings that came after the bitmaps were made."""
    harness, first, later = EmbeddedHarness(), mixed_listings(50), mixed_listings(60)[50:]
    harness.put(first)
    queries = [DirectoryQuery(), DirectoryQuery(cost="low"), DirectoryQuery(activities=("walking",))]

    def facets():
        return [engines.get("embedded").search(query).facets for query in queries]

    monkeypatch.setattr(columns, "_MAPPED_FROM", 10)
    harness.reset()
    facets()
    harness.put(later)
    view = engines.get("embedded").columns.current()
    assert view.bitmaps is not None
    assert 0 < view.mapped < view.size
    mapped = facets()
    monkeypatch.setattr(filters, "_MAPPED_SHARE", 0)
    monkeypatch.setattr(columns, "_MAPPED_FROM", 10**9)
    harness.reset()
    assert facets() == mapped
