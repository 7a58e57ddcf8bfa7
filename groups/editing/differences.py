"""Versions of a listing as plain data: what differs, and putting a change onto another version (three-way merge).

A version is a page's content as its revisions hold it. Parts of three shapes, each merged by its own nature:

- a plain field: both changed it, to different values: a clash;
- a set of terms: what was added is added, what was taken away is taken away; no clash;
- rows, told apart by a lasting name (`uid`; an access answer by its feature, a tag by the tag): field by field within a row.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.fields import ParentalManyToManyField

from groups.listings.models import Contact, GroupAccess, GroupPage, GroupPhoto, GroupSession, ServedArea

Content = dict[str, Any]

ROWS: dict[str, str] = {
    "sessions": "uid",
    "served_areas": "uid",
    "access_answers": "feature",
    "contacts": "uid",
    "photos": "uid",
    "tagged_items": "tag",
}
"""The page's rows, and the name by which a row is known in every version."""

ROW_MODELS: dict[str, type[models.Model]] = {
    "sessions": GroupSession,
    "served_areas": ServedArea,
    "access_answers": GroupAccess,
    "contacts": Contact,
    "photos": GroupPhoto,
}
_NOT_SAID = {"pk", "page", "content_object", "locale", "translation_key", "sort_order", "uid", "object_id"}
"""What a row holds beside what people say in it."""


@cache
def plain_fields() -> dict[str, models.Field]:
    """The page's own fields with one value each, its name included. What only staff need is the admin's."""
    own = {field.name: field for field in GroupPage._meta.local_fields if not field.primary_key}
    return {"title": GroupPage._meta.get_field("title"), **own}


@cache
def term_sets() -> tuple[str, ...]:
    own = GroupPage._meta.local_many_to_many
    return tuple(field.name for field in own if isinstance(field, ParentalManyToManyField))


@dataclass(frozen=True)
class Change:
    """One part changed. row: the row's lasting name, "" for a part of the page. field: of the row; "" for the whole row.

    before and after: as a version holds them; None for a row that is not there.
    """

    part: str
    before: Any
    after: Any
    row: str = ""
    field: str = ""


@dataclass(frozen=True)
class Clash:
    """Two people changed one thing. theirs: what stands in the newer version."""

    change: Change
    theirs: Any

    @property
    def key(self) -> str:
        """Its name in a form; `leave_theirs` reads it."""
        return f"{self.change.part}/{self.change.row}/{self.change.field}"


def content_of(page: GroupPage) -> Content:
    """The page's version as JSON-ready data, the same for the same values wherever the page came from."""
    return json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder))


def differences(before: Content, after: Content) -> list[Change]:
    """What `after` changed, part by part, in the order of the listing."""
    found = [
        Change(name, before.get(name), after.get(name))
        for name, field in plain_fields().items()
        if not _same(field, before.get(name), after.get(name))
    ]
    for name in term_sets():
        old, new = sorted(before.get(name) or ()), sorted(after.get(name) or ())
        if old != new:
            found.append(Change(name, old, new))
    for part in ROWS:
        found += _row_differences(part, rows_of(before, part), rows_of(after, part))
    return found


def rows_of(content: Content, part: str) -> dict[str, Content]:
    """The rows of a part by their lasting names."""
    return {str(row[ROWS[part]]): row for row in content.get(part) or ()}


def _row_differences(part: str, old: dict[str, Content], new: dict[str, Content]) -> Iterable[Change]:
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            yield Change(part, was, now, row=name)
            continue
        for key in {**was, **now}:
            if key not in _NOT_SAID and not _same(_row_field(part, key), was.get(key), now.get(key)):
                yield Change(part, was.get(key), now.get(key), row=name, field=key)


def _row_field(part: str, key: str) -> models.Field | None:
    model = ROW_MODELS.get(part)
    return model._meta.get_field(key) if model else None  # type: ignore[return-value]


