"""Kinds of help: what people say who need one, and what listings say that offer it."""

import re
from collections import Counter

import numpy as np
import pytest

from search.understanding import kinds
from search.understanding.kinds import KindOfHelp

BINGO = KindOfHelp(
    "bingo", ("Bingo on Mondays.", "Prize bingo."), ("eyes down", "full house", "two fat ladies")
)
CHESS = KindOfHelp(
    "chess", ("Chess club.", "Play chess."), ("checkmate", "knight takes pawn", "castle early")
)


class Letters:
    """A model for tests: how often each letter stands in a text."""

    name = "letters"
    dimensions = 64

    def encode(self, texts):
        counted = np.zeros((len(texts), 64), np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                counted[row, ord(letter) % 64] += 1
        counted -= counted.mean(axis=1, keepdims=True)
        return counted / np.linalg.norm(counted, axis=1, keepdims=True)


@pytest.fixture
def two(monkeypatch, tmp_path, settings):
    """Two kinds, learnt with a model of letters."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(kinds, "kinds_of_help", lambda: [BINGO, CHESS])
    kinds._read.cache_clear()
    kinds.learn(Letters(), kinds.kept())
    yield kinds.learnt(Letters())
    kinds._read.cache_clear()


def test_a_query_is_drawn_to_what_listings_of_its_kind_say(two):
    model = Letters()
    for kind, other in ((BINGO, CHESS), (CHESS, BINGO)):
        for saying in kind.say:
            told, sure = two.towards(model.encode([saying])[0])
            assert 0 < sure <= 1
            likeness = model.encode([*kind.listing, *other.listing]) @ told
            assert likeness[:2].mean() > likeness[2:].mean(), saying


def test_what_is_like_nothing_draws_nowhere(two):
    away = -two.said.astype(np.float32).sum(axis=0)
    _told, sure = two.towards(away / np.linalg.norm(away))
    assert sure == 0


def test_another_model_has_not_learnt(two):
    other = Letters()
    other.name = "another"
    assert kinds.learnt(other) is None


def test_what_was_learnt_of_other_sayings_is_not_used(two, monkeypatch):
    monkeypatch.setattr(kinds, "fingerprint", lambda: "of other sayings")
    kinds._read.cache_clear()
    assert kinds.learnt(Letters()) is None


def test_progress_is_told_to_the_end(two, tmp_path):
    told = []
    kinds.learn(Letters(), tmp_path / "again.npz", lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)


# --- what is shipped --------------------------------------------------------------------------------


def test_what_is_shipped_was_learnt_from_these_sayings():
    with np.load(kinds.SHIPPED) as found:
        assert found["source"].item() == kinds.fingerprint(), (
            "Run: manage.py learn_kinds --to search/understanding/kinds/learnt.npz"
        )


def test_sayings_are_many_plain_and_each_stands_once():
    all_kinds = kinds.kinds_of_help()
    said = Counter(saying for kind in all_kinds for saying in kind.say)
    assert len(all_kinds) >= 500
    assert len(said) >= 10_000
    assert [saying for saying, often in said.items() if often > 1] == []
    assert [saying for saying in said if not re.fullmatch(r"[a-z0-9à-ÿ£%&+/,.?:;() -]+", saying)] == []
    assert len({kind.name for kind in all_kinds}) == len(all_kinds)
    assert [kind.name for kind in all_kinds if len(kind.say) < 12 or len(kind.listing) < 3] == []


def test_nobody_can_be_reached_by_them():
    texts = [text for kind in kinds.kinds_of_help() for text in (*kind.say, *kind.listing)]
    assert [text for text in texts if re.search(r"https?:|www\.|@|\d{5}", text)] == []


@pytest.mark.parametrize(
    ("typed", "offered", "something_else"),
    [
        ("me and the girls want a night of calling numbers", "Bingo every Friday.", "Carpet bowls."),
        (
            "my phone is dead and there is no lecky in the house",
            "Sockets to charge phones.",
            "Talking newspaper.",
        ),
        (
            "he controls every penny i spend",
            "Support for people in controlling relationships.",
            "Collectors of old pennies.",
        ),
        ("since my op i cant do the hoovering", "Help with housework after hospital.", "Vacuum repairs."),
    ],
)
def test_the_installed_model_is_drawn_the_right_way(minilm, typed, offered, something_else):
    learnt = kinds.learnt(minilm)
    assert learnt is not None, "the shipped file is for another model"
    query = minilm.encode([typed])[0]
    told, sure = learnt.towards(query)
    right, wrong = minilm.encode([offered, something_else])
    assert sure > 0.2
    assert (right - wrong) @ (query + told) > (right - wrong) @ query
