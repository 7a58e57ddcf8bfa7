"""The results page as plain values, from the query as asked and the engine's answer."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from groups.places.gazetteer import Spot
from groups.vocabulary.lexicon import Lexicon
from portal.results.filters import Filters, filters_of
from portal.results.heading import heading
from portal.results.labels import miles_label, value_label
from search.engine import Reading, Results, Wider
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery, ParsedQuery, Sort

_CONCEPTS = ("need", "activity", "circumstance")
_NEAR_ME = "filter:near_me"


@dataclass(frozen=True, slots=True)
class Link:
    """`current`: where we are; such a link is not one."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One thing understood, and the link that takes it back."""

    words: str
    back: Link


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: where it leads, and how many groups are there."""

    label: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Everything the template shows but the cards themselves."""

    heading: str
    asked: DirectoryQuery
    results: Results
    errors: list[tuple[str, str]]
    error_of: dict[str, str]
    places: list[Link]
    gave_way: str
    told: list[Told]
    chips: list[Link]
    clear: str
    filters: Filters
    sorts: list[Link]
    page: int
    pages: int
    previous: str
    next: str
    first_number: int
    carried_by_box: list[tuple[str, str]]
    carried_by_filters: list[tuple[str, str]]
    ways: list[Way] = field(default_factory=list)
    without_map: str = ""
    with_map: str = ""


def address(query: DirectoryQuery, *, on_map: bool = False) -> str:
    """The address that gives this query again and lands on its results."""
    pairs = [part for part in (query.to_querystring(), "map=1" if on_map else "") if part]
    text = "&".join(pairs)
    return f"{reverse('search')}{'?' + text if text else ''}#results"


