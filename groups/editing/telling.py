"""Changes in plain words: the same lines for the editor, the moderator, the history and the letters."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from modelcluster.models import model_from_serializable_data

from groups.editing.differences import (
    ROW_MODELS,
    ROWS,
    Clash,
    Content,
    differences,
    plain_fields,
    rows_of,
    term_sets,
)
from groups.editing.parts import LABELS, PARTS, part_of
from groups.listings.choices import FrequencyChoice
from groups.listings.models import (
    Contact,
    GroupAccess,
    GroupPage,
    GroupPhoto,
    GroupSession,
    GroupTag,
    ServedArea,
)
from groups.listings.money import money
from groups.places.models import Venue


@dataclass(frozen=True, slots=True)
class Told:
    """One part before and after, "" where nothing stands. part: its name, for links."""

    part: str
    label: str
    before: str
    after: str

    def as_data(self) -> dict[str, str]:
        return asdict(self)


def tell(before: Content, after: Content) -> list[Told]:
    """What differs, a line for each part and each row, in the order of the listing."""
    changed = differences(before, after)
    plain = {change.part for change in changed if not change.row and part_of(change.part) == change.part}
    rows = dict.fromkeys((change.part, change.row) for change in changed if change.row)
    told = []
    for part, label in PARTS:
        if part in plain:
            told.append(
                Told(part, str(label), words_of(part, before.get(part)), words_of(part, after.get(part)))
            )
        for name in (row for of, row in rows if of == part):
            was, now = rows_of(before, part).get(name), rows_of(after, part).get(name)
            told.append(Told(part, str(label), row_words(part, was), row_words(part, now)))
    return told


def told_of(page: GroupPage, content: Content) -> list[Told]:
    """Everything a version says, as told of a page that nobody has seen yet."""
    empty: Content = {name: _blank(field) for name, field in plain_fields().items()}
    return tell(empty, content)


def _blank(field: models.Field) -> Any:
    return field.get_default() if field.has_default() or field.empty_strings_allowed else None


def words_of(part: str, value: Any) -> str:
    """The value of a part of the page, as a visitor would read it."""
    if value in (None, "", []):
        return ""
    if part in term_sets():
        model: Any = GroupPage._meta.get_field(part).related_model
        return get_text_list(
            list(model.objects.filter(pk__in=value).values_list("label", flat=True)), _("and")
        )
    if part == "cost_amount":
        return money(Decimal(str(value)))
    return _field_words(plain_fields()[part], value)


def _field_words(field: models.Field, value: Any) -> str:
    if isinstance(field, models.ForeignKey):
        found: Any = field.related_model._default_manager.filter(pk=value).first()
        return str(found) if found else ""
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def row_words(part: str, row: Content | None) -> str:
    """One row in a line or two."""
    if row is None:
        return ""
    if part == "tagged_items":
        return GroupTag.objects.filter(pk=row[ROWS[part]]).values_list("name", flat=True).first() or ""
    return _ROW_WORDS[part](row)


def _session(row: Content) -> str:
    """When, where, and from when to when: a line each."""
    session = model_from_serializable_data(GroupSession, row, check_fks=False)
    venue = Venue.objects.filter(pk=row["venue"]).first() if row.get("venue") else None
    place = [str(venue) if venue else "", session.place_name, session.place_address, session.place_postcode]
    mode = "" if session.mode == "in_person" else session.get_mode_display()
    when = f"{session.label}: {session}" if session.label else str(session)
    once = session.frequency == FrequencyChoice.ONCE  # its date is in the first line
    term = "" if once else _term(session.first_date, session.until)
    lines = [when, _joined(mode, *place), term]
    return "\n".join(line for line in lines if line)


def _term(first: date | None, last: date | None) -> str:
    days = {
        "first": date_format(first, "j F Y") if first else "",
        "last": date_format(last, "j F Y") if last else "",
    }
    if first and last:
        return _("From %(first)s to %(last)s") % days
    if first:
        return _("From %(first)s") % days
    return _("Until %(last)s") % days if last else ""


def _contact(row: Content) -> str:
    contact = Contact(kind=row["kind"], value=row["value"], label=row["label"], visibility=row["visibility"])
    whose = f" ({contact.label})" if contact.label else ""
    seen_by = _("Who may see it: %(who)s") % {"who": contact.get_visibility_display()}
    return f"{contact.get_kind_display()}: {contact.value}{whose}\n{seen_by}"


def _access(row: Content) -> str:
    answer = GroupAccess(feature=row["feature"], answer=row["answer"], detail=row["detail"])
    return f"{answer.get_feature_display()}: {_joined(answer.get_answer_display(), answer.detail)}"


def _served(row: Content) -> str:
    area = ServedArea(kind=row["kind"], place=row["place"], miles=row["miles"])
    miles = _("%(miles)s miles") % {"miles": area.miles} if area.miles else ""
    return _joined(area.get_kind_display(), row["label"] or area.place, miles)


def _photo(row: Content) -> str:
    photo = GroupPhoto(alt=row["alt"], decorative=row["decorative"])
    return (
        _("A photo that only decorates") if photo.decorative else _("A photo: %(alt)s") % {"alt": photo.alt}
    )


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


_ROW_WORDS = {
    "sessions": _session,
    "contacts": _contact,
    "access_answers": _access,
    "served_areas": _served,
    "photos": _photo,
}


def clash_words(clash: Clash) -> Told:
    """What the other person wrote (`before`) and what I wrote (`after`), for what both changed."""
    change = clash.change
    label = label_of(change.part)
    if not change.row:
        return Told(
            change.part, label, words_of(change.part, clash.theirs), words_of(change.part, change.after)
        )
    if not change.field or clash.theirs is None or isinstance(clash.theirs, dict):
        theirs = row_words(change.part, clash.theirs) or _("Taken away")
        mine = row_words(change.part, change.after) if isinstance(change.after, dict) else ""
        return Told(change.part, label, theirs, mine or (_("Changed") if change.field else _("Taken away")))
    field: Any = ROW_MODELS[change.part]._meta.get_field(change.field)
    label = f"{label}: {field.verbose_name}"
    return Told(change.part, label, _row_value(field, clash.theirs), _row_value(field, change.after))


def _row_value(field: models.Field, value: Any) -> str:
    return "" if value in (None, "") else _field_words(field, value)


def labels_of(told: Iterable[Told]) -> list[str]:
    """The names of the changed parts, each once."""
    return list(dict.fromkeys(one.label for one in told))


def label_of(part: str) -> str:
    return str(LABELS.get(part_of(part), part))
