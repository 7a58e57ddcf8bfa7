"""How people write when they meet: the grammar that `spoken` and `opening_times` share.

It reads all of a text or refuses it. What has two sensible meanings is refused, because a wrong time sends
someone to a closed door.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import combinations, pairwise
from typing import Any

from groups.schedule.clock_words import span_of, start_of
from groups.schedule.refusals import NotUnderstoodError, Refusal
from groups.schedule.rules import LAST, Frequency, Rule
from groups.schedule.tokens import Kind, Token, tokens_of

_ARRANGED = re.compile(
    r"\W*(?:open\s+)?(?:(?:by|via|through)\s+)?(?:prior\s+)?(?:appointments?|arrangement)(?:\s+only)?\W*",
    re.IGNORECASE,
)
_SEPARATORS = (Kind.LIST, Kind.BREAK)
_CORES = (Kind.DAYS, Kind.DATE)

Times = list[tuple[time, time | None]]


@dataclass(slots=True)
class _Part:
    """A phrase: days, a date, times, one modifier or one separator."""

    kind: Kind
    text: str
    days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    times: Times = field(default_factory=list)
    value: Any = None


@dataclass(slots=True)
class _Clause:
    """Days or a date, and all that is said of them."""

    core: _Part
    before: list[_Part] = field(default_factory=list)
    after: list[_Part] = field(default_factory=list)

    def all(self, kind: Kind) -> list[_Part]:
        return [part for part in (*self.before, *self.after) if part.kind == kind]

    def one(self, kind: Kind) -> _Part | None:
        found = self.all(kind)
        if len(found) > 1:
            raise NotUnderstoodError(Refusal.UNCLEAR, found[1].text)
        return found[0] if found else None

    @property
    def text(self) -> str:
        return " ".join(part.text for part in (*self.before, self.core, *self.after))


def read(text: str, *, today: date) -> tuple[Rule, ...]:
    """The rules in a text, days with equal hours merged. `today` gives a date without a year its year.

    Raises NotUnderstoodError where one word is unknown, or the whole has no meaning or two.
    """
    if _ARRANGED.fullmatch(text):
        return (Rule(Frequency.ARRANGED),)
    tokens = tokens_of(text)
    unknown = [token.text for token in tokens if token.kind == Kind.UNKNOWN]
    if unknown:
        raise NotUnderstoodError(Refusal.UNKNOWN_WORDS, " ".join(unknown))
    parts = _Phrases(tokens).parts()
    if not parts:
        raise NotUnderstoodError(Refusal.EMPTY)
    clauses = _clauses(parts)
    _check_together(clauses)
    rules = [rule for clause in clauses if not clause.all(Kind.CLOSED) for rule in _rules(clause, today)]
    _check_clashes(clauses, rules)
    return _merged(rules)


class _Phrases:
    """A cursor over the tokens that gathers lists and ranges into parts."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def kind(self, ahead: int = 0) -> Kind | None:
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else None

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def parts(self) -> list[_Part]:
        found: list[_Part] = []
        while (kind := self.kind()) is not None:
            match kind:
                case Kind.DAYS:
                    found.append(self.days())
                case Kind.ORDINAL:
                    found.append(self.ordinals())
                case Kind.TIME | Kind.BETWEEN:
                    found.append(self.times())
                case Kind.FROM | Kind.UNTIL if self.kind(1) == Kind.DATE:
                    self.take()
                    found.append(_Part(kind, self.tokens[self.at].text, value=self.take().value))
                case Kind.FROM if self.kind(1) in (Kind.TIME, Kind.DAYS):
                    self.take()
                case Kind.RANGE if self.is_dash_before_times(found):
                    self.take()
                case Kind.RANGE | Kind.FROM | Kind.UNTIL:
                    raise NotUnderstoodError(Refusal.UNCLEAR, self.take().text)
                case _:
                    token = self.take()
                    found.append(_Part(kind, token.text, value=token.value))
        return found

    def is_dash_before_times(self, found: list[_Part]) -> bool:
        after_days = bool(found) and found[-1].kind in (Kind.DAYS, Kind.EACH_MONTH, Kind.DATE)
        return after_days and self.tokens[self.at].text != "to" and self.kind(1) == Kind.TIME

    def next_in_list(self, *kinds: Kind) -> int | None:
        """How many tokens to skip to the next item of this list, or None where the list ends."""
        ahead = 0
        while self.kind(ahead) == Kind.LIST:
            ahead += 1
        if ahead and Kind.DAYS in kinds and self.kind(ahead) == Kind.EVERY:
            ahead += 1
        return ahead if ahead and self.kind(ahead) in kinds else None

    def days(self) -> _Part:
        first = self.take()
        days, weeks = first.value
        texts = [first.text]
        one_day = len(days) == 1  # whether a range may begin here
        while True:
            if self.kind() == Kind.RANGE and self.kind(1) == Kind.DAYS:
                self.take()
                token = self.take()
                end, end_weeks = token.value
                if not one_day or len(end) > 1 or end_weeks or weeks:
                    raise NotUnderstoodError(Refusal.UNCLEAR, token.text)
                days += tuple((days[-1] + step) % 7 for step in range(1, (end[0] - days[-1]) % 7 + 1))
                one_day = False
                texts.append(f"to {token.text}")
            elif (skip := self.next_in_list(Kind.DAYS)) is not None:
                self.at += skip
                token = self.take()
                more, more_weeks = token.value
                if more_weeks or weeks:
                    raise NotUnderstoodError(Refusal.UNCLEAR, token.text)
                days += more
                one_day = len(more) == 1
                texts.append(token.text)
            else:
                return _Part(Kind.DAYS, " ".join(texts), days=tuple(dict.fromkeys(days)), weeks=weeks)

    def ordinals(self) -> _Part:
        found = [self.take()]
        while (skip := self.next_in_list(Kind.ORDINAL)) is not None:
            self.at += skip
            found.append(self.take())
        weeks = tuple(dict.fromkeys(token.value for token in found))
        return _Part(Kind.ORDINAL, " ".join(token.text for token in found), weeks=weeks)

    def times(self) -> _Part:
        start_at = self.at
        times: Times = [self.span()]
        while (skip := self.next_in_list(Kind.TIME)) is not None:
            self.at += skip
            times.append(self.span())
        text = " ".join(token.text for token in self.tokens[start_at : self.at])
        if len(times) > 1 and any(end is None for _, end in times):
            raise NotUnderstoodError(Refusal.UNCLEAR, text)
        return _Part(Kind.TIME, text, times=times)

    def span(self) -> tuple[time, time | None]:
        joins: tuple[Kind, ...] = (Kind.RANGE, Kind.UNTIL)
        if self.kind() == Kind.BETWEEN:
            joins = (Kind.LIST,)
            self.take()
            if self.kind() != Kind.TIME or self.kind(1) != Kind.LIST:
                raise NotUnderstoodError(Refusal.UNCLEAR, self.tokens[self.at - 1].text)
        start = self.take().value
        if self.kind() in joins and self.kind(1) == Kind.TIME:
            self.take()
            return span_of(start, self.take().value)
        return start_of(start), None


