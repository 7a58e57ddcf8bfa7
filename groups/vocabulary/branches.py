"""The vocabulary as a visitor reads it: families of activities, areas of need, and the terms in each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from groups.vocabulary.models import Activity, Need


@dataclass(frozen=True, slots=True)
class BranchTerm:
    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Branch:
    """family: of the disc. colour: of the disc."""

    slug: str
    label: str
    family: str
    colour: str
    terms: tuple[BranchTerm, ...]


def activity_branches() -> list[Branch]:
    """Each activity family with its activities, in staff's order."""
    return _branches(
        (activity.family, activity, activity.family.slug, activity.family.colour)
        for activity in Activity.objects.select_related("family")
    )


def need_branches() -> list[Branch]:
    """Each area of need with its needs, in staff's order."""
    return _branches((need.area, need, "need", "blue") for need in Need.objects.select_related("area"))


def _branches(rows: Iterable[tuple]) -> list[Branch]:
    heads: dict[str, tuple] = {}
    terms: dict[str, dict[str, BranchTerm]] = defaultdict(dict)
    for head, term, family, colour in rows:
        heads.setdefault(head.slug, (head.slug, head.label, family, colour))
        terms[head.slug].setdefault(term.slug, BranchTerm(term.slug, term.label))
    return [
        Branch(slug, label, family, colour, terms=tuple(terms[slug].values()))
        for slug, label, family, colour in heads.values()
    ]
