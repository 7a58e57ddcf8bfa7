"""What must be held to reach a threshold, said without scores."""

from itertools import chain, combinations

import pytest

from search.engines.elasticsearch.scoring import _reaching, _ways

WORD = {"n_art": 0.5, "b_art": 0.25, "p_art": 0.125}
OTHER = {"n_tea": 0.5, "b_tea": 0.25, "p_tea": 0.125}
CONCEPT = {"d1_debt": 0.5, "a1_advice": 0.375, "d4_debt": 0.125}


@pytest.mark.parametrize("least", [0.125, 0.2, 0.375, 0.5, 0.625, 0.875, 1.25, 1.6])
@pytest.mark.parametrize("parts", [[], [WORD], [WORD, OTHER], [WORD, CONCEPT], [WORD, OTHER, CONCEPT]])
def test_the_ways_are_those_that_add_up(parts, least):
    ways = _ways(parts, least, iter(range(1_000)))
    lexemes = list(chain.from_iterable(parts))
    for held in chain.from_iterable(combinations(lexemes, count) for count in range(len(lexemes) + 1)):
        best = [
            max((worth for lexeme, worth in part.items() if lexeme in held), default=0.0) for part in parts
        ]
        reached = any(all(set(some) & set(held) for some in way) for way in ways)
        assert reached == (bool(parts) and sum(best) >= least)


def test_what_says_the_same_for_less_stands_for_more():
    assert _ways([WORD, OTHER], 0.2, iter(range(1_000))) == [
        (("n_art", "b_art"),),
        (("n_art", "b_art", "p_art"), ("n_tea", "b_tea", "p_tea")),
        (("n_tea", "b_tea"),),
    ]


def test_a_long_sentence_is_added_up_at_once():
    """Its ways are without number: to look for them all would never end."""
    words = [
        {f"{field}_{number}": worth / 25 for field, worth in zip("nbp", (1.0, 0.5, 0.3), strict=True)}
        for number in range(25)
    ]
    [condition] = _reaching(words, 0.225)
    assert condition["function_score"]["min_score"] == pytest.approx(0.225, abs=1e-5)
