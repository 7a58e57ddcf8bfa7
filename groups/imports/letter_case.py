"""SHOUTING names and texts in ordinary letters."""

import re

_SMALL = {
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "upon", "with", "de", "la",
}  # fmt: skip
_UPPER = {
    "UK", "GB", "USA", "EU", "CIO", "CIC", "PTA", "PTFA", "FOSS", "YMCA", "YWCA", "RSPCA", "RSPB", "U3A", "BAME", "BME", "LGBT",
    "LGBTQ", "NHS", "FC", "AFC", "RFC", "RUFC", "CC", "WI", "CAB", "ADHD", "MS", "HIV", "AIDS", "II", "III", "IV", "VI", "VII",
    "NW", "NE", "SE", "SW", "SEND", "TV", "BBC", "ESOL", "PHAB", "AGSB", "CAMRA", "NSPCC", "RNLI", "RAF", "OAP", "DIY", "IT",
    "RC", "CE", "UCKG", "RCCG", "YHA", "CVS", "VCS", "VCSE", "MCC", "AKA", "USDAW", "CRT",
}  # fmt: skip
_TITLES = {
    "ST": "St",
    "STS": "Sts",
    "MR": "Mr",
    "MRS": "Mrs",
    "DR": "Dr",
    "LTD": "Ltd",
    "SR": "Sr",
    "FR": "Fr",
}
_NAME_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*|[0-9]+[A-Za-z]+")
_ORDINAL = re.compile(r"^[0-9]+(ST|ND|RD|TH)$")
_SENTENCE_START = re.compile(r"(^|[.!?]\s+|\n\s*(?:- )?)([\"'(]?)([a-z])")
_SAMPLE = 300  # letters that are looked at
_MOSTLY = 0.7  # share of capitals above which a text shouts


def shouts(text: str) -> bool:
    """Whether nearly all letters are capitals."""
    letters = [letter for letter in text[:_SAMPLE] if letter.isalpha()]
    return len(letters) > 3 and sum(letter.isupper() for letter in letters) >= _MOSTLY * len(letters)


def name_case(name: str) -> str:
    """A shouted name in title case ("2ND SALE SCOUTS (ST ANNE'S)": "2nd Sale Scouts (St Anne's)"); others as they are.

    Known short forms, and words without a vowel, stay in capitals.
    """
    if not shouts(name):
        return name
    return _NAME_WORD.sub(lambda word: _name_word(word, name), name)


def _name_word(found: re.Match[str], name: str) -> str:
    word, before = found.group().upper(), name[: found.start()]
    if before.endswith(("'", "’")) and len(word) <= 2 and re.search(r"[A-Za-z]['’]$", before):
        return word.lower()  # 's, 're, 'll
    if _ORDINAL.match(word):
        return word.lower()
    if "." in before[-1:] or (name[found.end() : found.end() + 1] == "." and len(word) == 1):
        return word
    if word in _TITLES:
        return _TITLES[word]
    if word in _UPPER or any(letter.isdigit() for letter in word):
        return word
    if word.lower() in _SMALL and before.strip() and not before.rstrip().endswith((":", "(", "-", "–", "/")):
        return word.lower()
    if len(word) > 1 and not re.search("[AEIOUY]", word):
        return word
    if re.match(r"MC[A-Z]{3,}", word):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def sentence_case(text: str) -> str:
    """A shouted text in small letters with capitals at sentence starts; others as they are.

    Names of places lose their capital: nobody can tell them from other words by rule.
    """
    if not shouts(text):
        return text
    calm = _SENTENCE_START.sub(lambda start: start[1] + start[2] + start[3].upper(), text.lower())
    return re.sub(r"\b(uk|nhs|i)\b", lambda word: word.group().upper(), calm)
