"""All activities or needs with their counts, and a page for each with its groups."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from groups.vocabulary.branches import Branch, activity_branches, need_branches
from groups.vocabulary.lexicon import Lexicon, Meaning, UrgentHelp, lexicon
from portal.paging import page_number
from portal.results.page import Link, pages_of
from search import engines
from search.query import DirectoryQuery

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    StrOrPromise = str | _StrPromise

_MOST_RELATED = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """Activities or needs. facet: also the parameter of a search."""

    facet: str
    title: "StrOrPromise"
    lead: "StrOrPromise"
    index: str
    page: str

    def query(self, slug: str) -> DirectoryQuery:
        return (
            DirectoryQuery(activities=(slug,)) if self.facet == "activity" else DirectoryQuery(needs=(slug,))
        )

    def branches(self) -> list[Branch]:
        return activity_branches() if self.facet == "activity" else need_branches()


ACTIVITIES = Kind(
    "activity",
    gettext_lazy("Things to do"),
    gettext_lazy("Pick something you like. Then choose a group near you."),
    "activities",
    "activity",
)
NEEDS = Kind(
    "need",
    gettext_lazy("Help and support"),
    gettext_lazy("Pick what you would like help with. Then choose a group near you."),
    "needs",
    "need",
)


@dataclass(frozen=True, slots=True)
class Topic:
    label: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """A family or area with its topics that have groups."""

    slug: str
    label: str
    family: str
    colour: str
    topics: list[Topic]


def _counts(facet: str) -> dict[str, int]:
    return {
        value.value: value.count for value in engines.current().search(DirectoryQuery()).facets.get(facet, ())
    }


@require_safe
def index(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Every topic that has groups, by family or area."""
    counts = _counts(kind.facet)
    shown = [
        TopicGroup(
            branch.slug,
            branch.label,
            branch.family,
            branch.colour,
            [
                Topic(term.label, reverse(kind.page, args=[term.slug]), counts[term.slug])
                for term in branch.terms
                if counts.get(term.slug)
            ],
        )
        for branch in kind.branches()
    ]
    return render(
        request, "topics/index.html", {"kind": kind, "branches": [item for item in shown if item.topics]}
    )


@require_safe
def topic(request: HttpRequest, slug: str, kind: Kind) -> HttpResponse:
    """One activity or need: its groups, a box to look near you, and what is close to it.

    Raises:
        Http404: there is no such term.
    """
    terms = lexicon()
    label = terms.labels.get(Meaning(kind.facet, slug))
    if label is None:
        raise Http404
    query = kind.query(slug)
    engine = engines.current()
    results = engine.search(query.with_(page=page_number(request)))
    pages = pages_of(results.total)
    page = min(results.query.page, pages)
    if page < results.query.page:
        results = engine.search(query.with_(page=page))
    return render(
        request,
        "topics/topic.html",
        {
            "label": label,
            "kind": kind,
            "slug": slug,
            "family": terms.family.get(slug, "") if kind is ACTIVITIES else "need",
            "help": _help(slug, terms) if kind is NEEDS else None,
            "total": results.total,
            "cards": results.cards,
            "today": timezone.localdate(),
            "page": page,
            "pages": pages,
            "previous": f"?page={page - 1}" if page > 1 else "",
            "next": f"?page={page + 1}" if page < pages else "",
            "search": f"{reverse('search')}?{urlencode({kind.facet: slug})}#results",
            "related": _related(kind, slug, terms),
            "crumbs": [Link(str(kind.title), reverse(kind.index))],
            "description": _("%(topic)s: groups near you, with days, times and costs.") % {"topic": label},
        },
    )


def _help(slug: str, terms: Lexicon) -> UrgentHelp | None:
    """The urgent help that belongs to a need; its one line where it is asked for softly."""
    panel_slug, softly = terms.panel_of.get(slug, ("", False))
    panel = terms.panels.get(panel_slug)
    return replace(panel, lines=(panel.soft_line,)) if panel and softly and panel.soft_line else panel


def _related(kind: Kind, slug: str, terms: Lexicon) -> list[Link]:
    """For an activity its nearest ones; for a need the activities that help. Only those with groups."""
    if kind is ACTIVITIES:
        others = terms.related.get(slug, ())
    else:
        others = tuple(activity for activity, _strength in terms.helps.get(slug, ()))
    counts = _counts("activity")
    found = [other for other in others if counts.get(other)][:_MOST_RELATED]
    return [
        Link(terms.labels[Meaning("activity", other)], reverse("activity", args=[other])) for other in found
    ]


activities = partial(index, kind=ACTIVITIES)
activity = partial(topic, kind=ACTIVITIES)
needs = partial(index, kind=NEEDS)
need = partial(topic, kind=NEEDS)
