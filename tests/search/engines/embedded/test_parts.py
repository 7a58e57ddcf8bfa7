"""What is kept as small codes comes to the same, to the last bit, as adding up floats."""

import numpy as np
import pytest

from search.engines.embedded.parts import Part
from search.engines.embedded.postings import IN_NAME, fields_of, in_names


@pytest.mark.parametrize("kinds", [[8], [8, 8, 3], [200, 20], [8, 60, 60], [300, 300, 8]])
def test_a_part_adds_up(kinds):
    """The last two have more sums than codes may stand for."""
    chance = np.random.default_rng(len(kinds))
    part, plain, rows = Part(501), np.zeros(501), np.arange(0, 501, 7)
    for kind in kinds:
        values = np.array([0.0, *chance.random(kind - 1)])
        digits = chance.integers(0, kind, 500).astype(np.uint16)
        part.add(digits, values)
        plain[:500] += values[digits]
    part.change(np.divide, 3.7)
    part.change(np.multiply, 0.3)
    plain = plain / 3.7 * 0.3
    assert part.take(rows).tolist() == plain[rows].tolist()
    assert part.reaches(0.05).tolist() == (plain >= 0.05).tolist()
    assert plain[-1] == 0.0


@pytest.mark.parametrize("least", [0.0, 0.1, 0.3, 0.9, 2.0])
def test_what_rises_with_its_digits(least):
    part, values = Part(4), np.array([0.0, 0.1, 0.3, 0.9])
    part.add(np.array([3, 1, 0, 2], np.uint8), values)
    assert part.reaches(least).tolist() == (np.array([0.9, 0.1, 0.0, 0.3]) >= least).tolist()


def test_words_that_stand_in_one_name():
    lists = [
        {1: IN_NAME, 4: 2, 7: IN_NAME, 9: IN_NAME},
        {1: IN_NAME, 4: IN_NAME, 5: 1, 6: IN_NAME, 9: 3},
        {1: IN_NAME, 9: IN_NAME},
    ]
    found = [np.array([at << 3 | field for at, field in one.items()], np.int32) for one in lists]
    assert fields_of(found[0])[0].tolist() == [1, 4, 7, 9]
    assert in_names(found).tolist() == [1]
    assert in_names(found[:1]).tolist() == [1, 7, 9]
    assert in_names([*found, np.empty(0, np.int32)]).tolist() == []
    assert in_names([]).tolist() == []