def _clauses(parts: list[_Part]) -> list[_Clause]:
    cores = [
        index for index, part in enumerate(parts) if part.kind in _CORES and not _is_dated_day(parts, index)
    ]
    if not cores:
        raise NotUnderstoodError(Refusal.NO_DAY)
    if len(cores) == 1:
        clause = _Clause(parts[cores[0]], parts[: cores[0]], parts[cores[0] + 1 :])
        clause.one(Kind.TIME)
        if closed := clause.one(Kind.CLOSED):
            raise NotUnderstoodError(Refusal.UNCLEAR, closed.text)
        return [clause]
    clauses = [_Clause(parts[cores[0]], parts[: cores[0]])]
    for here, there in zip(cores, [*cores[1:], len(parts)], strict=True):
        between = parts[here + 1 : there]
        if there == len(parts):
            clauses[-1].after = between
        else:
            split = _end_of_clause(between)
            clauses[-1].after = between[:split]
            clauses.append(_Clause(parts[there], between[split:]))
    return clauses


def _end_of_clause(between: list[_Part]) -> int:
    """Where, between two days, the next clause begins: after the last separator that follows the times."""
    said = next((i for i, part in enumerate(between) if part.kind in (Kind.TIME, Kind.CLOSED)), 0)
    return max(
        (i + 1 for i, part in enumerate(between) if part.kind in _SEPARATORS and i > said),
        default=len(between),
    )


