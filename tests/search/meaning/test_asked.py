"""What was taught about questions: kept, found again, and only for the model that learnt it."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search.meaning import asked
from search.meaning import model as model_module
from search.meaning.encoder import MeaningModel
from search.meaning.model import model, query_vector, told_vector
from search.understanding import kinds
from search.understanding.kinds import KindOfHelp

WARMTH = KindOfHelp("a warm room", ("warm room .", "tea and a warm room ."), ("cold", "a cold walk"))
TALK = KindOfHelp(
    "talk", ("talk and tea .", "talk ."), ("and", "a room and a walk", "tea tea", "walk", "talk and tea")
)


@pytest.fixture
def own_folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def tiny_in_use(make_tiny, settings):
    """A small model as the one of this process."""
    settings.WAYMARK_MEANING_MODEL = str(make_tiny())
    model_module._opened.cache_clear()
    yield model()
    model_module._opened.cache_clear()


def _nudges(down, up):
    return {"1.query.down": np.full((4, down), 0.25), "1.query.up": np.full((up, 4), 0.5)}


def test_what_is_kept_is_found_by_its_model_alone(own_folder):
    asked.keep("mine", _nudges(64, 64), asked.kept())
    found = asked.taught("mine")
    assert {key: value.dtype for key, value in found.items()} == dict.fromkeys(_nudges(64, 64), np.float32)
    assert (found["1.query.down"] == 0.25).all()
    assert asked.taught("another") == {}


def test_a_site_s_own_goes_before_what_is_shipped(own_folder, minilm):
    assert asked.taught(minilm.name).keys() != _nudges(384, 384).keys()
    asked.keep(minilm.name, _nudges(384, 384), asked.kept())
    assert asked.taught(minilm.name).keys() == _nudges(384, 384).keys()


def test_nudges_of_another_shape_are_refused(make_tiny):
    with pytest.raises(ValueError, match="fit"):
        MeaningModel(make_tiny()).take_taught(_nudges(64, 32))


def test_without_lessons_a_question_is_read_as_anything_else(make_tiny):
    tiny = MeaningModel(make_tiny())
    np.testing.assert_array_equal(tiny.encode_asked(["warm room"]), tiny.encode(["warm room"]))


def test_the_installed_model_reads_questions_by_what_is_shipped(minilm, settings):
    settings.WAYMARK_MEANING_MODEL = ""
    said, answer, other = (
        "i havent spoken to a soul in days",
        "Friendly visits for lonely people.",
        "Free skip hire.",
    )
    assert model() is not None, "run: make meaning"
    right, wrong = told_vector(answer), told_vector(other)
    assert (right - wrong) @ query_vector(said) > (right - wrong) @ told_vector(said)


class TestCommand:
    @pytest.fixture(autouse=True)
    def two_kinds(self, monkeypatch, own_folder):
        monkeypatch.setattr("search.management.commands.teach_asking.kinds_of_help", lambda: [WARMTH, TALK])

    def test_it_teaches_the_model_in_use(self, tiny_in_use, capsys):
        call_command("teach_asking")
        assert "Taught." in capsys.readouterr().out
        taught = asked.taught(tiny_in_use.name)
        assert any(value.any() for key, value in taught.items() if key.endswith(".up"))

    def test_a_trial_tells_how_well_it_would_do_and_writes_nothing(self, tiny_in_use, own_folder, capsys):
        call_command("teach_asking", "--try")
        assert "Sayings of kinds taught: " in capsys.readouterr().out
        assert not asked.kept().exists()

    def test_without_a_model_it_says_what_to_do(self, settings):
        settings.WAYMARK_MEANING_MODEL = "none"
        with pytest.raises(CommandError, match="make meaning"):
            call_command("teach_asking")


def test_the_kinds_are_many_enough_to_teach():
    assert sum(len(kind.say) for kind in kinds.kinds_of_help()) > 20_000
