import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from search.meaning import model as module
from search.meaning.encoder import MeaningModel
from search.meaning.model import model, model_folder, query_vector

IN_A_FORK = """
import os, sys
from pathlib import Path
import numpy as np
from django.conf import settings
settings.configure(WAYMARK_MEANING_MODEL=sys.argv[1], VAR_DIR=Path(sys.argv[1]))
from search.meaning import model as module
before = module.query_vector("warm room")
module._lock.acquire()
child = os.fork()
if child == 0:
    same = np.allclose(module.query_vector("warm room"), before)
    fresh = module.model().encode(["tea and talk"] * 3).shape == (3, 64)
    os._exit(0 if same and fresh else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture(autouse=True)
def _fresh_process():
    module._opened.cache_clear()
    module._remembered_vector.cache_clear()
    yield
    module._opened.cache_clear()
    module._remembered_vector.cache_clear()


@pytest.fixture
def tiny(make_tiny, settings):
    folder = make_tiny()
    settings.WAYMARK_MEANING_MODEL = str(folder)
    return folder


@pytest.fixture
def encoded(monkeypatch):
    """The batches of texts that were really encoded."""
    batches = []
    encode = MeaningModel.encode_asked
    monkeypatch.setattr(
        MeaningModel, "encode_asked", lambda self, texts: (batches.append(texts), encode(self, texts))[1]
    )
    return batches


def test_none_turns_meaning_off(settings, caplog):
    settings.WAYMARK_MEANING_MODEL = "none"
    assert model() is None
    assert query_vector("someone to talk to") is None
    assert caplog.records == []


def test_a_folder_that_cannot_be_used_is_reported_once(settings, monkeypatch, tmp_path):
    settings.WAYMARK_MEANING_MODEL = str(tmp_path / "nothing")
    # Not through caplog: what other programs of this process do to logging is theirs.
    warnings = []
    monkeypatch.setattr(module.logger, "warning", lambda *said: warnings.append(said))
    assert model() is None
    assert query_vector("tea") is None
    assert len(warnings) == 1


def test_a_missing_package_is_quiet(settings, monkeypatch):
    monkeypatch.setattr(module, "PACKAGE", "no_such_package_here")
    settings.WAYMARK_MEANING_MODEL = ""
    assert model_folder("") is None
    assert model() is None


def test_the_installed_package_is_found_without_importing_it(minilm_folder):
    assert (minilm_folder / "model.safetensors").is_file()
    assert module.PACKAGE not in sys.modules


def test_it_is_opened_once_even_by_many_threads(tiny, monkeypatch):
    opened = []
    start = MeaningModel.__init__
    monkeypatch.setattr(
        MeaningModel, "__init__", lambda self, folder: (opened.append(folder), start(self, folder))[1]
    )
    with ThreadPoolExecutor(8) as pool:
        models = set(pool.map(lambda _: model(), range(32)))
    assert len(models) == 1
    assert opened == [tiny]


def test_query_vectors_are_remembered_whatever_their_case_and_spacing(tiny, encoded):
    first = query_vector("Warm  ROOM")
    again = query_vector(" warm room\n")
    assert first is again
    assert encoded == [["warm room"]]
    assert first.dtype == np.float32
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-6)


def test_a_remembered_vector_cannot_be_spoilt(tiny):
    with pytest.raises(ValueError, match="read-only"):
        query_vector("warm room")[0] = 1


def test_a_very_long_query_is_cut(tiny, encoded):
    query_vector("warm " * 10_000)
    assert len(encoded[0][0]) <= module.MAX_QUERY_CHARACTERS


def test_nothing_typed_has_no_vector(tiny, encoded):
    assert query_vector(" \t ") is None
    assert encoded == []


def test_another_model_does_not_get_the_first_ones_vectors(tiny, make_tiny, settings):
    first = query_vector("warm room")
    settings.WAYMARK_MEANING_MODEL = str(make_tiny("second", pooling="cls_token"))
    assert not np.allclose(query_vector("warm room"), first)


def test_it_works_in_a_fork_made_while_another_thread_held_the_lock(tiny):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_A_FORK, str(tiny)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
