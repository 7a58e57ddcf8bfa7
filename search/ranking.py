"""The one formula that orders results, and its named weights. `docs/ranking.md` explains it; `--explain` prints each part.

    score = tier + MATCH·match + NEAR·near + CHECKED·checked + SPACE·space
    match = name + WORDS·words + VOCABULARY·vocabulary + SENSE·sense + MEANING·meaning

Every part is between 0 and 1. The same arithmetic is used by every engine.
"""

from functools import lru_cache
from math import log1p

import numpy as np

# Of a listing as a whole
MATCH = 1.0
NEAR = 0.40
CHECKED = 0.06
SPACE = 0.04
OVERDUE_TIER = -10.0

# Of the match
NAME = 1.0
WORDS = 0.35
VOCABULARY = 0.45
SENSE = 0.4
MEANING = 1.2

# What a word is worth by where it stands; letters as in `search.index.document`
FIELD_WEIGHTS = {"n": 1.0, "t": 0.9, "g": 0.9, "s": 0.75, "o": 0.6, "b": 0.5, "p": 0.3}

# A word that no listing holds tells little about any of them: what is left of its weight
IN_NO_LISTING = 0.1

# What a concept is worth by how the listing carries it
CERTAINTY = {"1": 1.0, "2": 0.8, "3": 0.5, "4": 0.3}  # digits as in `search.index.document`
VERY_WORD = 1.0  # a listing that says the very word, where so few were typed:
VERY_WORD_OF = 2
HELPING_ACTIVITY = 0.8  # times its strength for the need
CIRCUMSTANCE_WEIGHT = 0.5  # who somebody is says less than what they want

COMMON = 0.15  # a concept that more of the listings carry than this tells less

# Nearness: half is lost by so many miles; a group that comes to you, or meets online, is like one at a middling distance
NEAR_HALF_MILES = 2.5
SERVES_NEAR = 0.4

# Freshness and space
CHECKED_VALUE = {"checked": 1.0, "due": 0.4, "overdue": 0.0}
SPACE_VALUE = {"space": 1.0, "unknown": 0.6, "full": 0.0}
PAUSED_PENALTY = 0.3

# Membership: what share of the words' weight must stand in a listing, and what a concept alone must be worth
LEAST_WORDS = 0.45
LEAST_CONCEPT = 0.15
LEAST_SENSE = 0.30
LEAST_NAME = 0.5  # what share of a name the words must be to count as the name
# A match that is this much weaker than the best is no answer
LEAST_OF_BEST = 0.30
# Meaning: cosines at or below the floor say nothing, at or above the ceiling everything
MEANING_FLOOR = 0.10
MEANING_CEILING = 0.65
MEANING_LEAST = 0.30
MOST_BY_MEANING = 50
TOPIC_PULL = 0.6  # how far the understood topics draw the query's vector

# Kinds of help (`search.understanding.kinds`): how far what their listings say draws the query's vector, how much less where the
# vocabulary understood all of it, and how many of the likeliest count, by how far they fall behind the first
KIND_PULL = 1.3
KIND_LESS = 0.7
MOST_KINDS = 8
KIND_SPREAD = 0.05
KIND_NEAREST = 0.3  # what the nearest single saying counts beside the middle of them all
KIND_FLOOR = 0.20  # likeness at or below says nothing, at or above the ceiling everything
KIND_CEILING = 0.50

# Sense: how near a phrase of the vocabulary must be in meaning to be what somebody may have meant
SENSE_FLOOR = 0.40
SENSE_CEILING = 0.85
SENSE_LEAST = 0.50
MOST_SENSES = 4


def near(miles: np.ndarray) -> np.ndarray:
    """1 at the door, a half at NEAR_HALF_MILES, and never 0. Rounded, so that every engine orders alike."""
    return np.round(NEAR_HALF_MILES / (NEAR_HALF_MILES + miles), 6)


def meaning(cosine: np.ndarray) -> np.ndarray:
    return np.clip((cosine - MEANING_FLOOR) / (MEANING_CEILING - MEANING_FLOOR), 0.0, 1.0)


@lru_cache(maxsize=4096)
def telling(holding: float, total: int) -> float:
    """How much a concept tells: all of it up to COMMON of the listings, nothing when every listing carries it."""
    return min(1.0, rarity(holding, total) / rarity(COMMON * total, total)) if total else 0.0


def rarity(holding: float, total: int) -> float:
    """What a word weighs: the fewer listings hold it, the more (as in BM25)."""
    # A word that no listing holds weighs no more than one that a single listing holds.
    holding = max(holding, 1)
    return log1p((total - min(holding, total) + 0.5) / (holding + 0.5))