def _same(field: models.Field | None, one: Any, other: Any) -> bool:
    """Alike as values: "3.00" is "3", and no line end of a browser's own makes a difference."""
    if one == other or field is None or one is None or other is None:
        return one == other
    if isinstance(field, models.ForeignKey):
        return str(one) == str(other)
    if isinstance(one, str) and isinstance(other, str) and one.splitlines() == other.splitlines():
        return True
    return field.to_python(one) == field.to_python(other)


def merge(
    onto: Content, changes: Iterable[Change], mine: Content, *, knowingly: bool = False
) -> tuple[Content, list[Clash]]:
    """`onto` with the changes put onto it, and what clashed; where it clashed, mine stands.

    mine: the version the changes come from: a row that is gone from `onto` is taken from it whole.
    knowingly: what stands in `onto` is replaced without asking.
    """
    merged = deepcopy(onto)
    clashes: list[Clash] = []
    for change in changes:
        theirs = _put(merged, change, mine)
        if theirs is not _NOTHING and not knowingly:
            clashes.append(Clash(change, theirs))
    return merged, clashes


def leave_theirs(latest: Content, mine: Content, key: str) -> Content:
    """`mine`, but with what stands in `latest` for the clash of this key. All else of mine stays."""
    kept = [change for change in differences(latest, mine) if not _is_of(change, key)]
    return merge(latest, kept, mine)[0]


def still_clashing(latest: Content, mine: Content, keys: Iterable[str]) -> list[Clash]:
    """Of the clashes of these keys those in which `mine` still differs from `latest`."""
    keys = list(keys)
    changed = differences(latest, mine)
    return [Clash(one, one.before) for one in changed if any(_is_of(one, key) for key in keys)]


def _is_of(change: Change, key: str) -> bool:
    """A row that one of us took away differs as a whole, although the clash was about a field of it."""
    part, row, field = (*key.split("/"), "", "")[:3]
    return (change.part, change.row) == (part, row) and (
        change.field == field or not field or not change.field
    )


_NOTHING = object()


def _put(merged: Content, change: Change, mine: Content) -> Any:
    """Change `merged`; the value that stood in the way, or _NOTHING."""
    if change.row:
        return _put_row(merged, change, mine)
    now = merged.get(change.part)
    if change.part in term_sets():
        added, taken = set(change.after) - set(change.before), set(change.before) - set(change.after)
        merged[change.part] = sorted((set(now or ()) | added) - taken)
        return _NOTHING
    merged[change.part] = change.after
    return _in_the_way(plain_fields()[change.part], now, change)


def _put_row(merged: Content, change: Change, mine: Content) -> Any:
    part, name = change.part, change.row
    row = rows_of(merged, part).get(name)
    if change.field:
        if row is None:
            _add(merged, part, rows_of(mine, part)[name])
            return None
        now = row.get(change.field)
        row[change.field] = change.after
        return _in_the_way(_row_field(part, change.field), now, change)
    if change.after is None:
        if row is None:
            return _NOTHING
        merged[part] = [one for one in merged[part] if str(one[ROWS[part]]) != name]
        return _NOTHING if _says_the_same(part, row, change.before) else row
    if row is None:
        _add(merged, part, change.after)
        return _NOTHING
    same = _says_the_same(part, row, change.after)
    row.update({key: value for key, value in change.after.items() if key not in _NOT_SAID})
    return _NOTHING if same else row


def _add(merged: Content, part: str, row: Content) -> None:
    rows = merged.setdefault(part, [])
    places = [one.get("sort_order") or 0 for one in rows]
    rows.append(
        {**row, "pk": None, **({"sort_order": max(places, default=-1) + 1} if "sort_order" in row else {})}
    )


def _says_the_same(part: str, one: Content, other: Content) -> bool:
    return not list(_row_differences(part, {"": one}, {"": other}))


def _in_the_way(field: models.Field | None, now: Any, change: Change) -> Any:
    free = _same(field, now, change.before) or _same(field, now, change.after)
    return _NOTHING if free else now
