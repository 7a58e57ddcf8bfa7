"""Facets and their values in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups.listings.choices import AccessFeature, Cost, Joining, Mode, Stage, Weekday
from groups.remembering import remembered
from groups.vocabulary.lexicon import Lexicon, Meaning

# The name of a term's kind, by the facet that holds its slugs.
_KIND_OF = {"activity": "activity", "need": "need", "for": "circumstance", "language": "language"}
_CHOICES = {"mode": Mode, "access": AccessFeature, "join": Joining, "stage": Stage, "day": Weekday}
_WORDS = {
    ("when", "today"): gettext_lazy("Today"),
    ("when", "tomorrow"): gettext_lazy("Tomorrow"),
    ("when", "week"): gettext_lazy("This week"),
    ("when", "weekend"): gettext_lazy("This weekend"),
    ("time", "morning"): gettext_lazy("Morning"),
    ("time", "afternoon"): gettext_lazy("Afternoon"),
    ("time", "evening"): gettext_lazy("Evening"),
    ("cost", "free"): Cost.FREE.label,
    ("cost", "low"): gettext_lazy("Free or pay what you can"),
    ("gender", "women"): gettext_lazy("Open to women"),
    ("gender", "men"): gettext_lazy("Open to men"),
    ("space", "1"): gettext_lazy("Has space now"),
    ("referrals", "1"): gettext_lazy("Takes people from link workers"),
    ("young", "1"): gettext_lazy("For children or young people"),
    ("outdoors", "1"): gettext_lazy("Outdoors or in nature"),
}


def value_label(facet: str, value: str, terms: Lexicon) -> str:
    """The words for a facet's value, such as "Step-free all the way in"; the bare value where we have none."""
    if kind := _KIND_OF.get(facet):
        meaning = Meaning(kind, value)
        return terms.names.get(meaning) or terms.labels.get(meaning) or value.replace("_", " ")
    return _choice_label(facet, value)


@remembered
def _choice_label(facet: str, value: str) -> str:
    if words := _WORDS.get((facet, value)):
        return str(words)
    if facet == "age" and value.isdigit():
        return _("For someone aged %(age)s") % {"age": value}
    if facet == "checked" and value.isdigit():
        months = int(value)
        within = ngettext("Checked in the last month", "Checked in the last %(count)s months", months)
        return within % {"count": months}
    choices = _CHOICES.get(facet)
    return str(choices(value).label) if choices and value in choices.values else value


def miles_label(miles: float) -> str:
    """ "1 mile", "2.5 miles"."""
    shown = f"{miles:g}"
    return ngettext("%(miles)s mile", "%(miles)s miles", 1 if shown == "1" else 2) % {"miles": shown}
