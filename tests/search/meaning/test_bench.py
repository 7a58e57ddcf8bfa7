import subprocess

import pytest

from search.meaning.bench import measure


def test_it_measures_a_model_in_a_process_of_its_own(make_tiny):
    figures = measure(make_tiny(), rounds=1, copies=1)
    assert set(figures) == {"query_p50_ms", "query_p95_ms", "texts_per_second", "rss_mb", "own_mb"}
    assert 0 < figures["query_p50_ms"] <= figures["query_p95_ms"]
    assert 0 < figures["own_mb"] < figures["rss_mb"]
    assert figures["texts_per_second"] > 0


def test_a_missing_model_is_an_error(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        measure(tmp_path, rounds=1, copies=1)


def test_the_real_model_without_django_fits_in_memory(minilm_folder):
    assert measure(minilm_folder, rounds=1, copies=1)["rss_mb"] <= 150
