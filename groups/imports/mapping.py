"""A mapping: what the columns of somebody's file mean here. The format is told in docs/importing.md."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from groups.imports.errors import MappingProblem
from groups.imports.picks import Pick
from groups.imports.transforms import TRANSFORMS
from groups.listings.choices import Cost, Joining, LocationVisibility, Mode, Served, Status

SHIPPED = Path(__file__).parent / "mappings"
MAX_BYTES = 200_000

FIELDS = frozenset(
    """
    title summary text description website email phone url cost_kind cost_note joining_kind joining_note times_note
    getting_there age_min age_max accepts_referrals referral_how children_young_people status
    """.split()  # noqa: SIM905
)
CHOICES = {"cost_kind": Cost, "joining_kind": Joining, "status": Status}
ORGANISATION_FIELDS = frozenset({"name", "charity_number", "company_number", "website"})
PLACE_FIELDS = frozenset({"name", "address", "town", "postcode", "latitude", "longitude"})
TERM_FIELDS = ("activities", "needs", "circumstances")
_TOP = {
    "source", "name", "licence", "url", "date", "format", "rows", "delimiter", "ref", "visibility", "fields", "organisation",
    "place", "times", "mode", "served", "always", "terms", "suggest", "refuse",
}  # fmt: skip
_PICK_KEYS = {"from", "join", "template", "value", "words", "patterns", "blank", "do"}
_SOURCE = re.compile(r"^[a-z0-9][a-z0-9_-]{1,99}$")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows whose column matches (whole text, small letters) are left out, and the report says why."""

    column: str
    pattern: str
    because: str


@dataclass(frozen=True, slots=True)
class ServedRule:
    kind: str
    place: str = ""
    miles: str = ""


@dataclass(frozen=True)
class Mapping:
    source: str
    name: str
    ref: tuple[str, ...]
    fields: dict[str, Pick]
    licence: str = ""
    url: str = ""
    fixed_date: date | None = None
    date_column: str = ""
    format: str = ""
    rows: str = ""
    delimiter: str = ""
    visibility: str = LocationVisibility.PUBLIC
    organisation: dict[str, Pick] = field(default_factory=dict)
    place: dict[str, Pick] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    times_words: tuple[str, ...] = ()
    mode: Pick | None = None
    served: ServedRule | None = None
    always: dict[str, tuple[str, ...]] = field(default_factory=dict)
    terms: dict[str, Pick] = field(default_factory=dict)
    suggest: bool = True
    refuse: tuple[Refusal, ...] = ()
    digest: str = ""

    @property
    def columns(self) -> set[str]:
        """Every column the mapping reads."""
        picks: Iterable[Pick] = (
            *self.fields.values(), *self.organisation.values(), *self.place.values(), *self.terms.values(),
            *([self.mode] if self.mode else []),
        )  # fmt: skip
        named = {column for pick in picks for column in pick.needs}
        named.update(self.ref, self.times, self.times_words, (rule.column for rule in self.refuse))
        return named | ({self.date_column} if self.date_column else set())

    @property
    def ref_tells_the_place(self) -> bool:
        """Whether a row's id is made of where it is: such an id may not stand on a private listing."""
        return bool(set(self.ref) & {column for pick in self.place.values() for column in pick.needs})


