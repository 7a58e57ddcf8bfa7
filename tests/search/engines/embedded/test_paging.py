"""A page found among very many without putting them all in order."""

import numpy as np
import pytest

from search.engines.embedded.ranking import _smallest


@pytest.mark.parametrize("keys", [7, 63, 700, 5_000])
@pytest.mark.parametrize("count", [1, 6, 40, 200])
@pytest.mark.parametrize("different", [2, 50, 10**6])
def test_the_smallest_and_all_that_tie(keys, count, different):
    count = min(count, keys)
    scores = np.random.default_rng(keys).integers(0, different, keys) / 7
    limit = np.sort(scores)[count - 1]
    assert _smallest(scores, count).tolist() == np.flatnonzero(scores <= limit).tolist()


def test_keys_without_an_end_are_the_last():
    scores = np.full(2_000, np.inf)
    scores[[3, 1_999]] = 1.0, 2.0
    assert _smallest(scores, 2).tolist() == [3, 1_999]
    assert len(_smallest(scores, 3)) == 2_000
