"""The named steps a mapping may ask for: text in, text out, "" for nothing."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from groups.imports.letter_case import name_case, sentence_case
from groups.imports.plain_text import plain
from groups.imports.sentences import first_sentence, spaced
from groups.listings.choices import ContactKind
from groups.listings.contacts import clean_contact
from groups.places.postcodes import parse

_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?\s{0,2}[0-9][A-Z]{2})\b", re.IGNORECASE)
_YES = {"yes", "y", "true", "1", "t"}
_NO = {"no", "n", "false", "0", "f"}
_BROKEN_SCHEME = re.compile(
    r"^(?:https?)?[:;/\\.]*(?:https?)[:;/\\]+(?:https?[:;/\\]+)?(?=[^/\\:;])", re.IGNORECASE
)


def postcode(text: str) -> str:
    """The last whole postcode in a text, in its usual spacing; "" for none."""
    for found in reversed(_POSTCODE.findall(text)):
        if (read := parse(found)) and read.unit:
            return str(read)
    read = parse(text)
    return str(read) if read and read.unit else ""


def without_postcode(text: str) -> str:
    """An address without its postcode and what is left hanging at its end."""
    text = re.sub(r",?\s*\b(UK|United Kingdom)\s*\.?$", "", _POSTCODE.sub(" ", text).strip(" ,."))
    return re.sub(r"\s*,(?:\s*,)+", ",", " ".join(text.split())).strip(" ,.")


def yes_no(text: str) -> str:
    """ "yes" or "no"; "" for anything else."""
    word = text.casefold()
    return "yes" if word in _YES else "no" if word in _NO else ""


def url(text: str) -> str:
    """A whole web address ("www.group.example" gets https://); "" for what is none."""
    text = text.split()[0] if text.split() else ""
    secure = text.lower().startswith("https")
    rest = _BROKEN_SCHEME.sub("", text)
    if "://" in text and rest == text:
        return ""
    text = f"{'http' if rest != text and not secure else 'https'}://{rest}"
    try:
        whole = clean_contact(ContactKind.WEBSITE, text)
        host = urlsplit(whole).hostname or ""
    except (ValidationError, ValueError):
        return ""
    return whole if "." in host and len(whole) <= 250 else ""


def one_line(text: str) -> str:
    return " ".join(text.split())


TRANSFORMS: dict[str, Callable[[str], str]] = {
    "plain": plain,
    "spaced": spaced,
    "name_case": name_case,
    "sentence_case": sentence_case,
    "first_sentence": first_sentence,
    "one_line": one_line,
    "lower": str.lower,
    "yes_no": yes_no,
    "url": url,
    "postcode": postcode,
    "without_postcode": without_postcode,
}
