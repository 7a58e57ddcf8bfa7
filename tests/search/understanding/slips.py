"""One slip of hasty fingers, of a kind chosen by chance."""

import random

from search.understanding.spelling import _BESIDE

KINDS = ("swapped", "missing", "doubled", "beside", "wrong", "joined", "split")


def slipped(text: str, chance: random.Random) -> str:
    """The text with two letters swapped, one missing, doubled or wrong, or its words joined or split."""
    letters = [at for at, letter in enumerate(text) if letter in _BESIDE]
    at = chance.choice(letters)
    match chance.choice(KINDS):
        case "swapped":
            pairs = [one for one in letters if one + 1 in letters and text[one] != text[one + 1]]
            at = chance.choice(pairs)
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case "missing":
            return text[:at] + text[at + 1 :]
        case "doubled":
            return text[:at] + text[at] + text[at:]
        case "beside":
            return text[:at] + chance.choice(sorted(_BESIDE[text[at]])) + text[at + 1 :]
        case "wrong":
            return text[:at] + chance.choice(sorted(set(_BESIDE) - {text[at]})) + text[at + 1 :]
        case "joined" if " " in text:
            at = chance.choice([one for one, letter in enumerate(text) if letter == " "])
            return text[:at] + text[at + 1 :]
        case _:
            at = chance.choice([one for one in letters if one - 1 in letters])
            return text[:at] + " " + text[at:]
