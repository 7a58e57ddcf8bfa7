import numpy as np
import pytest

from search.meaning import vectors
from search.meaning.vectors import dequantise, hamming, nearest_by_signs, quantise, sign_codes, similarities


@pytest.fixture
def rows():
    random = np.random.default_rng(3).standard_normal((2_500, 384)).astype(np.float32)
    return random / np.linalg.norm(random, axis=1, keepdims=True)


def test_quantising_keeps_each_number(rows):
    stored = quantise(rows)
    assert stored.dtype == np.int8
    assert np.abs(dequantise(stored) - rows).max() <= 1 / 254 + 1e-6


def test_quantising_holds_the_extremes():
    assert quantise(np.array([[1, -1, 0]], np.float32)).tolist() == [[127, -127, 0]]


@pytest.mark.parametrize("count", [0, 1, 1_024, 2_500])
def test_similarities_are_cosines(rows, count):
    result = similarities(quantise(rows[:count]), rows[7])
    assert result.dtype == np.float32
    assert result.shape == (count,)
    np.testing.assert_allclose(result, rows[:count] @ rows[7], atol=0.012)


def test_similarities_do_not_depend_on_the_block(rows, monkeypatch):
    stored = quantise(rows)
    whole = similarities(stored, rows[7])
    monkeypatch.setattr(vectors, "BLOCK_ROWS", 7)
    np.testing.assert_allclose(similarities(stored, rows[7]), whole, atol=1e-6)


def test_hamming_counts_signs_that_differ(rows):
    codes = sign_codes(rows)
    assert codes.shape == (2_500, 6)
    assert codes.dtype == np.uint64
    expected = ((rows > 0) != (rows[7] > 0)).sum(axis=1)
    np.testing.assert_array_equal(hamming(codes, sign_codes(rows[7])), expected)


def test_hamming_holds_more_than_a_byte():
    ones = np.ones((1, 384), np.float32)
    assert hamming(sign_codes(ones), sign_codes(-ones[0])).tolist() == [384]


def test_codes_of_stored_rows(rows):
    stored = quantise(rows)
    np.testing.assert_array_equal(sign_codes(stored), sign_codes(dequantise(stored)))


def test_odd_dimensions_are_refused():
    with pytest.raises(ValueError, match="64"):
        sign_codes(np.zeros((2, 100), np.float32))


@pytest.mark.parametrize("count", [1, 5, 40, 100, 200])
def test_the_nearest_by_signs_are_the_smallest_distances_and_of_equal_ones_the_first(count):
    distance = np.random.default_rng(count).binomial(20, 0.5, 100).astype(np.uint16)
    expected = np.sort(np.lexsort((np.arange(100), distance))[:count])
    assert nearest_by_signs(distance, count).tolist() == expected.tolist()


def test_nothing_is_nearest_among_nothing():
    assert len(nearest_by_signs(np.empty(0, np.uint16), 10)) == 0
