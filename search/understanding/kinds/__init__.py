"""Kinds of help: what people say who need one, beside how those who offer it write of themselves.

"Eyes down for a full house" and "Bingo every Tuesday" share no word and, to a small model, hardly a meaning. Some six hundred
kinds of help, each with some thirty sayings and a few sentences of listings (the YAML files here, in our own words), bridge that
gap: what was typed is compared with what people say, and drawn towards what listings say. Nothing of it names a place or a
group, so it holds for any directory.

The vectors are learnt beforehand, not at each start: `learnt.npz` for the model that `make run` installs.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from django.conf import settings

from search import ranking
from search.index.batches import in_batches
from search.meaning import files
from search.meaning.encoder import MeaningModel
from search.meaning.vectors import dequantise, hamming, quantise, sign_codes, similarities, unit

FOLDER = Path(__file__).parent
SHIPPED = FOLDER / "learnt.npz"
_BATCH = 256
_LAYOUT = b"said, told, signs, begins"


@dataclass(frozen=True, slots=True)
class KindOfHelp:
    """One entry of the YAML files."""

    name: str
    listing: tuple[str, ...]
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """What was learnt of n kinds, as `quantise` gives it, and of m texts of theirs.

    said: (n, dimensions), the middle of what people and listings say. told: (n, dimensions), the middle of what listings say.
    signs: (m, dimensions / 64), the sign codes of all texts, kind by kind. begins: (n,), where each kind's begin.
    """

    said: np.ndarray
    told: np.ndarray
    signs: np.ndarray
    begins: np.ndarray

    def towards(self, query: np.ndarray) -> tuple[np.ndarray, float]:
        """Where a query's vector is drawn: the mean of what listings of the likeliest kinds say; and how sure, 0 to 1."""
        differing = np.minimum.reduceat(hamming(self.signs, sign_codes(query[None, :])[0]), self.begins)
        # Two texts whose signs differ in half of all places have nothing in common (random hyperplanes, Charikar 2002).
        nearest = np.cos(np.pi * differing / len(query))
        likeness = (similarities(self.said, query) + ranking.KIND_NEAREST * nearest) / (
            1 + ranking.KIND_NEAREST
        )
        best = np.argsort(-likeness, kind="stable")[: ranking.MOST_KINDS]
        weights = np.exp((likeness[best] - likeness[best[0]]) / ranking.KIND_SPREAD)
        sure = (likeness[best[0]] - ranking.KIND_FLOOR) / (ranking.KIND_CEILING - ranking.KIND_FLOOR)
        return (weights / weights.sum()) @ dequantise(self.told[best]), float(np.clip(sure, 0.0, 1.0))


def kinds_of_help() -> list[KindOfHelp]:
    """All kinds of the YAML files, in the order of the files' names."""
    return [
        KindOfHelp(row["help"], tuple(row["listing"]), tuple(row["say"]))
        for file in _files()
        for row in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def fingerprint() -> str:
    """Changes when the YAML files change, or the way that what was learnt of them is kept."""
    return hashlib.sha256(_LAYOUT + b"".join(file.read_bytes() for file in _files())).hexdigest()[:32]


def learnt(model: MeaningModel) -> Kinds | None:
    """What was learnt of today's sayings for a model; None where nobody has (`manage.py learn_kinds`)."""
    own = kept()
    # Another process may have learnt since (`make_vectors`).
    return _read(model.name, own.stat().st_mtime_ns if own.exists() else 0)


def learn(
    model: MeaningModel, to: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Learn all kinds with a model and keep them in a file."""
    kinds = kinds_of_help()
    texts = [text for kind in kinds for text in (*kind.say, kind.name, *kind.listing)]
    vectors = np.concatenate(list(_encoded(model, texts, progress)))
    said, told, begins, place = [], [], [], 0
    for kind in kinds:
        begins.append(place)
        own, place = place + len(kind.say), place + len(kind.say) + 1 + len(kind.listing)
        said.append(
            unit(unit(vectors[begins[-1] : own].mean(axis=0)) + unit(vectors[own:place].mean(axis=0)))
        )
        told.append(unit(vectors[own + 1 : place].mean(axis=0)))
    arrays: dict[str, np.ndarray] = {
        "said": quantise(np.array(said, np.float32)),
        "told": quantise(np.array(told, np.float32)),
        "signs": sign_codes(vectors),
        "begins": np.array(begins, np.int32),
    }
    files.write(to, _about(model.name), arrays)
    _read.cache_clear()


def kept() -> Path:
    """Where a site keeps what it learnt for a model of its own."""
    return settings.VAR_DIR / "kinds.npz"


@lru_cache(maxsize=2)
def _read(model_name: str, own_made_ns: int) -> Kinds | None:
    """own_made_ns: when a site's own file was written; another time, another file."""
    found = files.first_of((kept(), SHIPPED), _about(model_name))
    if found is None:
        return None
    signs = np.asfortranarray(found["signs"])  # `hamming` goes through them word by word
    return Kinds(found["said"], found["told"], signs, found["begins"])


def _about(model_name: str) -> dict[str, str]:
    return {"model": model_name, "source": fingerprint()}


def _files() -> Sequence[Path]:
    return sorted(FOLDER.glob("*.yaml"))


def _encoded(
    model: MeaningModel, texts: list[str], progress: Callable[[int, int], None]
) -> Iterable[np.ndarray]:
    done = 0
    for some in in_batches(texts, _BATCH):
        yield model.encode(some)
        done += len(some)
        progress(done, len(texts))
