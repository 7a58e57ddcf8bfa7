"""What the results page calls itself: "34 groups for art within 5 miles of LS6" (`ux.md` rule 15)."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.vocabulary.lexicon import Lexicon
from portal.results.labels import miles_label, value_label
from search.engine import Results

_TOPICS = ("activity", "need", "for")
_CONCEPTS = ("need", "activity", "circumstance")
LONGEST = 60


def heading(results: Results, terms: Lexicon) -> str:
    """The title of the page and its h1, in one line."""
    groups = _groups(results.total)
    what, where = _what(results, terms), _where(results)
    if what and where:
        return _("%(groups)s for %(what)s %(where)s") % {"groups": groups, "what": what, "where": where}
    if what:
        return _("%(groups)s for %(what)s") % {"groups": groups, "what": what}
    if where:
        return _("%(groups)s %(where)s") % {"groups": groups, "where": where}
    return groups


def _groups(total: int) -> str:
    if total == 0:
        return _("No groups found")
    return ngettext("%(count)s group", "%(count)s groups", total) % {"count": f"{total:,}"}


def _what(results: Results, terms: Lexicon) -> str:
    """The words searched for, else the topics chosen. What was understood from typed words is told beside them."""
    query = results.query
    understood = results.understood
    words = " ".join(
        (understood.words or ("" if understood.readings or understood.gave_way else query.text)).split()
    )
    if words:
        return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    chosen = query.chosen
    labels = [value_label(facet, value, terms) for facet in _TOPICS for value in chosen.get(facet, ())]
    labels = labels or [reading.label for reading in results.understood.readings if reading.kind in _CONCEPTS]
    return get_text_list([_mid_sentence(label) for label in dict.fromkeys(labels)], _("or"))


def _mid_sentence(label: str) -> str:
    """A label inside a sentence: "Art and crafts" is "art and crafts", "LGBTQ+ people" stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def _where(results: Results) -> str:
    query = results.query
    if query.place is None or query.radius_miles is None:
        return ""
    return _("within %(miles)s of %(place)s") % {
        "miles": miles_label(query.radius_miles),
        "place": query.place.label,
    }
