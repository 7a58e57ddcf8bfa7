"""The vocabulary the house ships with (`data/*.yaml`), into the database.

What is there stays as staff left it; only what is missing is added. The files say what each of their keys means.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from wagtail.models import Locale

from groups.listings import changes
from groups.vocabulary.lexicon import EXACTLY
from groups.vocabulary.models import (
    Activity,
    ActivityFamily,
    Circumstance,
    FalseFriend,
    HelpPanel,
    Language,
    Need,
    NeedActivity,
    NeedArea,
)

DATA_DIR = Path(__file__).parent / "data"
STRONGEST, STEP, WEAKEST = 100, 8, 40  # how strongly an activity helps, by its place in the list
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class VocabularyFileError(Exception):
    """A file names something that no file defines."""


@dataclass
class Loaded:
    """How many rows came in, by the plural name of their model."""

    added: dict[str, int] = field(default_factory=dict)
    phrases: set[str] = field(default_factory=set)


@cache
def _read(name: str, folder: Path = DATA_DIR) -> dict[str, Any]:
    return yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506


def load(*, reset: bool = False) -> Loaded:
    """Add what is missing, in one transaction, through the vocabulary's door once.

    reset: also put the shipped words back where staff changed them. Terms of their own are kept.

    Raises:
        VocabularyFileError: a file refers to an id that is nowhere defined. Nothing is written.
    """
    with transaction.atomic(), changes.together():
        loader = _Loader(reset)
        loader.run()
        if loader.loaded.phrases:
            changes.vocabulary_changed(loader.loaded.phrases)
    return loader.loaded


class _Loader:
    def __init__(self, reset: bool):
        self.reset = reset
        self.locale = Locale.get_default()
        self.loaded = Loaded()

    def run(self) -> None:
        panels = self._panels()
        activities = self._activities()
        needs = self._needs(activities, panels)
        circumstances = _read("circumstances")["circumstances"]
        self._terms(Circumstance, ({"slug": row["id"], **_words(row)} for row in circumstances))
        languages = _read("languages")["languages"]
        self._terms(Language, ({"slug": row["code"], **_words(row)} for row in languages), ordered=False)
        self._false_friends(needs, activities, panels)

    def _panels(self) -> dict[str, Any]:
        rows = (
            {
                "slug": row["id"],
                "heading": row["heading"],
                "lines": "\n".join(row["lines"]),
                "soft_line": row["soft_line"],
                "quick_exit": row["quick_exit"],
                "phrases": "\n".join(
                    [*row["phrases"], *(f"{EXACTLY}{phrase}" for phrase in row.get("alone", ()))]
                ),
            }
            for row in _read("help_panels")["panels"]
        )
        return self._terms(HelpPanel, rows)[0]

    def _activities(self) -> dict[str, Any]:
        families = _read("activities")["families"]
        by_slug, _new = self._terms(
            ActivityFamily,
            ({"slug": row["id"], "label": row["label"], "colour": row["colour"]} for row in families),
        )
        rows = [(family, row) for family in families for row in family["terms"]]
        activities, touched = self._terms(
            Activity,
            (
                {
                    "slug": row["id"],
                    "family": by_slug[family["id"]],
                    "pillar": row["pillar"],
                    "checks": "\n".join(row["checks"]),
                    **_words(row),
                }
                for family, row in rows
            ),
        )
        link = Activity.related.through
        link.objects.filter(from_activity__slug__in=touched).delete()
        link.objects.bulk_create(
            link(from_activity=activities[row["id"]], to_activity=_known(activities, other))
            for _family, row in rows
            if row["id"] in touched
            for other in row["related"]
        )
        return activities

    def _needs(self, activities: dict[str, Any], panels: dict[str, Any]) -> dict[str, Any]:
        areas = _read("needs")["areas"]
        by_slug, _new = self._terms(NeedArea, ({"slug": row["id"], "label": row["label"]} for row in areas))
        rows = [(area, row) for area in areas for row in area["needs"]]
        needs, touched = self._terms(
            Need,
            (
                {
                    "slug": row["id"],
                    "area": by_slug[area["id"]],
                    "help_panel": _known(panels, row["urgent"]) if row["urgent"] else None,
                    "help_softly": row.get("soft", False),
                    **_words(row),
                }
                for area, row in rows
            ),
        )
        NeedActivity.objects.filter(need__slug__in=touched).delete()
        NeedActivity.objects.bulk_create(
            NeedActivity(
                need=needs[row["id"]],
                activity=_known(activities, slug),
                strength=round(100 * row.get("strengths", {}).get(slug, _by_place(place) / 100)),
                sort_order=place,
            )
            for _area, row in rows
            if row["id"] in touched
            for place, slug in enumerate(row["activities"])
        )
        return needs

    def _false_friends(self, needs: dict, activities: dict, panels: dict) -> None:
        rows = {phrase: row for row in _read("neutral")["neutral"] for phrase in row["say"]}
        known = set(FalseFriend.objects.values_list("phrase", flat=True))
        if self.reset:
            FalseFriend.objects.filter(phrase__in=rows).delete()
            known -= set(rows)
        new = [
            FalseFriend(
                phrase=phrase,
                help_panel=_known(panels, row["urgent"]) if row.get("urgent") else None,
                help_softly=row.get("soft", False),
            )
            for phrase, row in rows.items()
            if phrase not in known
        ]
        FalseFriend.objects.bulk_create(new)
        self._count(FalseFriend, len(new), (friend.phrase for friend in new))
        links: list[tuple[str, dict, Any]] = [
            ("need", needs, FalseFriend.means_needs.through),
            ("activity", activities, FalseFriend.means_activities.through),
        ]
        for name, terms, link in links:
            link.objects.bulk_create(
                link(falsefriend=friend, **{name: terms[slug]})
                for friend in new
                for slug in rows[friend.phrase].get("means", ())
                if slug in terms
            )
        for phrase, row in rows.items():
            for slug in row.get("means", ()):
                if slug not in needs and slug not in activities:
                    raise VocabularyFileError(f'"{phrase}" means {slug}, which no file defines.')

    def _terms(
        self, model: Any, rows: Iterable[dict[str, Any]], *, ordered: bool = True
    ) -> tuple[dict[str, Any], set[str]]:
        """All rows of the model by slug, and the slugs of those that were written."""
        there = {row.slug: row for row in model.objects.filter(locale=self.locale)}
        written: dict[str, Any] = {}
        new, changed = [], []
        names: set[str] = set()
        for place, values in enumerate(rows):
            if ordered:
                values["sort_order"] = place
            slug = values["slug"]
            if slug not in there:
                new.append(model(locale=self.locale, **values))
                written[slug] = new[-1]
            elif self.reset:
                for name, value in values.items():
                    setattr(there[slug], name, value)
                changed.append(there[slug])
                written[slug] = there[slug]
            names.update(values)
        model.objects.bulk_create(new)
        if changed:
            model.objects.bulk_update(changed, sorted(names - {"slug"}))
            self._tell_groups(model, changed)
        said = (phrase for row in written.values() for phrase in getattr(row, "said", ()))
        self._count(model, len(new), said)
        return there | written, set(written)

    def _tell_groups(self, model: Any, changed: list) -> None:
        for row in changed:
            if hasattr(row, "listings_using"):
                changes.listing_changed(*row.listings_using())

    def _count(self, model: Any, added: int, phrases: Iterable[str]) -> None:
        self.loaded.added[str(model._meta.verbose_name_plural)] = added
        self.loaded.phrases.update(phrases)


def _words(row: dict[str, Any]) -> dict[str, str]:
    return {"label": row["label"], "short": row.get("short", ""), "phrases": "\n".join(_phrases(row))}


def _phrases(row: dict[str, Any]) -> Iterator[str]:
    yield from map(str, row.get("say", ()))
    yield from (f"{EXACTLY}{phrase}" for phrase in row.get("exact", ()))


def _known(terms: dict[str, Any], slug: str) -> Any:
    try:
        return terms[slug]
    except KeyError:
        raise VocabularyFileError(f"{slug} is named, but no file defines it.") from None


def _by_place(place: int) -> int:
    return max(WEAKEST, STRONGEST - STEP * place)
