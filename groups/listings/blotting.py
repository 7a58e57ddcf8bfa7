"""Finding the words that give a place away, in any spelling, and taking them out of texts and JSON."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

BLOT = "[…]"
SHORTEST_SECRET = 4  # shorter words would blot out half of every text
POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


class Blotter:
    """Takes secrets (names, addresses, postcodes) out of what it is given.

    Case, spaces and punctuation between the words of a secret do not matter: "CM2 9ZZ" is found in "cm2-9zz".
    """

    def __init__(self, secrets: Iterable[str]):
        pieces = {
            piece
            for secret in secrets
            for piece in (secret, *_parts(secret))
            if len(piece) >= SHORTEST_SECRET
        }
        patterns = [
            r"[\W_]*".join(re.escape(word) for word in _WORD.findall(piece))
            for piece in sorted(pieces, key=len, reverse=True)
        ]
        patterns = [pattern for pattern in patterns if pattern]
        self._pattern = (
            re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W_])", re.IGNORECASE) if patterns else None
        )

    def finds(self, text: str | None) -> bool:
        return bool(self._pattern and text and self._pattern.search(text))

    def text(self, text: str) -> str:
        return self._pattern.sub(BLOT, text) if self._pattern and text else text

    def json(self, value: Any) -> Any:
        """The same value with every text in it blotted; keys stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if isinstance(value, dict):
            return {key: self.json(item) for key, item in value.items()}
        return value

    def rows(self, rows: QuerySet, *fields: str) -> None:
        """Rewrite the rows in which one of the fields holds a secret. JSON fields too. It fires no signal."""
        for row in rows.order_by().values("pk", *fields):
            clean = {name: self.json(row[name]) for name in fields}
            if any(clean[name] != row[name] for name in fields):
                rows.model._base_manager.filter(pk=row["pk"]).update(**clean)


def _parts(secret: str) -> list[str]:
    """Parts of an address that name a door: those with a number in them. The town alone is no secret."""
    parts = [part.strip() for part in secret.split(",")]
    return [part for part in parts if any(letter.isdigit() for letter in part)] if len(parts) > 1 else []