def pages_of(total: int) -> int:
    return max(1, min(MAX_PAGE, -(-total // PAGE_SIZE)))


def results_page(
    parsed: ParsedQuery, results: Results, ways: list[Wider], terms: Lexicon, *, on_map: bool
) -> ResultsPage:
    asked = parsed.query
    pages = pages_of(results.total)
    page = min(results.query.page, pages)
    return ResultsPage(
        heading=heading(results, terms),
        asked=asked,
        results=results,
        errors=list(parsed.errors.items()),
        error_of={name: parsed.errors.get(name, "") for name in ("q", "near", "miles", "age")},
        places=_places(asked, parsed.place_suggestions),
        gave_way=_gave_way(results),
        told=_told(asked, results),
        chips=_chips(asked, results, terms),
        clear=_clear(asked, results),
        filters=filters_of(asked, results, terms),
        sorts=_sorts(asked, results, on_map=on_map),
        page=page,
        pages=pages,
        previous=address(asked.with_(page=page - 1), on_map=on_map) if page > 1 else "",
        next=address(asked.with_(page=page + 1), on_map=on_map) if page < pages else "",
        first_number=(page - 1) * PAGE_SIZE + 1,
        carried_by_box=_carried(asked, without={"q", "near", "miles", "not", "exact", "page"}),
        carried_by_filters=[
            pair for pair in _carried(asked) if pair[0] in {"q", "near", "not", "exact", "sort"}
        ],
        ways=[_way(wider, results, terms) for wider in ways if wider.count],
        without_map=address(asked.with_(page=page)),
        with_map=address(asked.with_(page=page), on_map=True).replace("#results", "#map"),
    )


def _carried(
    asked: DirectoryQuery, without: frozenset[str] | set[str] = frozenset()
) -> list[tuple[str, str]]:
    """What a form must say again beside its own boxes, as names and values."""
    return [pair for pair in parse_qsl(asked.to_querystring()) if pair[0] not in without]


def _places(asked: DirectoryQuery, spots: tuple[Spot, ...]) -> list[Link]:
    return [Link(spot.label, address(asked.with_(place_text=spot.label, place=spot))) for spot in spots]


def _gave_way(results: Results) -> str:
    """That no group satisfies the filters read from the words; "" where they hold."""
    labels = [reading.label for reading in results.understood.gave_way]
    if not labels:
        return ""
    what = get_text_list(labels, _("and"))
    return _("Nothing found for %(what)s. Here are groups for the rest of your search.") % {"what": what}


def _told(asked: DirectoryQuery, results: Results) -> list[Told]:
    """What was made of the words: topics (with a way back to the exact words) and mended spellings."""
    told = []
    concepts = [reading for reading in results.understood.readings if reading.kind in _CONCEPTS]
    if any(reading.label.casefold() != reading.typed.casefold() for reading in concepts):
        labels = list(dict.fromkeys(reading.label for reading in concepts))
        words = _("Showing groups for %(topics)s.") % {"topics": ", ".join(labels)}
        back = _("Search for exactly “%(text)s” instead") % {"text": asked.text}
        told.append(Told(words, Link(back, address(asked.with_(exact=True)))))
    for reading in results.understood.readings:
        if reading.kind == "spelling":
            words = _("Showing results for “%(word)s”.") % {"word": reading.label}
            back = _("Search for “%(typed)s” instead") % {"typed": reading.typed}
            told.append(Told(words, Link(back, _taken_back(asked, reading))))
        if reading.kind == "denied":
            words = _("Search can't leave groups out, so “%(words)s” was left aside.") % {
                "words": reading.typed
            }
            told.append(Told(words, Link(_("Search for those words too"), _taken_back(asked, reading))))
        if reading.key == _NEAR_ME and results.query.place is None:
            words = _("To see what is near you, we need to know where you are.")
            told.append(Told(words, Link(_("Type your postcode or town"), "#near")))
    if asked.exact and asked.text:
        words = _("Searching for exactly “%(text)s”.") % {"text": asked.text}
        told.append(Told(words, Link(_("Search for what it means too"), address(asked.with_(exact=False)))))
    return told


def _taken_back(asked: DirectoryQuery, reading: Reading) -> str:
    return address(asked.with_(ignored=(*asked.ignored, reading.key)))


def _chips(asked: DirectoryQuery, results: Results, terms: Lexicon) -> list[Link]:
    """Filters chosen, then those read from the typed words; each goes away by its own link."""
    chips = [
        Link(value_label(facet, value, terms), address(asked.without(facet, value)))
        for facet, values in asked.chosen.items()
        for value in values
    ]
    if asked.radius and results.query.place is not None:
        chips.append(
            Link(
                _("Within %(miles)s") % {"miles": miles_label(asked.radius)},
                address(asked.with_(radius=None)),
            )
        )
    for reading in results.understood.readings:
        if (
            reading.kind == "filter"
            and reading.label
            and reading.value not in asked.chosen.get(reading.facet, ())
        ):
            chips.append(Link(reading.label, _taken_back(asked, reading)))
        elif reading.kind == "place":
            chips.append(Link(_("Near %(place)s") % {"place": reading.label}, _taken_back(asked, reading)))
    return chips


def _clear(asked: DirectoryQuery, results: Results) -> str:
    """The same words and place with no filter; "" while one chip says as much."""
    read = tuple(reading.key for reading in results.understood.readings if reading.kind == "filter")
    if sum(len(values) for values in asked.chosen.values()) + len(read) < 2:
        return ""
    bare = DirectoryQuery(
        text=asked.text,
        place_text=asked.place_text,
        place=asked.place,
        radius=asked.radius,
        exact=asked.exact,
        ignored=tuple(dict.fromkeys((*asked.ignored, *read))),
        sort=asked.sort,
    )
    return address(bare)


def _sorts(asked: DirectoryQuery, results: Results, *, on_map: bool) -> list[Link]:
    labels = {
        Sort.BEST: _("Best match"),
        Sort.NEAREST: _("Nearest"),
        Sort.SOONEST: _("Soonest"),
        Sort.CHECKED: _("Recently checked"),
    }
    if results.query.place is None:
        del labels[Sort.NEAREST]
    now = results.query.sort if results.query.sort in labels else Sort.BEST
    return [
        Link(label, address(asked.with_(sort=sort), on_map=on_map), current=sort == now)
        for sort, label in labels.items()
    ]


def _way(wider: Wider, results: Results, terms: Lexicon) -> Way:
    return Way(_way_label(wider, results, terms), address(wider.query), wider.count)


def _way_label(wider: Wider, results: Results, terms: Lexicon) -> str:
    match wider.kind:
        case "radius" if wider.query.radius_miles:
            return _("Look within %(miles)s") % {"miles": miles_label(wider.query.radius_miles)}
        case "anywhere":
            return _("Look everywhere")
        case "online":
            return _("Online and by telephone")
        case "words" if wider.query.text:
            return _("Search for “%(words)s”") % {"words": wider.query.text}
        case "words":
            return _("Leave out the words, keep the rest")
    left_out = [
        value_label(facet, value, terms)
        for facet, values in results.query.chosen.items()
        for value in values
        if value not in wider.query.chosen.get(facet, ())
    ]
    if left_out:
        return _("Leave out: %(filters)s") % {"filters": ", ".join(left_out)}
    return _("Look wider")