def shipped_names() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def load_mapping(name_or_path: str) -> Mapping:
    """A shipped mapping by name, or the one in a file. Raises MappingProblem."""
    path = SHIPPED / f"{name_or_path}.yaml" if name_or_path in shipped_names() else Path(name_or_path)
    try:
        if not path.is_file():
            raise MappingProblem(
                _("There is no mapping %(name)s. Give a file, or one of: %(names)s.")
                % {"name": name_or_path, "names": ", ".join(shipped_names())}
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise MappingProblem(_("The mapping %(name)s cannot be opened.") % {"name": name_or_path}) from error
    if len(data) > MAX_BYTES:
        raise MappingProblem(_("The mapping is too large. A mapping is a page of text, not the data."))
    try:
        said = yaml.safe_load(data.decode("utf-8-sig"))
        digest = hashlib.sha256(data).hexdigest()
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise MappingProblem(
            _("The mapping is not readable YAML. %(why)s") % {"why": _where(error)}
        ) from error
    return read_mapping(said, digest)


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return _("Look at line %(line)s.") % {"line": mark.line + 1} if mark else _("Save it as UTF-8 text.")


def read_mapping(said: Any, digest: str = "") -> Mapping:
    """A mapping out of its YAML as loaded. Raises MappingProblem with the key to look at."""
    said = _table(said, "", _TOP)
    source = _text(said, "source")
    if not _SOURCE.match(source):
        raise MappingProblem(_("`source` must be a short name of small letters, digits, - and _."))
    fields = {
        name: _pick(spec, f"fields.{name}")
        for name, spec in _table(said.get("fields"), "fields", FIELDS).items()
    }
    if "title" not in fields:
        raise MappingProblem(_("`fields` must say where the group's name stands: `title`."))
    if not {"summary", "text"} & set(fields):
        raise MappingProblem(_("`fields` must say where the words stand: `text` or `summary`."))
    for name, choices in CHOICES.items():
        if name in fields:
            _check_choices(fields[name], choices.values, f"fields.{name}")
    ref = _texts(said.get("ref"), "ref")
    if not ref:
        raise MappingProblem(_("`ref` must name the column, or columns, that tell rows apart."))
    day, column = _date(said.get("date"))
    mode = _pick(said["mode"], "mode") if "mode" in said else None
    if mode:
        _check_choices(mode, Mode.values, "mode")
    mapping = Mapping(
        source=source,
        name=_text(said, "name")[:200],
        licence=_text(said, "licence", needed=False)[:200],
        url=_web(_text(said, "url", needed=False)),
        fixed_date=day,
        date_column=column,
        format=_one_of(_text(said, "format", needed=False), ("", "csv", "json"), "format"),
        rows=_text(said, "rows", needed=False),
        delimiter=_one_of(_raw_text(said, "delimiter"), ("", ",", ";", "\t", "|"), "delimiter"),
        ref=ref,
        visibility=_one_of(
            _text(said, "visibility", needed=False) or LocationVisibility.PUBLIC,
            LocationVisibility.values,
            "visibility",
        ),
        fields=fields,
        organisation=_picks(said, "organisation", ORGANISATION_FIELDS),
        place=_picks(said, "place", PLACE_FIELDS),
        **_times(said.get("times")),
        mode=mode,
        served=_served(said.get("served")),
        always={
            name: _texts(slugs, f"always.{name}")
            for name, slugs in _table(said.get("always"), "always", TERM_FIELDS).items()
        },
        terms=_picks(said, "terms", TERM_FIELDS),
        suggest=_flag(said, "suggest"),
        refuse=tuple(
            _refusal(rule, place) for place, rule in enumerate(_list(said.get("refuse"), "refuse"), start=1)
        ),
        digest=digest or _digest(said),
    )
    if mapping.visibility != LocationVisibility.PUBLIC and mapping.ref_tells_the_place:
        raise MappingProblem(_("`ref` may not use columns of a place that is not public. Use other columns."))
    return mapping


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _table(value: Any, key: str, allowed: Iterable[str]) -> dict[str, Any]:
    if value is None and key:
        return {}
    if not isinstance(value, dict):
        raise MappingProblem(
            _("`%(key)s` must be a table of names and values.") % {"key": key}
            if key
            else _("A mapping is a table that starts with `source:`. See docs/importing.md.")
        )
    unknown = [name for name in value if name not in allowed]
    if unknown:
        raise MappingProblem(
            _("`%(key)s` is not known. Use: %(names)s.")
            % {
                "key": f"{key}.{unknown[0]}"[:80] if key else str(unknown[0])[:80],
                "names": ", ".join(sorted(allowed)),
            }
        )
    return value


def _list(value: Any, key: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise MappingProblem(_("`%(key)s` must be a list.") % {"key": key})
    return value


def _raw_text(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise MappingProblem(_("`%(key)s` must be text.") % {"key": key})
    return value or ""


def _text(said: dict[str, Any], key: str, *, needed: bool = True) -> str:
    value = _raw_text(said, key).strip()
    if needed and not value:
        raise MappingProblem(_("The mapping must say `%(key)s`.") % {"key": key})
    return value


def _flag(said: dict[str, Any], key: str) -> bool:
    value = said.get(key, True)
    if not isinstance(value, bool):
        raise MappingProblem(_("`%(key)s` must be yes or no.") % {"key": key})
    return value


def _texts(value: Any, key: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str) and item.strip() for item in values):
        raise MappingProblem(_("`%(key)s` must be a name, or a list of names.") % {"key": key})
    return tuple(values)


def _one_of(value: str, allowed: Iterable[str], key: str) -> str:
    if value not in allowed:
        raise MappingProblem(
            _("`%(key)s` must be one of: %(names)s.")
            % {"key": key, "names": ", ".join(name for name in allowed if name)}
        )
    return value


def _web(value: str) -> str:
    if value:
        try:
            URLValidator(schemes=["http", "https"])(value)
        except ValidationError as error:
            raise MappingProblem(_("`url` must be a whole web address.")) from error
    return value[:500]


def _date(value: Any) -> tuple[date | None, str]:
    if value is None:
        return None, ""
    if isinstance(value, datetime):
        return value.date(), ""
    if isinstance(value, date):
        return value, ""
    if isinstance(value, dict) and set(value) == {"column"}:
        return None, _text(value, "column")
    raise MappingProblem(_("`date` must be a day like 2024-05-31, or `column:` and its name."))


def _pick(spec: Any, key: str) -> Pick:
    if isinstance(spec, str | list):
        return Pick(columns=_texts(spec, key))
    spec = _table(spec, key, _PICK_KEYS)
    steps = _texts(spec.get("do"), f"{key}.do")
    for step in steps:
        _one_of(step, TRANSFORMS, f"{key}.do")
    pick = Pick(
        columns=_texts(spec.get("from"), f"{key}.from"),
        join=_raw_text(spec, "join") if "join" in spec else None,
        template=_raw_text(spec, "template"),
        value=_raw_text(spec, "value"),
        words=tuple((word.casefold(), value) for word, value in _pairs(spec.get("words"), f"{key}.words")),
        patterns=tuple(
            _checked_pattern(pair, key) for pair in _pairs(spec.get("patterns"), f"{key}.patterns")
        ),
        blank=tuple(word.casefold() for word in _texts(spec.get("blank"), f"{key}.blank")),
        steps=steps,
    )
    if not (pick.columns or pick.template or pick.value):
        raise MappingProblem(_("`%(key)s` needs `from`, `template` or `value`.") % {"key": key})
    return pick


def _picks(said: dict[str, Any], key: str, allowed: Iterable[str]) -> dict[str, Pick]:
    return {name: _pick(spec, f"{key}.{name}") for name, spec in _table(said.get(key), key, allowed).items()}


def _pairs(value: Any, key: str) -> list[tuple[str, str]]:
    """Pairs out of a table: {text: value}."""
    if value is None:
        return []
    if not isinstance(value, dict) or not all(
        isinstance(item, str) for pair in value.items() for item in pair
    ):
        raise MappingProblem(
            _("`%(key)s` must be a table of texts. Put yes, no and numbers in quotes.") % {"key": key}
        )
    return list(value.items())


def _checked_pattern(pair: tuple[str, str], key: str) -> tuple[str, str]:
    try:
        re.compile(pair[0])
    except (re.error, RecursionError, OverflowError) as error:
        raise MappingProblem(_("A pattern of `%(key)s` is no regular expression.") % {"key": key}) from error
    return pair


def _check_choices(pick: Pick, allowed: Iterable[str], key: str) -> None:
    given = [value for _from, value in (*pick.words, *pick.patterns)] + ([pick.value] if pick.value else [])
    if not given:
        raise MappingProblem(
            _("`%(key)s` needs `words`, `patterns` or `value`: it has fixed answers.") % {"key": key}
        )
    for value in given:
        _one_of(value, allowed, key)


def _times(value: Any) -> dict[str, tuple[str, ...]]:
    if value is None or isinstance(value, str | list):
        columns = _texts(value, "times")
        return {"times": columns, "times_words": columns}
    value = _table(value, "times", ("from", "words"))
    columns = _texts(value.get("from"), "times.from")
    return {"times": columns, "times_words": _texts(value.get("words"), "times.words") or columns}


def _served(value: Any) -> ServedRule | None:
    if value is None:
        return None
    value = _table(value, "served", ("kind", "place", "miles"))
    kind = _one_of(_text(value, "kind"), Served.values, "served.kind")
    miles = value.get("miles", "")
    if miles != "" and (
        isinstance(miles, bool) or not isinstance(miles, int | float) or not 0 < miles <= 500
    ):
        raise MappingProblem(_("`served.miles` must be a number up to 500."))
    return ServedRule(kind, _text(value, "place", needed=kind != Served.COUNTRY), str(miles))


def _refusal(value: Any, place: int) -> Refusal:
    key = f"refuse.{place}"
    value = _table(value, key, ("column", "is", "matches", "because"))
    words = [re.escape(word.casefold()) for word in _texts(value.get("is"), f"{key}.is")]
    pattern = "|".join(words) or _text(value, "matches", needed=False)
    if not pattern:
        raise MappingProblem(_("`%(key)s` needs `is` or `matches`.") % {"key": key})
    _checked_pattern((pattern, ""), key)
    return Refusal(_text(value, "column"), pattern, _text(value, "because"))
