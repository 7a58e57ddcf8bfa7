"""What a language model was taught about questions: the file of its nudges (`teaching`), and where it is looked for."""

from pathlib import Path

import numpy as np
from django.conf import settings

SHIPPED = Path(__file__).parent / "asked.npz"


def kept() -> Path:
    """Where a site keeps what it taught a model of its own."""
    return settings.VAR_DIR / "asked.npz"


def taught(model_name: str) -> dict[str, np.ndarray]:
    """The nudges for the model of that name (`MeaningModel.take_taught`); empty where nobody taught it."""
    for file in (kept(), SHIPPED):
        if file.exists():
            with np.load(file, allow_pickle=False) as found:
                if found["model"].item() == model_name:
                    return {key: found[key].astype(np.float32) for key in found.files if key != "model"}
    return {}


def keep(model_name: str, nudges: dict[str, np.ndarray], to: Path) -> None:
    """Write nudges as half floats, in one step: a reader sees the old file or the new one."""
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_suffix(".part.npz")
    halves = {key: value.astype(np.float16) for key, value in nudges.items()}
    np.savez_compressed(part, allow_pickle=False, model=np.array(model_name), **halves)
    part.replace(to)
