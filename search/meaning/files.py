"""Files of arrays that were learnt beforehand. Each says what it was learnt of, so that no other is taken for it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np


def first_of(files: Iterable[Path], about: Mapping[str, str]) -> dict[str, np.ndarray] | None:
    """The arrays of the first of these files that was learnt of just this; None where none was."""
    for file in files:
        if file.exists():
            with np.load(file, allow_pickle=False) as found:
                if all(found[name].item() == said for name, said in about.items()):
                    return {name: found[name] for name in found.files if name not in about}
    return None


def write(to: Path, about: Mapping[str, str], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a file in one step: a reader sees the old one or the new one."""
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_suffix(".part.npz")
    held: dict[str, Any] = {name: np.array(said) for name, said in about.items()} | dict(arrays)
    np.savez_compressed(part, **held)
    part.replace(to)
