"""A part of the score for very many listings at once, in little memory."""

import numpy as np

_MOST_CODES = 4096  # what codes may stand for; more values take longer to work out than they save


class Part:
    """One part of the score, by row. Few values make it up, so a row holds a small number that stands for one of them: a million
    rows are two megabytes to go through, not eight.
    """

    def __init__(self, rows: int) -> None:
        self._codes = np.zeros(rows, np.uint16)
        self._values = np.zeros(1)
        self._whole: np.ndarray | None = None  # the values themselves, where they are too many

    def add(self, digits: np.ndarray, values: np.ndarray) -> None:
        """Add to the first rows the one of `values` that the digit of each says; the first of them is nought."""
        if self._whole is None and len(self._values) * len(values) > _MOST_CODES:
            self._whole = self._values.take(self._codes)
        if self._whole is not None:
            self._whole[: len(digits)] += values.take(digits)
            return
        self._codes[: len(digits)] += digits * np.uint16(len(self._values))
        self._values = np.add.outer(values, self._values).reshape(-1)

    def change(self, how: np.ufunc, by: float) -> None:
        """Multiply or divide every value."""
        if self._whole is None:
            self._values = how(self._values, by)
        else:
            how(self._whole, by, out=self._whole)

    def take(self, rows: np.ndarray) -> np.ndarray:
        """What it is at these rows."""
        return self._values.take(self._codes.take(rows)) if self._whole is None else self._whole.take(rows)

    def reaches(self, least: float) -> np.ndarray:
        """At which rows it is no less."""
        if self._whole is not None:
            return self._whole >= least
        reached = self._values >= least
        first = int(np.argmax(reached))
        if reached[first:].all():  # as where one list of values was added that rises
            return self._codes >= first
        return reached.take(self._codes)
