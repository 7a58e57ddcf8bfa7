"""How long before something old goes its people are told (`docs/leaving.md`, "How long")."""

from datetime import timedelta

TOLD_BEFORE = timedelta(days=14)
