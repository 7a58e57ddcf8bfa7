"""The filters beside the results: which are open, which wait under "More filters", with counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from groups.remembering import said as _
from groups.vocabulary.lexicon import Lexicon
from portal.options import Option
from portal.results.labels import miles_label, value_label
from search.engine import FacetValue, Results
from search.query import RADII, DirectoryQuery

STEP_FREE = "step_free"
# A list longer than this hides what it should show; the most common values come first.
MOST_SHOWN = 8
# Facets in the order they stand under "More filters", with their questions.
_MORE = (
    ("activity", gettext_lazy("What would you like to do?")),
    ("need", gettext_lazy("What would you like help with?")),
    ("for", gettext_lazy("Who is it for?")),
    ("day", gettext_lazy("Which day?")),
    ("time", gettext_lazy("What time of day?")),
    ("mode", gettext_lazy("How would you like to take part?")),
    ("access", gettext_lazy("What do you need to get in and feel all right?")),
    ("join", gettext_lazy("How would you like to join?")),
    ("language", gettext_lazy("Which language?")),
)
_SORTED_BY_COUNT = {"activity", "need", "for", "language"}
# Single boxes, gathered under one question.
_SWITCHES = ("space", "referrals", "young", "outdoors")
_LISTS = (
    ("gender", gettext_lazy("Women or men only?")),
    ("stage", gettext_lazy("What have we seen of how it is run?")),
    ("checked", gettext_lazy("When was it last checked?")),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One question. `name` is the parameter of the address."""

    name: str
    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """opened: select boxes that stand open. step_free: the one tick box beside them, or None.

    boxes: ticked lists, switches: single boxes, lists: select boxes, all under "More filters".
    more_chosen: how many of those are chosen.
    """

    opened: tuple[Filter, ...]
    step_free: Option | None
    boxes: tuple[Filter, ...]
    switches: tuple[Filter, ...]
    lists: tuple[Filter, ...]
    age: str
    more_chosen: int


def filters_of(asked: DirectoryQuery, results: Results, terms: Lexicon) -> Filters:
    """`asked` is the query as the visitor put it: what was read from typed words is undone above the list, not here."""
    chosen = asked.chosen
    facets = {
        name: tuple(
            Option(
                value.value,
                value_label(name, value.value, terms),
                value.count,
                value.value in chosen.get(name, ()),
            )
            for value in _worth_naming(name, results.facets.get(name, ()), chosen.get(name, ()))
        )
        for name in {*results.facets, *chosen}
    }
    opened = [
        _list("when", _("When"), _("Any day"), facets),
        _list("cost", _("Cost"), _("Any cost"), facets),
    ]
    if results.query.place is not None:
        opened.insert(0, Filter("miles", _("How far"), _distances(results.query)))
    access = facets.get("access", ())
    facets["access"] = tuple(option for option in access if option.value != STEP_FREE)
    boxes = [Filter(name, str(legend), _shown(name, facets.get(name, ()))) for name, legend in _MORE]
    switches = [Filter(name, "", facets.get(name, ())) for name in _SWITCHES]
    lists = [_list(name, str(legend), _("Any"), facets) for name, legend in _LISTS]
    more = {item.name for item in (*boxes, *switches, *lists)} | {"age"}
    open_access = {("access", STEP_FREE)}
    more_chosen = sum(
        1 for name in more for value in chosen.get(name, ()) if (name, value) not in open_access
    )
    return Filters(
        opened=tuple(item for item in opened if len(item.options) > 1),
        step_free=next((option for option in access if option.value == STEP_FREE), None),
        boxes=tuple(item for item in boxes if item.options),
        switches=tuple(item for item in switches if item.options),
        lists=tuple(item for item in lists if len(item.options) > 1),
        age="" if asked.age is None else str(asked.age),
        more_chosen=more_chosen,
    )


def _worth_naming(name: str, values: Iterable[FacetValue], chosen: Iterable[str]) -> list[FacetValue]:
    """Those that may be shown: of a long list, as many of the most common as it shows and all that tie with the last."""
    values = _with_chosen(values, chosen)
    if name not in _SORTED_BY_COUNT or len(values) <= MOST_SHOWN:
        return values
    least = sorted((value.count for value in values), reverse=True)[MOST_SHOWN - 1]
    return [value for value in values if value.count >= least or value.value in chosen]


def _with_chosen(values: Iterable[FacetValue], chosen: Iterable[str]) -> list[FacetValue]:
    """The engine's values, and those chosen that it left out: a filter that is on can always be turned off."""
    values = list(values)
    known = {value.value for value in values}
    return values + [FacetValue(value, 0, chosen=True) for value in chosen if value not in known]


def _shown(name: str, options: tuple[Option, ...]) -> tuple[Option, ...]:
    if name not in _SORTED_BY_COUNT:
        return options
    ordered = sorted(options, key=lambda option: (not option.chosen, -(option.count or 0), option.label))
    return tuple(option for place, option in enumerate(ordered) if option.chosen or place < MOST_SHOWN)


def _list(name: str, legend: str, anything: str, facets: dict[str, tuple[Option, ...]]) -> Filter:
    return Filter(name, legend, (Option("", anything), *facets.get(name, ())))


def _distances(query: DirectoryQuery) -> tuple[Option, ...]:
    current = query.radius_miles or 0.0
    miles = sorted({*map(float, RADII), current})
    return tuple(Option(f"{value:g}", miles_label(value), chosen=value == current) for value in miles)
