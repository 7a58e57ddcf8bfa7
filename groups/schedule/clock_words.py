"""Morning or afternoon: what a written time means.

The rule, for times that do not say:

- `09:00`, `13:30` and `16hrs` are the 24-hour clock; so is `10:00` beside one of those, or beside another
  such.
- A start takes its half from a written end, the nearest before it: "10-2pm" begins at 10am, "1-3pm" at 1pm.
- Otherwise a start of 9, 10 or 11 is morning, 12 is noon, 1 to 6 is afternoon. 7 and 8 are morning where the
  end is 1 to 6 ("8 to 4"); otherwise they are refused, because choirs begin at 7 too.
- An end is the first such time after the start, and does not pass midnight.

Refused, because forms are full of slips of this kind: 24-hour starts before 6 in the morning ("02:00 - 04:00"
is mostly an afternoon), "12am", and ends before the start, unless it is an evening that ends by 4 in the
morning.
"""

from dataclasses import dataclass
from datetime import time

from groups.schedule.refusals import NotUnderstoodError, Refusal

_HALF_DAY = 12 * 60
_NOON = 12 * 60
_MIDNIGHT = 24 * 60
_FIRST_MORNING_START = 6 * 60
_FIRST_EVENING_START = 17 * 60
_LAST_NIGHT_END = 4 * 60


@dataclass(frozen=True, slots=True)
class ClockWord:
    """A time as written. half: "am", "pm", "noon", "midnight", "24" (surely the 24-hour clock) or ""."""

    hour: int
    minute: int
    half: str
    text: str

    @property
    def fixed(self) -> int | None:
        """Minutes after midnight where the words leave no choice; midnight is 1440."""
        match self.half:
            case "24":
                return self.hour * 60 + self.minute
            case "noon":
                return _NOON
            case "midnight":
                return _MIDNIGHT
            case "am" | "pm":
                return self.hour % 12 * 60 + self.minute + (_HALF_DAY if self.half == "pm" else 0)
        return None

    @property
    def morning(self) -> int:
        return self.hour % 12 * 60 + self.minute

    @property
    def like_24(self) -> bool:
        """Written as a 24-hour clock writes it, like 10:30, though it need not be one."""
        return self.half == "24" or (not self.half and len(self.text.strip()) == len("10:30"))


def clock_word(hour: int, minute: int, half: str, text: str) -> ClockWord:
    """Checks that the time exists and settles what is surely the 24-hour clock. Raises NotUnderstoodError."""
    half = half.replace(".", "").replace("midday", "noon")
    if half in ("hrs", "") and (half == "hrs" or hour >= 13 or text.startswith("0")):
        half = "24"
    if half == "o'clock":
        half = ""
    on_the_hour_12 = half in ("noon", "midnight")
    wrong = (
        minute > 59
        or hour > 24
        or (hour == 24 and minute)
        or (half in ("am", "pm") and not 1 <= hour <= 12)
        or (on_the_hour_12 and (hour, minute) != (12, 0))
        or (not half and hour == 0)
    )
    if wrong:
        raise NotUnderstoodError(Refusal.NO_SUCH_TIME, text)
    if half == "am" and hour == 12:
        raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, text)
    return ClockWord(hour, minute, half, text)


def start_of(word: ClockWord) -> time:
    """The start where no end is written. Raises NotUnderstoodError."""
    return _as_time(_bare_start(word, None) if word.fixed is None else _checked_start(word))


def span_of(start: ClockWord, end: ClockWord) -> tuple[time, time]:
    """Start and end. Raises NotUnderstoodError where there is no sense in them, or more than one."""
    both = f"{start.text} – {end.text}"
    if start.like_24 and end.like_24:
        first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
        if first < _FIRST_MORNING_START:
            raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, both)
    elif start.fixed is not None:
        first = _checked_start(start)
        last = end.fixed if end.fixed is not None else _after(first, end, both)
    elif end.fixed is None:
        if end.like_24 and start.hour < 9:
            raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, both)
        first = _bare_start(start, end)
        last = _after(first, end, both)
    else:
        last = end.fixed
        first = _before(start, end, both)
    overnight = first >= _FIRST_EVENING_START and last <= _LAST_NIGHT_END
    if last <= first and not overnight:
        raise NotUnderstoodError(Refusal.ENDS_BEFORE_START, both)
    return _as_time(first), _as_time(last)


def _checked_start(word: ClockWord) -> int:
    minutes = word.fixed
    if minutes is None or (word.half == "24" and minutes < _FIRST_MORNING_START):
        raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, word.text)
    return minutes % _MIDNIGHT


def _bare_start(word: ClockWord, end: ClockWord | None) -> int:
    if word.hour in (7, 8) and (end is None or not 1 <= end.hour <= 6):
        raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, word.text)
    return word.morning if 7 <= word.hour <= 11 else word.morning + _HALF_DAY


def _after(first: int, end: ClockWord, both: str) -> int:
    last = end.morning
    while last <= first:
        last += _HALF_DAY
    if last >= _MIDNIGHT:
        raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, both)
    return last


def _before(start: ClockWord, end: ClockWord, both: str) -> int:
    last = end.fixed or 0
    if end.half == "24":
        first = start.hour * 60 + start.minute
    else:
        first = start.morning + _HALF_DAY
        if first >= last:
            first = start.morning
    if not _FIRST_MORNING_START <= first < last:
        raise NotUnderstoodError(Refusal.MORNING_OR_AFTERNOON, both)
    return first


def _as_time(minutes: int) -> time:
    return time(*divmod(minutes % _MIDNIGHT, 60))