def _is_dated_day(parts: list[_Part], index: int) -> bool:
    """The "Saturday" of "Saturday 5 December": it belongs to the date."""
    following = [part for part in parts[index + 1 : index + 3] if part.kind != Kind.LIST]
    return parts[index].kind == Kind.DAYS and bool(following) and following[0].kind == Kind.DATE


def _check_together(clauses: list[_Clause]) -> None:
    """Of several clauses each needs its own times, and no modifier may belong to two of them."""
    if len(clauses) == 1:
        return
    for clause in clauses:
        if any(
            part.kind in (Kind.TERM, Kind.WEEKS, Kind.FROM, Kind.UNTIL, Kind.DATE) for part in _parts(clause)
        ):
            raise NotUnderstoodError(Refusal.UNCLEAR, clause.text)
        modifiers_late = _after_times_and_separator(clause.after) or any(
            part.kind in (Kind.OTHER, Kind.ORDINAL) for part in clause.after
        )
        given = len(clause.all(Kind.TIME)) + len(clause.all(Kind.CLOSED))
        if modifiers_late or given != 1 or any(part.kind == Kind.TIME for part in clause.before):
            raise NotUnderstoodError(Refusal.UNCLEAR, clause.text)
    for clause, following in pairwise(clauses):
        parted = any(part.kind in _SEPARATORS for part in clause.after)
        broken = any(part.kind == Kind.BREAK for part in clause.after)
        closed_between = clause.after and clause.after[-1].kind == Kind.CLOSED
        if (closed_between and not parted) or (
            _is_special(clause) and not _is_marked(following) and not broken
        ):
            raise NotUnderstoodError(Refusal.UNCLEAR, f"{clause.text} {following.text}")


def _parts(clause: _Clause) -> list[_Part]:
    return [*clause.before, clause.core, *clause.after]


def _after_times_and_separator(parts: list[_Part]) -> bool:
    """Whether a word follows the times and a comma: it could as well belong to the next clause."""
    kinds = [part.kind for part in parts]
    if Kind.TIME not in kinds:
        return False
    tail = kinds[kinds.index(Kind.TIME) + 1 :]
    cut = next((index for index, kind in enumerate(tail) if kind in _SEPARATORS), len(tail))
    return any(kind not in _SEPARATORS for kind in tail[cut:])


def _is_special(clause: _Clause) -> bool:
    return bool(clause.core.weeks or clause.all(Kind.ORDINAL) or clause.all(Kind.OTHER))


def _is_marked(clause: _Clause) -> bool:
    return _is_special(clause) or bool(clause.all(Kind.EVERY))


def _rules(clause: _Clause, today: date) -> list[Rule]:
    base = _dated(clause, today) if clause.core.kind == Kind.DATE else _repeating(clause, today)
    base = replace(base, term_time_only=bool(clause.all(Kind.TERM)))
    times = clause.one(Kind.TIME)
    return [replace(base, start=start, end=end) for start, end in times.times] if times else [base]


def _dated(clause: _Clause, today: date) -> Rule:
    for part in (*clause.before, *clause.after):
        if part.kind not in (Kind.DAYS, Kind.TIME, *_SEPARATORS):
            raise NotUnderstoodError(Refusal.UNCLEAR, part.text)
    day = _date(clause.core, today)
    named = clause.one(Kind.DAYS)
    if named and named.days != (day.weekday(),):
        raise NotUnderstoodError(Refusal.OTHER_WEEKDAY, f"{named.text} {clause.core.text}")
    return Rule(Frequency.ONCE, first_date=day)


def _date(part: _Part, today: date) -> date:
    day, month, year = part.value
    try:
        found = date(year or today.year, month, day)
        return found.replace(year=today.year + 1) if year is None and found < today else found
    except ValueError:
        raise NotUnderstoodError(Refusal.NO_SUCH_DATE, part.text) from None


