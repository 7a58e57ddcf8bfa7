"""What a language model was taught about questions: the file of its nudges (`teaching`), and where it is looked for."""

from pathlib import Path

import numpy as np
from django.conf import settings

from search.meaning import files

SHIPPED = Path(__file__).parent / "asked.npz"


def kept() -> Path:
    """Where a site keeps what it taught a model of its own."""
    return settings.VAR_DIR / "asked.npz"


def taught(model_name: str) -> dict[str, np.ndarray]:
    """The nudges for the model of that name (`MeaningModel.take_taught`); empty where nobody taught it."""
    found = files.first_of((kept(), SHIPPED), {"model": model_name}) or {}
    return {name: halves.astype(np.float32) for name, halves in found.items()}


def keep(model_name: str, nudges: dict[str, np.ndarray], to: Path) -> None:
    """Write nudges, as half floats."""
    halves = {name: value.astype(np.float16) for name, value in nudges.items()}
    files.write(to, {"model": model_name}, halves)
