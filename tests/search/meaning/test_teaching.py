"""Teaching a model: the slopes are the true ones, what is asked comes nearer to what answers it, and listings stay."""

import numpy as np
import pytest

from search.meaning import teaching
from search.meaning.encoder import PARTS, MeaningModel
from search.meaning.teaching import Lesson, forward, share_found, teach

ASKED = ["cold", "a cold walk", "tea", "tea and talk"]
TOLD = ["warm room .", "talk and walk ."]
KINDS = np.array([0, 0, 1, 1])


@pytest.fixture
def tiny(make_tiny):
    return MeaningModel(make_tiny())


@pytest.fixture
def lesson(tiny):
    return Lesson(ASKED, KINDS, tiny.encode(TOLD), np.array([0, 1]))


def _stirred(tiny):
    """Its layers, with nudges that do something."""
    generator = np.random.default_rng(3)
    layers = [teaching._TaughtLayer(layer, tiny, generator) for layer in tiny.layers]
    for layer in layers:
        for dense in layer.dense.values():
            down, up = dense.parameters
            up.value = generator.normal(0, 0.1, up.value.shape).astype(np.float32)
            down.value *= 2
    return layers


def _states(tiny, texts):
    tokens = tiny.tokens_of(texts)
    return tiny.states(tokens, []).T.reshape(len(texts), len(tokens[0]), -1)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("layer", [0, 1])
def test_a_step_along_a_gradient_changes_what_it_says(tiny, part, layer):
    layers, states = _stirred(tiny), _states(tiny, ["warm room tea", "cold walk talk"])
    wanted = np.random.default_rng(4).normal(size=(2, 64)).astype(np.float32)
    _vectors, back = forward(layers, states)
    back(wanted)
    for one in layers[layer].dense[part].parameters:
        steepness = float(np.linalg.norm(one.gradient))
        along, stood = one.gradient / steepness, one.value
        reached = []
        for step in (0.02, -0.02):
            one.value = stood + np.float32(step) * along
            reached.append(float((forward(layers, states)[0] * wanted).sum()))
        one.value = stood
        assert (reached[0] - reached[1]) / 0.04 == pytest.approx(steepness, rel=0.02)


def test_the_encoder_reads_by_the_nudges_as_the_teacher_does(tiny):
    layers, texts = _stirred(tiny), ["warm room tea", "cold walk talk"]
    tiny.take_taught(
        {
            f"{number}.{part}.{name}": one.value
            for number, layer in enumerate(layers)
            for part, dense in layer.dense.items()
            for name, one in zip(("down", "up"), dense.parameters, strict=True)
        }
    )
    np.testing.assert_allclose(tiny.encode_asked(texts), forward(layers, _states(tiny, texts))[0], atol=2e-6)


def test_what_is_asked_comes_nearer_to_what_answers_it_and_listings_stay(tiny, lesson):
    before = tiny.encode(ASKED)
    nudges = teach(tiny, lesson, rounds=60)
    tiny.take_taught(nudges)
    after = tiny.encode_asked(ASKED)
    margin = [(vectors @ lesson.told.T)[np.arange(4), KINDS] - (vectors @ lesson.told.T)[np.arange(4), 1 - KINDS]
              for vectors in (before, after)]  # fmt: skip
    assert (margin[1] > margin[0]).all()
    assert share_found(after, KINDS, lesson, 1) == 1.0
    np.testing.assert_array_equal(tiny.encode(ASKED), before)


def test_the_same_lesson_teaches_the_same(tiny, lesson):
    first, second = teach(tiny, lesson, rounds=2), teach(tiny, lesson, rounds=2)
    assert first.keys() == second.keys()
    assert all((first[key] == second[key]).all() for key in first)


def test_progress_is_told_to_the_end(tiny, lesson):
    told = []
    teach(tiny, lesson, lambda done, total: told.append((done, total)), rounds=2)
    assert told[-1][0] == told[-1][1] == len(told)


def test_some_of_a_lesson_leaves_out_what_other_kinds_are_told(lesson):
    some = lesson.of(KINDS == 1)
    assert list(some.asked) == ASKED[2:]
    assert some.told_kinds.tolist() == [1]
    np.testing.assert_array_equal(some.told, lesson.told[1:])


def test_a_model_that_keeps_one_token_is_refused(make_tiny, lesson):
    with pytest.raises(ValueError, match="mean"):
        teach(MeaningModel(make_tiny("first", pooling="cls_token")), lesson)