def _repeating(clause: _Clause, today: date) -> Rule:
    ordinals, intervals = clause.one(Kind.ORDINAL), [*clause.all(Kind.WEEKS), *clause.all(Kind.OTHER)]
    weeks = clause.core.weeks or (ordinals.weeks if ordinals else ())
    monthly = clause.all(Kind.EACH_MONTH)
    first, until = clause.one(Kind.FROM), clause.one(Kind.UNTIL)
    first_date = _date(first, today) if first else None
    until_date = _date(until, max(today, first_date or today)) if until else None
    if len(intervals) > 1 or (ordinals and clause.core.weeks):
        raise NotUnderstoodError(Refusal.UNCLEAR, clause.text)
    if not weeks:
        if monthly:
            raise NotUnderstoodError(Refusal.WHICH_WEEK, monthly[0].text)
        interval = intervals[0].value if intervals else 1
        days = tuple(sorted(clause.core.days))
        return Rule(Frequency.WEEKLY, days, interval, first_date=first_date, until=until_date)
    if intervals or (ordinals and ordinals in clause.after):
        raise NotUnderstoodError(Refusal.UNCLEAR, clause.text)
    if clause.all(Kind.EVERY) and not monthly and len(weeks) == 1 and weeks[0] not in (1, LAST):
        raise NotUnderstoodError(Refusal.EVERY_SECOND, clause.text)
    if len(clause.core.days) != 1:
        raise NotUnderstoodError(Refusal.ONE_DAY_A_MONTH, clause.core.text)
    weeks = tuple(sorted(weeks, key=lambda week: (week == LAST, week)))
    return Rule(
        Frequency.MONTHLY, clause.core.days, weeks_of_month=weeks, first_date=first_date, until=until_date
    )


def _check_clashes(clauses: list[_Clause], rules: list[Rule]) -> None:
    """One weekday in two clauses is read only where both name the same days: one may replace the other."""
    for one, other in combinations(clauses, 2):
        both = set(one.core.days) & set(other.core.days)
        alike = set(one.core.days) == set(other.core.days)
        told_apart = (one.all(Kind.ORDINAL) and other.all(Kind.ORDINAL)) or (
            one.core.weeks and other.core.weeks
        )
        one_closed = bool(one.all(Kind.CLOSED)) or bool(other.all(Kind.CLOSED))
        if both and (not alike or one_closed or (not told_apart and _is_special(one) != _is_special(other))):
            raise NotUnderstoodError(Refusal.CLASH, f"{one.text} {other.text}")
    for left, right in combinations(rules, 2):
        if (
            left.weekdays == right.weekdays
            and left.weeks_of_month == right.weeks_of_month
            and _overlap(left, right)
        ):
            raise NotUnderstoodError(Refusal.CLASH)


def _overlap(left: Rule, right: Rule) -> bool:
    if left.start is None or right.start is None or left.end is None or right.end is None:
        return True
    (start, end), (other_start, other_end) = _minutes(left.start, left.end), _minutes(right.start, right.end)
    return start < other_end and other_start < end


def _minutes(start: time, end: time) -> tuple[timedelta, timedelta]:
    first = timedelta(hours=start.hour, minutes=start.minute)
    last = timedelta(hours=end.hour, minutes=end.minute)
    return first, last if last > first else last + timedelta(days=1)


def _merged(rules: list[Rule]) -> tuple[Rule, ...]:
    """Weekly rules alike but for their days become one; in the order of their first day and start."""
    weekly: dict[Rule, set[int]] = {}
    for rule in rules:
        if rule.frequency == Frequency.WEEKLY:
            weekly.setdefault(replace(rule, weekdays=()), set()).update(rule.weekdays)
    merged = [replace(rule, weekdays=tuple(sorted(days))) for rule, days in weekly.items()]
    merged += [rule for rule in rules if rule.frequency != Frequency.WEEKLY]
    return tuple(
        sorted(merged, key=lambda rule: (rule.weekdays[:1], rule.weeks_of_month, rule.start or time()))
    )
